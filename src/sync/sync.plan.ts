import { type RawBuilder, sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { Faults } from '../kernel/input.ts';
import { textFault } from '../kernel/text.ts';
import type { ReferenceKind } from '../reference/reference.policy.ts';

export type SyncOutcome = 'CREATED' | 'UPDATED' | 'UNCHANGED';
export type SyncedKind = 'VENDOR' | 'USER' | 'PROJECT' | 'TEAM' | 'ACCOUNT' | 'CONTACT' | 'CASE' | ReferenceKind;

/** What has become of one row of the input. */
export interface SyncedRow {
  kind: SyncedKind;
  externalId: string;
  id: string;
  outcome: SyncOutcome;
}

/** What a kind's rows come to, before anything is written. */
export interface Plan<Row extends { id: string }> {
  created: Row[];
  updated: Row[];
  synced: SyncedRow[];
}

export const emptyPlan = <Row extends { id: string }>(): Plan<Row> => ({ created: [], updated: [], synced: [] });

/**
 * Adds a row to a plan: as it was (null when it is new) and as the input wants it. `more` is whether something of it has changed that
 * is kept beside the row.
 */
export function planRow<Row extends { id: string; externalId: string | null }>(
  plan: Plan<Row>,
  kind: SyncedKind,
  before: Row | null,
  after: Row,
  more = false,
): void {
  const changed = more || (Object.keys(after) as (keyof Row)[]).some((key) => before?.[key] !== after[key]);
  const outcome = before === null ? 'CREATED' : changed ? 'UPDATED' : 'UNCHANGED';
  if (outcome === 'CREATED') plan.created.push(after);
  if (outcome === 'UPDATED') plan.updated.push(after);
  plan.synced.push({ kind, externalId: after.externalId!, id: after.id, outcome });
}

/** A text as it may go to the database: one that holds what no text may hold is a fault already, and matches nothing. */
export const searchable = (text: string): string => (textFault(text) ? '' : text);

/** The external ids of a list, trimmed; one that is missing, too long or there twice is a fault. */
export function externalIds(faults: Faults, list: string, rows: readonly { externalId: string }[]): string[] {
  const first = new Map<string, number>();
  return rows.map((row, i) => {
    const path = [list, i, 'externalId'];
    const id = faults.requiredText(row.externalId, path, 'the external id');
    const twin = first.get(id);
    if (id && twin !== undefined)
      faults.add('INVALID', `"${id.slice(0, 100)}" is the external id of ${list} ${twin} already.`, path);
    else first.set(id, i);
    return searchable(id);
  });
}

/** External ids that rows of the input name others by, each once. */
export const wanted = (externalIds: readonly (string | null | undefined)[]): string[] => [
  ...new Set(externalIds.flatMap((id) => searchable(id?.trim() ?? '') || [])),
];

/** The ids of rows by external id: those that were found, and those that are about to be made. */
export const idsOf = (
  rows: readonly { id: string; externalId: string | null }[],
  { created }: Plan<{ id: string; externalId: string | null }>,
): Map<string, string> => new Map([...rows, ...created].map((row) => [row.externalId!, row.id]));

/** What a row of the input names by external id: undefined leaves, null clears; NOT_FOUND when there is none. `what`: "vendor". */
export function referred(
  faults: Faults,
  value: string | null | undefined,
  path: (string | number)[],
  what: string,
  ids: ReadonlyMap<string, string>,
): string | null | undefined {
  const externalId = faults.text(value, path, `the external id of the ${what}`);
  if (!externalId) return externalId;
  const id = ids.get(externalId);
  if (!id) faults.add('NOT_FOUND', `There is no ${what} with the external id "${externalId.slice(0, 100)}".`, path);
  return id ?? null;
}

const column = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Rows as the table's own type, in one parameter: 5,000 users of 14 columns would be more parameters than a statement may have. */
function recordset(table: string, rows: readonly object[]): RawBuilder<unknown> {
  const records = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([property, value]) => [column(property), value])),
  );
  return sql`jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(records)}::jsonb)`;
}

/** Inserts rows of a company, and writes others anew: a statement each, however many there are; none for none. */
export async function writePlan<Row extends { id: string }>(
  { db, now }: Act,
  companyId: string,
  table: 'vendors' | 'users' | 'projects' | 'reference_data' | 'teams' | 'accounts' | 'contacts' | 'cases',
  { created, updated }: Plan<Row>,
): Promise<void> {
  // first, so that a new row can have the address that a changed one gives up
  if (updated.length > 0) {
    const columns = Object.keys(updated[0]!)
      .filter((property) => property !== 'id')
      .map(column);
    const set = columns.map((name) => sql`${sql.ref(name)} = source.${sql.ref(name)}`);
    await sql`
      update ${sql.table(table)} target set ${sql.join(set)}, updated_at = ${now}
      from ${recordset(table, updated)} source where target.id = source.id`.execute(db);
  }
  if (created.length > 0) {
    const columns = sql.join(Object.keys(created[0]!).map((property) => sql.ref(column(property))));
    await sql`
      insert into ${sql.table(table)} (company_id, created_at, updated_at, ${columns})
      select ${companyId}, ${now}, ${now}, ${columns} from ${recordset(table, created)}`.execute(db);
  }
}
