import { type RawBuilder, sql } from 'kysely';
import { batch, byId } from '../database/loader.ts';

import type { Db } from '../database/orm.ts';
import { userById } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { type Right, rightsInProject, rightsOf } from '../permission/permission.queries.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';
import { type Audience, audiencesHeld, type ImpactStatus, type ItemFacts } from './item.policy.ts';

/** An item as it is read: its columns, its people in order, and what rules want to know of status, tool and project. */
export interface ItemRow {
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
  category: StatusCategory;
  adminsSeePrivateItems: boolean;
  timeZone: string;
  /** the audience that lets the viewer see it: the proof that the second line asks for (item.graph.ts) */
  seenAs: Audience;
}

/** The columns of an ItemRow. */
export const COLUMNS = sql`
  i.id, i.company_id as "companyId", i.project_id as "projectId", i.generic_tool_id as "genericToolId", i.status_id as "statusId",
  i.external_id as "externalId", i.position, i.number, i.title, i.description, i.private, i.due_date as "dueDate",
  i.schedule_impact_status as "scheduleImpactStatus", i.schedule_impact_days as "scheduleImpactDays",
  i.cost_impact_status as "costImpactStatus", i.cost_impact_amount as "costImpactAmount",
  i.created_by_id as "createdById", i.received_from_id as "receivedFromId", i.quantity, i.unit,
  i.created_at as "createdAt", i.updated_at as "updatedAt", i.issued_at as "issuedAt", i.closed_at as "closedAt",
  i.archived_at as "archivedAt", i.version,
  array(select p.user_id from item_people p where p.item_id = i.id and p.role = 'ASSIGNEE' order by p.position) as "assigneeIds",
  array(select p.user_id from item_people p where p.item_id = i.id and p.role = 'DISTRIBUTION' order by p.position) as "distributionMemberIds",
  s.category, t.admins_see_private_items as "adminsSeePrivateItems", pr.time_zone as "timeZone"`;

/** The item with what filters, orders and rules look at. */
export const ITEM = sql`items i
  join generic_tool_statuses s on s.id = i.status_id
  join generic_tools t on t.id = i.generic_tool_id
  join projects pr on pr.id = i.project_id`;

/** The audiences that a viewer belongs to, as rows: project, tool, audience, and whether they are ADMIN there. */
export function held(viewer: Pick<Viewer, 'id' | 'vendorId'>, rights: readonly Right[]): RawBuilder<unknown> {
  const rows = rights.flatMap((right) => audiencesHeld(viewer, right, right).map((audience) => ({ right, audience })));
  return sql`unnest(
    ${rows.map(({ right }) => right.projectId)}::uuid[],
    ${rows.map(({ right }) => right.genericToolId)}::uuid[],
    ${rows.map(({ audience }) => audience)}::uuid[],
    ${rows.map(({ right }) => right.accessLevel === 'ADMIN')}::boolean[]
  ) as held(project_id, generic_tool_id, audience, is_admin)`;
}

/** whereSeen: the audience row that item i and the viewer meet in, if there is one; archived items meet only ADMINs. */
const seenBy = (
  viewer: Pick<Viewer, 'id' | 'vendorId'>,
  rights: readonly Right[],
): RawBuilder<unknown> => sql`cross join lateral (
    select a.audience
    from item_audiences a join ${held(viewer, rights)}
      on held.audience = a.audience and held.project_id = a.project_id and held.generic_tool_id = a.generic_tool_id
    where a.item_id = i.id and (held.is_admin or not a.archived)
    limit 1
  ) seen`;

/**
 * The items among these that a viewer sees: two statements, whatever their number. Also what writes look through.
 * `rights` learns the viewer's rights in the projects of the items.
 */
export async function seenItems(
  db: Db,
  viewer: Viewer,
  ids: readonly string[],
): Promise<{ items: ItemRow[]; rights: Right[] }> {
  const { rows: projects } = await sql<{ id: string }>`
    select distinct project_id as id from items where id = any(${ids}::uuid[]) and company_id = ${viewer.companyId}`.execute(
    db,
  );
  const rights = await rightsOf(
    db,
    viewer,
    projects.map(({ id }) => id),
  );
  const { rows: items } = await sql<ItemRow>`
    select ${COLUMNS}, seen.audience as "seenAs" from ${ITEM} ${seenBy(viewer, rights)}
    where i.id = any(${ids}::uuid[])`.execute(db);
  return { items, rights };
}

/** An item, if the viewer sees it. Archived ones too, for ADMINs. */
export const itemById = batch<Context, string, ItemRow>(async ({ db, viewer, loads }, ids) => {
  const { items, rights } = await seenItems(db, viewer, ids);
  for (const projectId of new Set(items.map((item) => item.projectId))) {
    loads.know(
      rightsInProject,
      projectId,
      rights.filter((right) => right.projectId === projectId),
    );
  }
  return byId(items);
});

/** What the rules want to know of an item: everybody involved comes with their vendor. */
export async function factsOf({ loads }: Context, item: ItemRow): Promise<ItemFacts> {
  const involved = await loads.loadAll(userById, involvedIds(item));
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
