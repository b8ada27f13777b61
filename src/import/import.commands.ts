import { sql } from 'kysely';
import { dbOf, readingOf } from '../database/orm.ts';
import { transaction } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { recordEvents } from '../event/event.ts';
import type { World } from '../world.ts';
import { importCustomFields } from './customField.commands.ts';
import { importDirectory, nameKey } from './directory.commands.ts';
import type { Importing } from './importing.ts';
import { writeOrigins } from './origin.commands.ts';
import type { Progress } from './progress.ts';
import { bytesOf, findProjects, importProjectFolder } from './project.commands.ts';
import { KINDS, newReport, type Report } from './report.ts';
import { importTools } from './tool.commands.ts';

export interface ImportOptions {
  folder: string;
  /** of projects that say none */
  timeZone: string;
  progress: Progress;
}

/**
 * Brings a folder of another system's lists into the viewer's company; src/import/README.md says what it has to look like. Told to
 * nobody, but for one event at the end. What was brought stays if it is interrupted, and the next time goes on from there.
 */
export async function importFolder(world: World, viewer: Viewer, options: ImportOptions): Promise<Report> {
  const { folder, timeZone, progress } = options;
  return alone(world, viewer, async () => {
    const importing: Importing = {
      ...{ world: { ...world, silent: true }, viewer, folder, timeZone, report: newReport() },
      ...{ vendors: new Map(), users: new Map(), unmade: new Map(), projects: new Map(), tools: new Map() },
      ...{ references: new Map(), origins: new Map(), vendorIds: new Map() },
      ...{ definitions: new Map(), customFields: new Map(), placed: new Set() },
    };
    await recall(importing);
    const projects = await findProjects(folder);
    progress.start(bytesOf(projects));
    await importDirectory(importing);
    await importTools(importing);
    await importCustomFields(importing);
    for (const project of projects) await importProjectFolder(importing, project, progress);
    await writeOrigins(importing);
    await tellFinished(world, viewer, importing.report);
    progress.finish();
    return importing.report;
  });
}

// any number that nothing else locks; the digits of "import" on a telephone
const IMPORT_LOCK = 467_678;

/** Runs an import while no other one runs in the company. */
const alone = <Result>({ orm }: World, { companyId }: Viewer, work: () => Promise<Result>): Promise<Result> =>
  orm.em.fork().transactional(async (em) => {
    const db = dbOf(em);
    // it waits here for as long as the import takes, and holds nothing but the lock
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(db);
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(${IMPORT_LOCK}::integer, hashtext(${companyId})) as free`.execute(db);
    if (!rows[0]!.free) throw new Error('Another import into this company is running.');
    return work();
  });

/** What is here of the other system already. */
async function recall({ world, viewer, users, vendors, vendorIds, projects }: Importing): Promise<void> {
  const here = async (table: string) => {
    const { rows } = await sql<{ id: string; externalId: string; name: string }>`
      select id, external_id as "externalId", name from ${sql.table(table)}
      where company_id = ${viewer.companyId} and external_id is not null`.execute(readingOf(world.orm));
    return rows;
  };
  for (const { id, externalId } of await here('users')) users.set(externalId, id);
  for (const { id, name, externalId } of await here('vendors')) {
    vendors.set(nameKey(name), externalId);
    vendorIds.set(externalId, id);
  }
  for (const project of await here('projects')) projects.set(project.externalId, project);
}

/** Tells those who listen that an import is over, and what it came to: the one thing that an import tells. */
const tellFinished = (world: World, { id, companyId }: Viewer, { counts }: Report): Promise<void> =>
  transaction(world, (act) => {
    const told = KINDS.filter((kind) => Object.values(counts[kind]).some(Boolean)).map((kind) => [kind, counts[kind]]);
    const payload = { counts: Object.fromEntries(told) };
    return recordEvents({ ...act, silent: false }, companyId, id, [{ type: 'import.finished', payload }]);
  });
