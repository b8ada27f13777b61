import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../src/database/orm.ts';
import { audiencesOf } from '../../src/item/item.policy.ts';
import type { AccessLevel, GranularPermission } from '../../src/permission/permission.policy.ts';
import type { StatusCategory } from '../../src/tool/tool.policy.ts';
import type { Sight, Somebody } from './oracle.ts';

interface User extends Somebody {
  active: boolean;
  companyId: string;
}
interface Held {
  accessLevel: AccessLevel;
  granularPermissions: GranularPermission[];
}
export interface ItemOfTables {
  id: string;
  companyId: string;
  projectId: string;
  genericToolId: string;
  category: StatusCategory;
  private: boolean;
  archived: boolean;
  createdAt: string;
  createdById: string;
  receivedFromId: string | null;
  assigneeIds: string[];
  distributionMemberIds: string[];
  adminsSeePrivateItems: boolean;
}

/** What the tables say of people, rights and items: table by table, none of it through the views and queries of the gateway. */
export interface Facts {
  users: Map<string, User>;
  /** "user project" -> the template held there, or null */
  members: Map<string, string | null>;
  /** "template tool", and "user project tool" for direct ones */
  held: Map<string, Held>;
  /** "project tool" */
  available: Set<string>;
  items: ItemOfTables[];
}

async function rowsOf<Row>(db: Db, query: RawBuilder<Row>): Promise<Row[]> {
  return (await query.execute(db)).rows;
}

/** Reads the facts of a company, or of all, at this moment. */
export async function readFacts(db: Db, companyId?: string): Promise<Facts> {
  const own = companyId === undefined ? sql`true` : sql`company_id = ${companyId}`;
  const users = await rowsOf(
    db,
    sql<User>`select id, vendor_id as "vendorId", company_id as "companyId", active from users where ${own}`,
  );
  const members = await rowsOf(
    db,
    sql<{ key: string; templateId: string | null }>`
      select user_id || ' ' || project_id as key, permission_template_id as "templateId" from project_members where ${own}`,
  );
  const held = await rowsOf(
    db,
    sql<Held & { key: string }>`
      select permission_template_id || ' ' || generic_tool_id as key, access_level as "accessLevel",
        granular_permissions as "granularPermissions" from permission_template_entries where ${own}
      union all
      select user_id || ' ' || project_id || ' ' || generic_tool_id, access_level, granular_permissions from generic_tool_grants where ${own}`,
  );
  const available = await rowsOf(
    db,
    sql<{ key: string }>`select project_id || ' ' || generic_tool_id as key from fieldset_projects where ${own}`,
  );
  const inRole = (role: string) => sql`array(
    select p.user_id from item_people p where p.item_id = i.id and p.role = ${role} order by p.position)`;
  const items = await rowsOf(
    db,
    sql<ItemOfTables>`
      select i.id, i.company_id as "companyId", i.project_id as "projectId", i.generic_tool_id as "genericToolId",
        i.private, i.archived_at is not null as archived, i.created_at as "createdAt",
        i.created_by_id as "createdById", i.received_from_id as "receivedFromId",
        (select category from generic_tool_statuses s where s.id = i.status_id) as category,
        (select admins_see_private_items from generic_tools t where t.id = i.generic_tool_id) as "adminsSeePrivateItems",
        ${inRole('ASSIGNEE')} as "assigneeIds", ${inRole('DISTRIBUTION')} as "distributionMemberIds"
      from items i where ${own} order by i.created_at, i.id`,
  );
  return {
    users: new Map(users.map((user) => [user.id, user])),
    members: new Map(members.map(({ key, templateId }) => [key, templateId])),
    held: new Map(held.map(({ key, ...grant }) => [key, grant])),
    available: new Set(available.map(({ key }) => key)),
    items,
  };
}

/** What somebody holds on the tool of an item in its project: the direct grant as a whole, else the template's entry. */
function heldOn(facts: Facts, userId: string, { projectId, genericToolId }: ItemOfTables): Held | undefined {
  const membership = `${userId} ${projectId}`;
  if (!facts.members.has(membership) || !facts.available.has(`${projectId} ${genericToolId}`)) return undefined;
  return (
    facts.held.get(`${membership} ${genericToolId}`) ??
    facts.held.get(`${facts.members.get(membership)} ${genericToolId}`)
  );
}

/** A viewer and an item as the oracle wants them. */
export function sightOf(facts: Facts, viewerId: string, item: ItemOfTables): Sight {
  const held = heldOn(facts, viewerId, item);
  const user = (id: string) => facts.users.get(id)!;
  return {
    ...item,
    viewer: user(viewerId),
    level: held?.accessLevel ?? 'NONE',
    granular: held?.granularPermissions ?? [],
    creator: user(item.createdById),
    receivedFrom: item.receivedFromId === null ? null : user(item.receivedFromId),
    assignees: item.assigneeIds.map(user),
    distribution: item.distributionMemberIds.map(user),
  };
}

/** How item_audiences differs from what the rule makes of every item: nothing, if they have been kept together. */
export async function driftIn(db: Db, companyId?: string): Promise<string[]> {
  const { users, items } = await readFacts(db, companyId);
  const rows = await rowsOf(
    db,
    sql<{ row: string }>`select concat_ws(' ', item_id, audience, company_id, project_id, generic_tool_id, archived,
      extract(epoch from created_at)) as row from item_audiences where ${companyId === undefined ? sql`true` : sql`company_id = ${companyId}`}`,
  );
  const kept = new Set(rows.map(({ row }) => row));
  const due = new Set(
    items.flatMap((item) => {
      const { id, createdById, receivedFromId, assigneeIds, distributionMemberIds } = item;
      const ids = [createdById, ...(receivedFromId ? [receivedFromId] : []), ...assigneeIds, ...distributionMemberIds];
      const audiences = audiencesOf({ ...item, involved: [...new Set(ids)].map((user) => users.get(user)!) });
      const rest = [item.companyId, item.projectId, item.genericToolId, item.archived ? 't' : 'f'];
      const time = (Date.parse(item.createdAt) / 1000).toFixed(6);
      return audiences.map((audience) => [id, audience, ...rest, time].join(' '));
    }),
  );
  return [
    ...[...due].filter((row) => !kept.has(row)).map((row) => `missing ${row}`),
    ...[...kept].filter((row) => !due.has(row)).map((row) => `too much ${row}`),
  ];
}
