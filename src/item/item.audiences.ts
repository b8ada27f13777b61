import { type RawBuilder, sql } from 'kysely';
import { prepared, unseen } from '../database/prepared.ts';
import type { Act } from '../database/transaction.ts';
import { NOBODY } from '../kernel/input.ts';
import { isIssued, type StatusCategory } from '../tool/tool.policy.ts';
import { type Audience, audiencesOf, type Person } from './item.policy.ts';
import { involvedIds } from './item.queries.ts';

/** What the audiences of an item follow from. */
export interface AudienceFacts {
  id: string;
  companyId: string;
  projectId: string;
  genericToolId: string;
  category: StatusCategory;
  private: boolean;
  createdById: string;
  receivedFromId: string | null;
  assigneeIds: string[];
  distributionMemberIds: string[];
  createdAt: string;
  archivedAt: string | null;
}

/** A row of item_audiences to be: who an item is for. */
export interface AudienceRow {
  item: AudienceFacts;
  audience: Audience;
}

/**
 * Who these items are for (audiencesOf). Where that speaks of vendors, the users involved are locked for share first: one
 * statement, so that none of them moves to another vendor meanwhile.
 */
export async function audienceRows({ db }: Act, items: readonly AudienceFacts[]): Promise<AudienceRow[]> {
  const userIds = [...new Set(items.filter(speaksOfVendors).flatMap(involvedIds))];
  const { rows: users } =
    userIds.length === 0
      ? { rows: [] }
      : await prepared(sql<Person>`
          select id, vendor_id as "vendorId" from users where id = any(${unseen(userIds)}) order by id for share`).execute(
          db,
        );
  const people = new Map(users.map((user) => [user.id, user]));
  return items.flatMap((item) => {
    const involved = speaksOfVendors(item) ? involvedIds(item).map((id) => people.get(id)!) : [];
    return audiencesOf({ ...item, involved }).map((audience) => ({ item, audience }));
  });
}

/** Only private items do, once they are issued. */
const speaksOfVendors = (item: AudienceFacts): boolean => item.private && isIssued(item.category);

/** The statement that adds these rows. */
export const insertAudiences = (rows: readonly AudienceRow[]): RawBuilder<unknown> => sql`
  insert into item_audiences (item_id, audience, company_id, project_id, generic_tool_id, archived, created_at)
  select * from unnest(
    ${rows.map(({ item }) => item.id)}::uuid[],
    ${rows.map(({ audience }) => audience)}::uuid[],
    ${rows.map(({ item }) => item.companyId)}::uuid[],
    ${rows.map(({ item }) => item.projectId)}::uuid[],
    ${rows.map(({ item }) => item.genericToolId)}::uuid[],
    ${rows.map(({ item }) => item.archivedAt !== null)}::boolean[],
    ${rows.map(({ item }) => item.createdAt)}::timestamptz[])`;

/** Items that some of these users are involved in, and that speak of vendors or may come to. */
const involving = (userIds: readonly string[]) => sql`i.private and i.id in (
  select id from items where created_by_id = any(${userIds}::uuid[])
  union select id from items where received_from_id = any(${userIds}::uuid[])
  union select item_id from item_people where user_id = any(${userIds}::uuid[])
)`;

/**
 * Locks the items whose audiences hang on where these users work: before they move to another vendor, as writers of an item lock it
 * first and its people then, and two who go the other way round would wait for each other.
 */
export async function lockItemsOfUsers({ db }: Act, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  await sql`with locked as (select from items i where ${involving(userIds)} order by i.id for update)
    select count(*) from locked`.execute(db);
}

// some 10 MB of rows at most are held at a time, however many items somebody is involved in
const CHUNK = 2_000;

/** Writes anew who the items of these users are for, after they have moved to another vendor in the same transaction. */
export async function rewriteAudiencesOfUsers(act: Act, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  // Those that a user came onto since the first time; nobody comes onto another while the users' rows are ours. Locking and reading
  // are two statements: one that has waited for a lock goes on with the people and the status that it saw before.
  await lockItemsOfUsers(act, userIds);
  for (let last = NOBODY; ; ) {
    const { rows } = await sql<AudienceFacts>`
      select i.id, i.company_id as "companyId", i.project_id as "projectId", i.generic_tool_id as "genericToolId", s.category,
        i.private, i.created_by_id as "createdById", i.received_from_id as "receivedFromId", i.created_at as "createdAt",
        i.archived_at as "archivedAt",
        array(select p.user_id from item_people p where p.item_id = i.id and p.role = 'ASSIGNEE') as "assigneeIds",
        array(select p.user_id from item_people p where p.item_id = i.id and p.role = 'DISTRIBUTION') as "distributionMemberIds"
      from items i join generic_tool_statuses s on s.id = i.status_id
      where ${involving(userIds)} and s.category <> 'DRAFT' and i.id > ${last}
      order by i.id limit ${CHUNK}`.execute(act.db);
    const audiences = await audienceRows(act, rows);
    await sql`delete from item_audiences where item_id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(act.db);
    await insertAudiences(audiences).execute(act.db);
    if (rows.length < CHUNK) return;
    last = rows.at(-1)!.id;
  }
}
