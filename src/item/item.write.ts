import { type RawBuilder, sql } from 'kysely';
import { prepared, unseen } from '../database/prepared.ts';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { insertEvents, type NewEvent, recordEvents } from '../event/event.ts';
import { type Attaching, attachmentSteps } from '../file/attach.write.ts';
import { newId } from '../kernel/ids.ts';
import { sortKey } from '../kernel/text.ts';
import { numberKeyOf } from '../tool/tool.policy.ts';
import { audienceRows, insertAudiences } from './item.audiences.ts';
import type { Change } from './item.history.ts';
import type { ItemContent } from './item.patch.ts';

/** An item to be stored, and what happened to it. */
export interface ItemWrite {
  item: ItemContent;
  /** the prefix of its number */
  abbreviation: string | null;
  events: NewEvent[];
}

/** An item that is there, and what of it has changed. */
export interface ItemChange extends ItemWrite {
  differences: ReadonlySet<keyof ItemContent>;
  changes: Change[];
}

/** Whoever acts. */
export type Actor = Pick<Viewer, 'id' | 'companyId'>;

/** The columns that a person can change, by the parts of an item that they keep. */
const CHANGING = {
  updatedAt: 'updated_at',
  externalId: 'external_id',
  statusId: 'status_id',
  position: 'position',
  number: 'number',
  title: 'title',
  description: 'description',
  private: 'private',
  dueDate: 'due_date',
  scheduleImpactStatus: 'schedule_impact_status',
  scheduleImpactDays: 'schedule_impact_days',
  costImpactStatus: 'cost_impact_status',
  costImpactAmount: 'cost_impact_amount',
  receivedFromId: 'received_from_id',
  quantity: 'quantity',
  unit: 'unit',
  issuedAt: 'issued_at',
  closedAt: 'closed_at',
  archivedAt: 'archived_at',
  version: 'version',
  locationId: 'location_id',
  costCodeId: 'cost_code_id',
  specificationSectionId: 'specification_section_id',
  subJobId: 'sub_job_id',
  tradeIds: 'trade_ids',
  taskIds: 'task_ids',
  customValues: 'custom_values',
  originItemId: 'origin_item_id',
  originTopicId: 'origin_topic_id',
  attachmentIds: 'attachment_ids',
} as const satisfies Partial<Record<keyof ItemContent, string>>;
const FIXED = {
  id: 'id',
  companyId: 'company_id',
  createdAt: 'created_at',
  projectId: 'project_id',
  genericToolId: 'generic_tool_id',
  createdById: 'created_by_id',
} as const satisfies Partial<Record<keyof ItemContent, string>>;
const ALL = { ...FIXED, ...CHANGING };
/** Follow from title, from position and prefix, and from the people. */
const KEYS = ['title_key', 'number_key', 'first_assignee_id', 'assignees', 'distribution_members'];

/** A list that is empty is none. */
const stored = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? null : value);

/** Some parts of an item as columns. */
function columnsOf(
  { item, abbreviation }: ItemWrite,
  parts: readonly (keyof ItemContent)[],
): Partial<Record<string, unknown>> {
  const columns: Record<string, unknown> = {};
  for (const part of parts) if (part in ALL) columns[ALL[part as keyof typeof ALL]] = stored(item[part]);
  if ('title' in columns) columns.title_key = sortKey(item.title);
  if ('position' in columns) columns.number_key = numberKeyOf(abbreviation, item.position);
  if (parts.includes('assigneeIds')) {
    columns.first_assignee_id = item.assigneeIds[0] ?? null;
    columns.assignees = item.assigneeIds.join() || null;
  }
  if (parts.includes('distributionMemberIds')) columns.distribution_members = item.distributionMemberIds.join() || null;
  return columns;
}

const names = (columns: readonly string[], of = '') =>
  sql.join(columns.map((column) => sql.ref(of ? `${of}.${column}` : column)));

/** Stores new items with their people, audiences and events: one statement, and one before for private ones that are issued. */
export async function insertItems(act: Act, actor: Actor, writes: readonly ItemWrite[]): Promise<void> {
  const items = writes.map(({ item }) => item);
  const audiences = await audienceRows(act, items);
  // nobody is told of what a silent act brings: not even later that it was overdue by then (notification/overdue.queries.ts)
  const brought = act.silent ? { brought_at: act.now } : {};
  const columns = names([...Object.values(ALL), ...KEYS, ...Object.keys(brought)]);
  const parts = [...Object.keys(ALL), ...PEOPLE] as (keyof ItemContent)[];
  const rows = JSON.stringify(writes.map((write) => ({ ...columnsOf(write, parts), ...brought })));
  const events = writes.flatMap((write) => write.events);
  await prepared(sql`
    with stored as (
      insert into items (${columns}) select ${columns} from jsonb_populate_recordset(null::items, ${rows}::jsonb)
    ), people as (${insertPeople(items)}), audiences as (${insertAudiences(audiences)})
    ${attachmentSteps(act, actor, items.flatMap(attachingOf))}
    ${insertEvents(act, actor.companyId, actor.id, events)}`).execute(act.db);
}

/** What an item gets and loses of attachments, if anything. */
const attachingOf = ({ id, projectId, attaching }: ItemContent): Attaching[] =>
  attaching ? [{ ...attaching, projectId, itemId: id, responseId: null }] : [];

/** What of an item says who is on it, and what else says who sees it. */
const PEOPLE = ['assigneeIds', 'distributionMemberIds'] as const;
const SIGHT = [...PEOPLE, 'receivedFromId', 'private', 'archivedAt', 'issuedAt'] as const;

/**
 * Stores changed items with what hangs on them, their history and their events: one statement; two more when their people or who
 * sees them have changed. All rows change together, so that positions can be swapped. `more` are events of the same act beside
 * those of the items.
 */
export async function updateItems(
  act: Act,
  actor: Actor,
  writes: readonly ItemChange[],
  more: readonly NewEvent[] = [],
): Promise<void> {
  if (writes.length === 0) return recordEvents(act, actor.companyId, actor.id, more);
  const withNew = (parts: readonly (keyof ItemContent)[]) =>
    writes.filter(({ differences }) => parts.some((part) => differences.has(part))).map(({ item }) => item);
  const [peopled, sighted] = [withNew(PEOPLE), withNew(SIGHT)];
  const audiences = await audienceRows(act, sighted);
  if (sighted.length > 0) await removeAround(act, peopled, sighted);
  const columns = [...Object.values(CHANGING), ...KEYS];
  const rows = writes.map((write) => columnsOf(write, ['id', 'version', 'updatedAt', ...write.differences]));
  // what a row does not speak of stays as it is
  await prepared(sql`
    with stored as (
      update items set (${names(columns)}) = (select ${names(columns, 'next')} from jsonb_populate_record(items, given.columns) next)
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) given(columns)
      where items.id = (given.columns->>'id')::uuid
    ), people as (${insertPeople(peopled)}), audiences as (${insertAudiences(audiences)}),
    history as (${insertChanges(act, actor, writes)})
    ${attachmentSteps(
      act,
      actor,
      writes.flatMap(({ item }) => attachingOf(item)),
    )}
    ${insertEvents(act, actor.companyId, actor.id, [...writes.flatMap(({ events }) => events), ...more])}`).execute(
    act.db,
  );
}

/**
 * Takes away the people of some items, and the audiences of others, which are to be written anew. Whom these were for is noted for
 * those who tell of the act, unless nobody will.
 */
async function removeAround(act: Act, peopled: readonly ItemContent[], sighted: readonly ItemContent[]) {
  const ids = (items: readonly ItemContent[]) => sql`any(${unseen(items.map(({ id }) => id))})`;
  await prepared(sql`
    with gone as (delete from item_people where item_id = ${ids(peopled)}),
    former as (delete from item_audiences where item_id = ${ids(sighted)} returning item_id, audience, company_id, archived)
    insert into former_audiences (act_id, item_id, audience, company_id, created_at, archived)
    select ${act.actId}, item_id, audience, company_id, ${act.now}, archived from former where ${!act.silent}
    on conflict do nothing`).execute(act.db);
}

function insertPeople(items: readonly ItemContent[]): RawBuilder<unknown> {
  const rows = items.flatMap((item) => [
    ...item.assigneeIds.map((userId, position) => ({ item, role: 'ASSIGNEE', userId, position })),
    ...item.distributionMemberIds.map((userId, position) => ({ item, role: 'DISTRIBUTION', userId, position })),
  ]);
  return sql`
    insert into item_people (item_id, company_id, role, user_id, position)
    select * from unnest(
      ${rows.map(({ item }) => item.id)}::uuid[],
      ${rows.map(({ item }) => item.companyId)}::uuid[],
      ${rows.map(({ role }) => role)}::text[],
      ${rows.map(({ userId }) => userId)}::uuid[],
      ${rows.map(({ position }) => position)}::integer[])`;
}

function insertChanges({ now }: Act, actor: Actor, writes: readonly ItemChange[]): RawBuilder<unknown> {
  const rows = writes.flatMap(({ item, changes }) =>
    changes.map((change, i) => ({ id: newId(now, i), item, ...change })),
  );
  return sql`
    insert into item_changes
      (id, company_id, created_at, updated_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
    select id, ${actor.companyId}, ${now}, ${now}, project_id, item_id, field, old_value, new_value, in_draft, ${actor.id}
    from unnest(
      ${rows.map(({ id }) => id)}::uuid[],
      ${rows.map(({ item }) => item.projectId)}::uuid[],
      ${rows.map(({ item }) => item.id)}::uuid[],
      ${rows.map(({ field }) => field)}::text[],
      ${rows.map(({ oldValue }) => oldValue)}::text[],
      ${rows.map(({ newValue }) => newValue)}::text[],
      ${rows.map(({ inDraft }) => inDraft)}::boolean[]
    ) as given(id, project_id, item_id, field, old_value, new_value, in_draft)`;
}
