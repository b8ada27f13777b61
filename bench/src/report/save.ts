import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIZES } from '../data/sizes.ts';
import { asClient } from '../database.ts';
import type { Options } from '../options.ts';
import { WORKLOADS } from '../workloads/list.ts';

const RESULTS = fileURLToPath(new URL('../../results/', import.meta.url));

/** Writes results/<date>-<size>.md with what they were measured on, and gives its name; an earlier one of the day is kept. */
export async function saveResults(options: Options, table: string, databaseUrl: string): Promise<string> {
  const version = await asClient(databaseUrl, async (client) => {
    const { rows } = await client.query('show server_version');
    return rows[0].server_version;
  });
  const [cpu] = cpus();
  const date = new Date().toISOString();
  const text = `# ${SIZES[options.size].toLocaleString('en')} items, ${date.slice(0, 16).replace('T', ' ')} UTC

- ${cpus().length} cores (${cpu?.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, load ${loadavg()[0]!.toFixed(1)} at the end; servers, database and load all on it
- Node ${process.versions.node}, PostgreSQL ${version}
- ${options.rounds} rounds of about ${options.seconds} s in turns${options.quick ? ' (--quick: rough)' : ''}
- CPU in ms per request; ratio: CPU of limit, server and database, by that of the server: above 1 is better than the limit
${options.workloads.map((name) => `- ${name}: ${WORKLOADS[name].what}`).join('\n')}

${table}
`;
  mkdirSync(RESULTS, { recursive: true });
  const name = `${date.slice(0, 10)}-${options.size}`;
  let file = join(RESULTS, `${name}.md`);
  for (let n = 2; existsSync(file); n++) file = join(RESULTS, `${name}-${n}.md`);
  writeFileSync(file, text);
  return file;
}
