import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { transaction } from '../database/transaction.ts';
import { lockCompany } from '../directory/admin.commands.ts';
import { Faults } from '../kernel/input.ts';
import type { UserInput } from '../sync/sync.input.ts';
import { pages, type Source } from './folder.ts';
import type { Importing } from './importing.ts';
import { projectOf, type SourceVendor, userOf, vendorOf } from './people.policy.ts';
import { count, type Kind, type Place, remark, skip } from './report.ts';
import { outcomeOf, syncRows } from './sync.ts';

/** The words of faults, as a reason. */
export const reasonOf = ({ errors }: Faults): string => errors.map(({ message }) => message).join(' ');

/** Reads records, and leaves out those that are wrong and those whose id was there before. */
export function readAll<Read extends { externalId: string }>(
  { report }: Importing,
  kind: Kind,
  sources: readonly Source[],
  read: (faults: Faults, raw: Source['raw']) => Read,
  known = new Set<string>(),
): { read: Read; place: Place }[] {
  return sources.flatMap(({ file, raw }) => {
    const faults = new Faults();
    const one = read(faults, raw);
    const place = { file, id: one.externalId || null };
    if (faults.errors.length > 0) skip(report, kind, place, reasonOf(faults));
    else if (known.has(one.externalId)) skip(report, kind, place, 'its id stands there twice: the first one is taken.');
    else {
      known.add(one.externalId);
      return [{ read: one, place }];
    }
    return [];
  });
}

/** Rows of the directory that have no id of the other system, and the name of one that comes: they are the same. */
async function adopt(
  { world, viewer }: Importing,
  table: 'vendors' | 'projects',
  rows: readonly { externalId: string; name: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction(world, async (act) => {
    await lockCompany(act, viewer.companyId);
    await sql`
      update ${sql.table(table)} set external_id = given.external_id, updated_at = ${act.now}
      from (
        select distinct on (here.id) here.id, given.external_id
        from unnest(${rows.map(({ externalId }) => externalId)}::text[], ${rows.map(({ name }) => name)}::text[]) as given(external_id, name)
        cross join lateral (
          select id from ${sql.table(table)} here
          where here.company_id = ${viewer.companyId} and (here.external_id is null or here.external_id = here.name)
            and lower(here.name collate "pg_c_utf8") = lower(given.name collate "pg_c_utf8")
          order by here.created_at, here.id limit 1
        ) here
        where not exists (
          select from ${sql.table(table)} known where known.company_id = ${viewer.companyId} and known.external_id = given.external_id and known.id <> here.id
        )
        order by here.id, given.external_id
      ) given
      where ${sql.table(table)}.id = given.id`.execute(act.db);
  });
}

export const nameKey = (name: string): string => `name ${name.toLowerCase()}`;

/** Makes firms known that records name. One without an id is the one of that name, or a new one whose id is its name. */
export async function ensureVendors(importing: Importing, firms: readonly (SourceVendor | null)[]): Promise<void> {
  const { vendors, report } = importing;
  const fresh = new Map<string, { externalId: string; name: string }>();
  for (const firm of firms) {
    const key = firm && (firm.externalId ?? nameKey(firm.name));
    if (firm && key && !vendors.has(key)) fresh.set(key, { externalId: firm.externalId ?? firm.name, name: firm.name });
  }
  const rows = [...fresh.values()];
  await adopt(importing, 'vendors', rows);
  const answers = await syncRows(importing, 'vendors', rows);
  rows.forEach(({ externalId, name }, n) => {
    const answer = answers[n]!;
    const place = { file: 'vendors', id: externalId };
    if ('refused' in answer) skip(report, 'vendors', place, answer.refused);
    else {
      count(report, 'vendors', outcomeOf(answer));
      importing.vendorIds.set(externalId, answer.id);
      vendors.set(externalId, externalId);
      vendors.set(nameKey(name), externalId);
    }
  });
}

/** The external id here of a firm that a record names; undefined leaves a user's firm as it is. */
export const firmOf = ({ vendors }: Importing, firm: SourceVendor | null): string | undefined =>
  firm ? (vendors.get(firm.externalId ?? nameKey(firm.name)) ?? vendors.get(nameKey(firm.name))) : undefined;

/** Everything of the directory that the folder lists: firms, users, projects. */
export async function importDirectory(importing: Importing): Promise<void> {
  const { folder, report } = importing;
  const ids = { vendors: new Set<string>(), users: new Set<string>(), projects: new Set<string>() };
  for await (const page of pages(folder, '.', 'vendors', report)) {
    const rows = readAll(importing, 'vendors', page, vendorOf, ids.vendors);
    await ensureVendors(
      importing,
      rows.map(({ read }) => read),
    );
  }
  for await (const page of pages(folder, '.', 'users', report)) await importUsers(importing, page, ids.users);
  for await (const page of pages(folder, '.', 'projects', report)) await importProjects(importing, page, ids.projects);
}

async function importUsers(importing: Importing, page: readonly Source[], known: Set<string>): Promise<void> {
  const rows = readAll(importing, 'users', page, userOf, known);
  await ensureVendors(
    importing,
    rows.map(({ read }) => read.vendor),
  );
  const addressed = rows.filter(({ read, place }) => {
    if (!read.email) skip(importing.report, 'users', place, 'email_address is missing: nobody could sign in by it.');
    return read.email;
  });
  await sendUsers(
    importing,
    addressed.map(({ read: { vendor, email, ...user }, place }) => ({
      user: { ...user, email: email!, vendorExternalId: firmOf(importing, vendor) },
      place,
    })),
  );
}

/** Sends users to the directory; whoever cannot be made is remembered, for those who name them. */
export async function sendUsers(
  importing: Importing,
  rows: readonly { user: UserInput; place: Place }[],
): Promise<void> {
  const answers = await syncRows(
    importing,
    'users',
    rows.map(({ user }) => user),
  );
  rows.forEach(({ user, place }, n) => {
    const answer = answers[n]!;
    if ('refused' in answer) {
      skip(importing.report, 'users', place, answer.refused);
      importing.unmade.set(user.externalId, answer.refused);
    } else {
      count(importing.report, 'users', outcomeOf(answer));
      importing.users.set(user.externalId, answer.id);
      importing.unmade.delete(user.externalId);
    }
  });
}

async function importProjects(importing: Importing, page: readonly Source[], known: Set<string>): Promise<void> {
  const { report, world, viewer, projects, timeZone } = importing;
  const rows = readAll(importing, 'projects', page, projectOf, known);
  await adopt(
    importing,
    'projects',
    rows.map(({ read }) => read),
  );
  // one that says no time zone keeps the one that it has here
  const zones = await sql<{ externalId: string; timeZone: string }>`
    select external_id as "externalId", time_zone as "timeZone" from projects
    where company_id = ${viewer.companyId} and external_id = any(${rows.map(({ read }) => read.externalId)}::text[])`.execute(
    readingOf(world.orm),
  );
  const here = new Map(zones.rows.map((row) => [row.externalId, row.timeZone]));
  const answers = await syncRows(
    importing,
    'projects',
    rows.map(({ read, place }) => {
      if (!read.timeZone && !here.has(read.externalId))
        remark(report, 'projects', place, `it says no time zone: ${timeZone} is taken.`);
      return { ...read, timeZone: read.timeZone ?? here.get(read.externalId) ?? timeZone };
    }),
  );
  rows.forEach(({ read, place }, n) => {
    const answer = answers[n]!;
    if ('refused' in answer) skip(report, 'projects', place, answer.refused);
    else {
      count(report, 'projects', outcomeOf(answer));
      projects.set(read.externalId, { id: answer.id, externalId: read.externalId, name: read.name });
    }
  });
}
