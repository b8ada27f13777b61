import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { loadConfig } from '../../../src/config.ts';
import { dbOf } from '../../../src/database/orm.ts';
import { viewerOf } from '../../../src/directory/viewer.ts';
import { contextOf } from '../../../src/graph/context.ts';
import { listItems } from '../../../src/item/item.list.ts';
import { openWorld } from '../../../src/world.ts';
import { idOf, PEOPLE, SIZES, type SizeName } from '../data/sizes.ts';
import { asClient, openDatabase } from '../database.ts';
import { type Cost, costOf, noteStatements, type Sent } from './explain.ts';
import { SHAPES, type Shape } from './shapes.ts';

const tell = (words: string) => process.stderr.write(`${words}\n`);
const { values } = parseArgs({
  options: { size: { type: 'string', default: 's' }, url: { type: 'string' }, only: { type: 'string' } },
});
const size = values.size as SizeName;
if (!SIZES[size]) throw new Error(`--size: ${size} is none of ${Object.keys(SIZES).join()}.`);

const database = values.url ? { url: values.url, close: async () => {} } : await openDatabase(size, tell);
try {
  const table = await measure(database.url);
  if (!values.only && !values.url) {
    const file = fileURLToPath(new URL(`../../results/growth-${size}.md`, import.meta.url));
    writeFileSync(file, `# Lists at ${SIZES[size].toLocaleString('en')} items\n\nSee ../growth.md.\n\n${table}`);
  }
  process.stdout.write(table);
} finally {
  await database.close();
}

/** Asks for each list and has PostgreSQL explain the last statement that the gateway sent for it. */
async function measure(url: string): Promise<string> {
  const sent: Sent[] = [];
  const config = loadConfig({ DATABASE_URL: url, JWT_SECRET: 'x'.repeat(32), LOG_LEVEL: 'silent' });
  const world = await openWorld(config, pino({ level: 'silent' }), { onPool: (pool) => noteStatements(pool, sent) });
  const lines = ['| list | budget | ms | planning ms | buffers | of ids |', '|---|---:|---:|---:|---:|---:|'];
  try {
    await asClient(url, async (client) => {
      // as the gateway's own connections
      await client.query(`set datestyle = ISO; set timezone = 'UTC'`);
      for (const shape of SHAPES.filter(({ name }) => name.includes(values.only ?? ''))) {
        const n = typeof shape.person === 'number' ? shape.person : PEOPLE[shape.person];
        const viewer = await viewerOf(dbOf(world.orm.em.fork()), idOf('user', n), 'id', null);
        await ask(shape, contextOf(world, viewer));
        lines.push(line(shape, await costOf(client, sent.at(-1)!)));
        tell(lines.at(-1)!);
      }
    });
  } finally {
    await world.close();
  }
  return `${lines.join('\n')}\n`;
}

async function ask({ project, args, count }: Shape, context: ReturnType<typeof contextOf>): Promise<void> {
  const list = await listItems(context, project === null ? null : idOf('project', project), args, new Set());
  if (count) await list.totalCount();
}

function line({ name, budget, count }: Shape, { planning, execution, buffers, idBuffers }: Cost): string {
  const inBuffers = budget === 60;
  const missed = inBuffers ? (idBuffers ?? 0) > budget : execution > budget;
  const allowed = count ? '' : inBuffers ? '60 buffers' : `${budget} ms`;
  return `| ${name} | ${allowed}${missed && !count ? ' **missed**' : ''} | ${execution.toFixed(1)} | ${planning.toFixed(1)} | ${buffers} | ${idBuffers ?? ''} |`;
}
