import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type NewEvent, recordEvents } from '../event/event.ts';
import { newId } from '../kernel/ids.ts';
import { sortKey } from '../kernel/text.ts';
import { numberKeyOf } from '../tool/tool.policy.ts';
import { writeAudiences } from './item.audiences.ts';
import type { Change } from './item.history.ts';
import type { ItemContent } from './item.patch.ts';

/** An item to be stored, what of it changed, and what happened to it. */
export interface ItemWrite {
  item: ItemContent;
  /** the prefix of its number */
  abbreviation: string | null;
  changes: Change[];
  events: NewEvent[];
  /** whether people or anything else has changed that says who sees it */
  audienceChanged: boolean;
  peopleChanged: boolean;
}

/** Whoever acts. */
export type Actor = Pick<Viewer, 'id' | 'companyId'>;

/** The columns that a person can change; those kept by the database are not among them. */
const CHANGING = [
  'updated_at',
  'external_id',
  'status_id',
  'position',
  'number',
  'number_key',
  'title',
  'title_key',
  'description',
  'private',
  'due_date',
  'schedule_impact_status',
  'schedule_impact_days',
  'cost_impact_status',
  'cost_impact_amount',
  'received_from_id',
  'quantity',
  'unit',
  'issued_at',
  'closed_at',
  'archived_at',
  'version',
] as const;
const FIXED = ['id', 'company_id', 'created_at', 'project_id', 'generic_tool_id', 'created_by_id'] as const;

type Columns = Record<(typeof CHANGING)[number] | (typeof FIXED)[number], unknown>;

const columnsOf = ({ item, abbreviation }: ItemWrite): Columns => ({
  id: item.id,
  company_id: item.companyId,
  created_at: item.createdAt,
  updated_at: item.updatedAt,
  external_id: item.externalId,
  project_id: item.projectId,
  generic_tool_id: item.genericToolId,
  status_id: item.statusId,
  position: item.position,
  number: item.number,
  number_key: numberKeyOf(abbreviation, item.position),
  title: item.title,
  title_key: sortKey(item.title),
  description: item.description,
  private: item.private,
  due_date: item.dueDate,
  schedule_impact_status: item.scheduleImpactStatus,
  schedule_impact_days: item.scheduleImpactDays,
  cost_impact_status: item.costImpactStatus,
  cost_impact_amount: item.costImpactAmount,
  created_by_id: item.createdById,
  received_from_id: item.receivedFromId,
  quantity: item.quantity,
  unit: item.unit,
  issued_at: item.issuedAt,
  closed_at: item.closedAt,
  archived_at: item.archivedAt,
  version: item.version,
});

const records = (writes: readonly ItemWrite[]) =>
  sql`jsonb_populate_recordset(null::items, ${JSON.stringify(writes.map(columnsOf))}::jsonb)`;
const names = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)));

/** Stores new items with their people, audiences, history and events: a constant number of statements. */
export async function insertItems(act: Act, actor: Actor, writes: readonly ItemWrite[]): Promise<void> {
  const columns = names([...FIXED, ...CHANGING]);
  await sql`insert into items (${columns}) select ${columns} from ${records(writes)}`.execute(act.db);
  await writeAround(act, actor, writes, []);
}

/**
 * Stores changed items, in the same way. One statement changes all rows, so that positions can be swapped.
 * `more` are events of the same act beside those of the items.
 */
export async function updateItems(
  act: Act,
  actor: Actor,
  writes: readonly ItemWrite[],
  more: readonly NewEvent[] = [],
): Promise<void> {
  if (writes.length === 0) return recordEvents(act, actor.companyId, actor.id, more);
  const columns = names(CHANGING);
  const given = sql.join(CHANGING.map((column) => sql.ref(`given.${column}`)));
  await sql`update items set (${columns}) = row(${given}) from ${records(writes)} given where items.id = given.id`.execute(
    act.db,
  );
  await writeAround(act, actor, writes, more);
}

async function writeAround(
  act: Act,
  actor: Actor,
  writes: readonly ItemWrite[],
  more: readonly NewEvent[],
): Promise<void> {
  await writePeople(
    act,
    writes.filter(({ peopleChanged }) => peopleChanged).map(({ item }) => item),
  );
  await writeAudiences(
    act,
    writes.filter(({ audienceChanged }) => audienceChanged).map(({ item }) => item),
  );
  await writeChanges(act, actor.id, writes);
  await recordEvents(act, actor.companyId, actor.id, [...writes.flatMap(({ events }) => events), ...more]);
}

async function writePeople({ db }: Act, items: readonly ItemContent[]): Promise<void> {
  if (items.length === 0) return;
  const rows = items.flatMap((item) => [
    ...item.assigneeIds.map((user_id, position) => ({
      item_id: item.id,
      company_id: item.companyId,
      role: 'ASSIGNEE',
      user_id,
      position,
    })),
    ...item.distributionMemberIds.map((user_id, position) => ({
      item_id: item.id,
      company_id: item.companyId,
      role: 'DISTRIBUTION',
      user_id,
      position,
    })),
  ]);
  await sql`delete from item_people where item_id = any(${items.map(({ id }) => id)}::uuid[])`.execute(db);
  await sql`insert into item_people (item_id, company_id, role, user_id, position)
    select item_id, company_id, role, user_id, position
    from jsonb_populate_recordset(null::item_people, ${JSON.stringify(rows)}::jsonb)`.execute(db);
}

async function writeChanges({ db, now }: Act, actorId: string, writes: readonly ItemWrite[]): Promise<void> {
  const rows = writes.flatMap(({ item, changes }) =>
    changes.map(({ field, oldValue, newValue, inDraft }, i) => ({
      id: newId(now, i),
      company_id: item.companyId,
      created_at: now,
      updated_at: now,
      project_id: item.projectId,
      item_id: item.id,
      field,
      old_value: oldValue,
      new_value: newValue,
      in_draft: inDraft,
      created_by_id: actorId,
    })),
  );
  if (rows.length === 0) return;
  await sql`insert into item_changes select * from jsonb_populate_recordset(null::item_changes, ${JSON.stringify(rows)}::jsonb)`.execute(
    db,
  );
}
