import { randomBytes } from 'node:crypto';
import { openDatabase } from './database.ts';
import { measure } from './measure/measure.ts';
import { readOptions } from './options.ts';
import { PROFILES, topCosts } from './report/profile.ts';
import { saveResults } from './report/save.ts';
import { tableOf } from './report/table.ts';
import { SERVERS } from './servers/list.ts';
import { type RunningServer, startServer } from './servers/start.ts';
import { prepareAll } from './workloads/prepareAll.ts';

/* npm run bench: data, servers, check that they agree, measure in turns, table. */
const options = readOptions(process.argv.slice(2));
const began = Date.now();
const tell = (words: string) =>
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${words}\n`);

const PROFILED = ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`];
const database = await openDatabase(options.size, tell);
const servers: RunningServer[] = [];
// what was started ends with us, also when we are interrupted
const stopAll = async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await database.close();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stopAll().finally(() => process.exit(1)));
try {
  const secret = randomBytes(32).toString('base64url');
  for (const name of options.servers) {
    const flags = options.profile && name === 'gateway' ? PROFILED : [];
    const url = SERVERS[name].isPeer ? database.peersUrl : database.url;
    servers.push(await startServer(name, url, secret, flags));
  }
  tell(`${options.servers.join(', ')} run`);
  const cases = await prepareAll(options, servers, database, secret, tell);
  const results = await measure(options, cases, servers, database, tell);
  const table = tableOf(results);
  process.stdout.write(`\n${table}\n`);
  if (options.save) tell(`written to ${await saveResults(options, table, database.url)}`);
} finally {
  await stopAll();
}
if (options.profile) process.stdout.write(`\n${topCosts()}\n`);
