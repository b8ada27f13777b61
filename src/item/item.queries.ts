import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { prepared, unseen } from '../database/prepared.ts';
import { placeOf, rightAt } from '../directory/standing.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import type { Right } from '../permission/permission.policy.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';
import type { AttachmentsContent } from './item.attachments.ts';
import type { CustomValues } from './item.customValues.ts';
import type { OriginContent } from './item.origin.ts';
import {
  ADMINS,
  ADMINS_OF_PRIVATE,
  type Audience,
  audiencesHeld,
  audiencesSought,
  CLASSES,
  type ImpactStatus,
  type ItemFacts,
  type Person,
  READERS,
} from './item.policy.ts';
import type { ReferencesContent } from './item.references.ts';

/** An item as it is read: its columns, its people in order, and the category of its status. */
export interface ItemRow extends ReferencesContent, OriginContent, AttachmentsContent {
  id: string;
  companyId: string;
  projectId: string;
  genericToolId: string;
  statusId: string;
  externalId: string | null;
  position: string;
  number: string;
  title: string;
  description: string | null;
  private: boolean;
  dueDate: string | null;
  scheduleImpactStatus: ImpactStatus | null;
  scheduleImpactDays: number | null;
  costImpactStatus: ImpactStatus | null;
  costImpactAmount: string | null;
  createdById: string;
  receivedFromId: string | null;
  quantity: string | null;
  unit: string | null;
  createdAt: string;
  updatedAt: string;
  issuedAt: string | null;
  closedAt: string | null;
  archivedAt: string | null;
  version: number;
  assigneeIds: string[];
  distributionMemberIds: string[];
  customValues: CustomValues | null;
  category: StatusCategory;
  /** the audience that lets the viewer see it: the proof that the second line asks for (item.graph.ts) */
  seenAs: Audience;
}

/** An item as SQL answers it: its people as texts, which cost half of what arrays do. */
export type StoredItem = Omit<ItemRow, 'seenAs' | Lists> & {
  assigneeIds: string | null;
  distributionMemberIds: string | null;
  tradeIds: string[] | null;
  taskIds: string[] | null;
  attachmentIds: string[] | null;
};
type Lists = 'assigneeIds' | 'distributionMemberIds' | 'tradeIds' | 'taskIds' | 'attachmentIds';

/** The fields of Item in the graph whose columns lists read only when one of them is asked for: most items have none. */
const RARE = [
  'location',
  'costCode',
  'specificationSection',
  'subJob',
  'trades',
  'tasks',
  'origin',
  'attachments',
  'attachmentsZipUrl',
];
const RARE_COLUMNS = sql`
  i.location_id as "locationId", i.cost_code_id as "costCodeId", i.specification_section_id as "specificationSectionId",
  i.sub_job_id as "subJobId", i.trade_ids as "tradeIds", i.task_ids as "taskIds",
  i.origin_item_id as "originItemId", i.origin_topic_id as "originTopicId", i.attachment_ids as "attachmentIds"`;

/**
 * The columns of a StoredItem, for `i`, that the fields asked for need; all of them if nothing is said. For 50 items, database and
 * driver: 4.2 ms with people from item_people as arrays and joins for status, tool and project, 1.3 ms so.
 */
export const storedColumns = (asked?: ReadonlySet<string>): RawBuilder<unknown> => sql`
  i.id, i.company_id as "companyId", i.project_id as "projectId", i.generic_tool_id as "genericToolId", i.status_id as "statusId",
  i.external_id as "externalId", i.position, i.number, i.title, ${!asked || asked.has('description') ? sql`i.description` : sql`null as description`},
  i.private, i.due_date as "dueDate", i.schedule_impact_status as "scheduleImpactStatus",
  i.schedule_impact_days as "scheduleImpactDays", i.cost_impact_status as "costImpactStatus",
  i.cost_impact_amount as "costImpactAmount", i.created_by_id as "createdById", i.received_from_id as "receivedFromId",
  i.quantity, i.unit, i.created_at as "createdAt", i.updated_at as "updatedAt", i.issued_at as "issuedAt",
  i.closed_at as "closedAt", i.archived_at as "archivedAt", i.version,
  (select s.category from generic_tool_statuses s where s.id = i.status_id) as category,
  i.assignees as "assigneeIds", i.distribution_members as "distributionMemberIds"
  ${!asked || RARE.some((field) => asked.has(field)) ? sql`, ${RARE_COLUMNS}` : sql``}
  ${!asked || asked.has('customFields') ? sql`, i.custom_values as "customValues"` : sql``}`;

const idsIn = (text: string | null): string[] => text?.split(',') ?? [];

/** A StoredItem as an item: the same object, because copying 50 of them takes as long as reading them. */
export const itemOf = <Row extends StoredItem>(row: Row) =>
  Object.assign(row as Omit<Row, Lists>, {
    assigneeIds: idsIn(row.assigneeIds),
    distributionMemberIds: idsIn(row.distributionMemberIds),
    tradeIds: row.tradeIds ?? [],
    taskIds: row.taskIds ?? [],
    attachmentIds: row.attachmentIds ?? [],
  });

/** The audiences that a viewer's items are found by, as rows: project, tool, audience. */
export function held(
  viewer: Pick<Viewer, 'id' | 'vendorId'>,
  rights: readonly Right[],
  isPrepared: boolean,
): RawBuilder<unknown> {
  const rows = rights.flatMap((right) =>
    audiencesSought(viewer, right, right).map((audience) => ({ right, audience })),
  );
  const list = (of: (row: (typeof rows)[number]) => string) =>
    isPrepared ? unseen(rows.map(of)) : sql`${rows.map(of)}::uuid[]`;
  return sql`unnest(
    ${list(({ right }) => right.projectId)}, ${list(({ right }) => right.genericToolId)}, ${list(({ audience }) => audience)}
  ) as held(project_id, generic_tool_id, audience)`;
}

/** A row of `held` that is about a class. */
export const classIsHeld = sql<SqlBool>`held.audience in (${sql.join(CLASSES.map((one) => sql.lit(one)))})`;

/**
 * The items among these that a viewer sees: one statement, whatever their number. Also what writes look through. An item is read with
 * those of its audiences that anybody like the viewer could hold, and with what the viewer holds on its tool there; it is seen when
 * the two meet. `rights` are those in the places of the items; `asked` is what storedColumns takes.
 */
export async function seenItems(
  db: Db,
  viewer: Pick<Viewer, 'id' | 'vendorId' | 'companyId'>,
  ids: readonly string[],
  asked?: ReadonlySet<string>,
): Promise<{ items: ItemRow[]; rights: Right[] }> {
  const theirs = [READERS, ADMINS, ADMINS_OF_PRIVATE, viewer.id, ...(viewer.vendorId ? [viewer.vendorId] : [])];
  const { rows } = await prepared(sql<StoredItem & { right: Right; audiences: string | null }>`
    with named as materialized (
      select id, project_id from items where id = any(${unseen(ids)}) and company_id = ${viewer.companyId}
    ), held as materialized (
      select r.project_id, r.generic_tool_id, json_build_object(
        'projectId', r.project_id, 'genericToolId', r.generic_tool_id, 'accessLevel', r.access_level,
        'granularPermissions', r.granular_permissions, 'adminsSeePrivateItems', t.admins_see_private_items) as "right"
      from tool_rights r join generic_tools t on t.id = r.generic_tool_id
      where r.user_id = ${viewer.id} and r.project_id in (select project_id from named)
    )
    select ${storedColumns(asked)}, held."right", (
        select string_agg(a.audience::text, ',') from item_audiences a
        where a.item_id = i.id and a.audience = any(${unseen(theirs)})) as audiences
    from named join items i on i.id = named.id
    join held on held.project_id = i.project_id and held.generic_tool_id = i.generic_tool_id`).execute(db);
  const rights = new Map<string, Right>();
  const items: ItemRow[] = [];
  for (const { right, audiences, ...stored } of rows) {
    const item = itemOf(stored);
    rights.set(placeOf(item.projectId, item.genericToolId), right);
    const seenAs = audiencesHeld(viewer, right, right).find((audience) => audiences?.includes(audience));
    if (seenAs && (item.archivedAt === null || right.accessLevel === 'ADMIN')) items.push({ ...item, seenAs });
  }
  return { items, rights: [...rights.values()] };
}

/** An item, if the viewer sees it. Archived ones too, for ADMINs. */
export const itemById = batch<Context, string, ItemRow>(async ({ lagging, viewer, loads }, ids) => {
  const { items, rights } = await seenItems(lagging, viewer, ids);
  for (const right of rights) loads.know(rightAt, placeOf(right.projectId, right.genericToolId), right);
  return byId(items);
});

/** A person, as far as the rules want to know them: where they work now, which no memory of names may tell. */
const personById = batch<Context, string, Person>(async ({ lagging, viewer }, ids) => {
  const { rows } = await sql<Person>`
    select id, vendor_id as "vendorId" from users where id = any(${ids}::uuid[]) and company_id = ${viewer.companyId}`.execute(
    lagging,
  );
  return byId(rows);
});

/** What the rules want to know of an item: everybody involved comes with their vendor. */
export async function factsOf({ loads }: Context, item: ItemRow): Promise<ItemFacts> {
  const involved = await loads.loadAll(personById, involvedIds(item));
  return { ...item, archived: item.archivedAt !== null, involved };
}

/** Creator, received-from, assignees and distribution members, each once. */
export const involvedIds = (
  item: Pick<ItemRow, 'createdById' | 'receivedFromId' | 'assigneeIds' | 'distributionMemberIds'>,
): string[] => [
  ...new Set([
    item.createdById,
    ...(item.receivedFromId ? [item.receivedFromId] : []),
    ...item.assigneeIds,
    ...item.distributionMemberIds,
  ]),
];
