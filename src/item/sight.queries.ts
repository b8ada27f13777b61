import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { PageArgs } from '../database/keyset.ts';
import type { Db } from '../database/orm.ts';
import { listUsers, type UserRow } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Connection } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { ADMINS, ADMINS_OF_PRIVATE, READERS } from './item.policy.ts';
import type { ItemRow } from './item.queries.ts';

type Sql = RawBuilder<unknown>;

/**
 * The SQL face of canSee (item.policy.ts): whether a row `a` of item_audiences is for somebody, by `r`, what they hold in tool_rights
 * there, and `t`, the tool.
 */
export const isFor = (userId: Sql, vendorId: Sql): RawBuilder<SqlBool> => sql`(
  (not a.archived or r.access_level = 'ADMIN') and (
    a.audience = ${sql.lit(READERS)}::uuid or a.audience = ${userId}
    or (a.audience = ${vendorId} and 'VIEW_VENDOR_ITEMS' = any(r.granular_permissions))
    or (r.access_level = 'ADMIN' and (a.audience = ${sql.lit(ADMINS)}::uuid
      or (a.audience = ${sql.lit(ADMINS_OF_PRIVATE)}::uuid and t.admins_see_private_items)))))`;

/** Whether the viewer sees an item, for statements that begin with few items; many are seen by seenItems or in lists. */
export const seesItem = (viewer: Pick<Viewer, 'id' | 'vendorId'>, alias: string): RawBuilder<SqlBool> => {
  const item = (column: string) => sql.ref(`${alias}.${column}`);
  return sql`exists (
    select from tool_rights r join generic_tools t on t.id = r.generic_tool_id join item_audiences a on a.item_id = ${item('id')}
    where r.user_id = ${viewer.id} and r.project_id = ${item('project_id')} and r.generic_tool_id = ${item('generic_tool_id')}
      and ${isFor(sql`${viewer.id}`, sql`${viewer.vendorId}::uuid`)})`;
};

/** Everybody who can see an item now, by name: active users whom it is for, by what they hold on its tool there. */
export const listUsersWithPermission = (
  context: Context,
  { id, projectId, genericToolId }: ItemRow,
  args: PageArgs,
): Promise<Connection<UserRow>> =>
  listUsers(
    context,
    null,
    args,
    sql<SqlBool>`row.active and exists (
      select from tool_rights r join generic_tools t on t.id = r.generic_tool_id join item_audiences a on a.item_id = ${id}
      where r.user_id = row.id and r.project_id = ${projectId} and r.generic_tool_id = ${genericToolId}
        and ${isFor(sql.ref('row.id'), sql.ref('row.vendor_id'))})`,
  );

/** Who of some users sees which of some items now, and who saw it just before an act. */
export interface Sight {
  userId: string;
  itemId: string;
  sees: boolean;
  saw: boolean;
}

/**
 * The sight of these users on these items, for whoever tells of an act after it: one statement, and a row only where somebody sees or
 * saw. Rights and activity are those of now. Who saw is known by what the act noted in former_audiences; an item whose audiences it
 * left alone was seen by those who see it.
 */
export async function sightOf(
  db: Db,
  actId: string,
  itemIds: readonly string[],
  userIds: readonly string[],
): Promise<Sight[]> {
  const audience = isFor(sql.ref('u.id'), sql.ref('u.vendor_id'));
  const { rows } = await sql<Sight>`
    select * from (
      select u.id as "userId", i.id as "itemId",
        exists (select from item_audiences a where a.item_id = i.id and ${audience}) as sees,
        exists (
          select from (
            select f.audience, f.archived from former_audiences f where f.act_id = ${actId} and f.item_id = i.id
            union all
            select n.audience, n.archived from item_audiences n where n.item_id = i.id
              and not exists (select from former_audiences f where f.act_id = ${actId} and f.item_id = i.id)
          ) a where ${audience}) as saw
      from items i
      join tool_rights r on r.project_id = i.project_id and r.generic_tool_id = i.generic_tool_id
      join users u on u.id = r.user_id and u.active
      join generic_tools t on t.id = i.generic_tool_id
      where i.id = any(${itemIds}::uuid[]) and u.id = any(${userIds}::uuid[])
    ) sight where sees or saw`.execute(db);
  return rows;
}
