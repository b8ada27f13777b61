import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { loadConfig } from '../config.ts';
import { readingOf } from '../database/orm.ts';
import { isTimeZone } from '../directory/directory.policy.ts';
import { importerOf } from '../import/company.queries.ts';
import { importFolder } from '../import/import.commands.ts';
import { progressOn } from '../import/progress.ts';
import { isClean, reportText } from '../import/report.ts';
import { openWorld } from '../world.ts';

const USAGE = `Usage: npm run import -- FOLDER [--company NAME_OR_ID] [--time-zone ZONE] [--report FILE]

Brings what Procore's list endpoints answer, as JSON files in FOLDER, into a company that is there
already. A second run changes nothing but what has changed there. src/import/README.md says which
files are read, and what becomes of them.

  --company    the company, by name or id; needed where there are several
  --time-zone  of projects that say none: UTC unless told, such as America/Los_Angeles
  --report     where the report is written, as JSON: FOLDER/import-report.json unless told

Exit code: 0 when all was brought, 2 when something was left out (the report says what and why),
1 when the import could not go on.`;

/* npm run import -- FOLDER: see USAGE. */
try {
  const { values, positionals } = parseArgs({
    options: {
      company: { type: 'string' },
      'time-zone': { type: 'string', default: 'UTC' },
      report: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const [folder, ...more] = positionals;
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else if (!folder || more.length > 0) throw new Error(USAGE);
  else process.exitCode = await run(folder, values.company ?? null, values['time-zone'], values.report);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function run(
  folder: string,
  company: string | null,
  timeZone: string,
  file = join(folder, 'import-report.json'),
) {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new Error(`${folder} is no folder.`);
  if (!isTimeZone(timeZone)) throw new Error(`"${timeZone}" is no time zone such as America/Los_Angeles.`);
  const config = loadConfig(process.env);
  // one connection holds the lock of the import
  const poolSize = Math.max(2, config.databasePoolSize);
  const world = await openWorld({ ...config, databasePoolSize: poolSize }, pino({ level: 'silent' }));
  try {
    const viewer = await importerOf(readingOf(world.orm), company);
    const startedAt = new Date();
    const report = await importFolder(world, viewer, { folder, timeZone, progress: progressOn(process.stderr) });
    const { name, id } = { ...viewer.companies[0]!, id: viewer.companyId };
    const about = { folder, company: { id, name }, startedAt, finishedAt: new Date(), complete: isClean(report) };
    await writeFile(file, `${JSON.stringify({ ...about, ...report }, null, 2)}\n`);
    process.stdout.write(`${reportText(report)}\nThe report is in ${file}.\n`);
    return isClean(report) ? 0 : 2;
  } finally {
    await world.close();
  }
}
