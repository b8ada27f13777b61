import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { seesCase } from '../contact/case.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import { seesItem } from '../item/sight.queries.ts';

const of = (alias: string, column: string) => sql.ref(`${alias}.${column}`);

/** Whether the viewer sees what a thread is about; of a thread about nothing: no. `c` is the alias of email_communications. */
const seesTopicOf = (viewer: Viewer, c: string): RawBuilder<SqlBool> => sql`(case
  when ${of(c, 'item_id')} is not null then exists (
    select from items topic where topic.id = ${of(c, 'item_id')} and ${seesItem(viewer, 'topic')})
  when ${of(c, 'case_id')} is not null then exists (
    select from cases matter where matter.id = ${of(c, 'case_id')} and ${seesCase(viewer, 'matter')})
  when ${of(c, 'topic_type')} is not null then exists (
    select from project_members pm where pm.project_id = ${of(c, 'project_id')} and pm.user_id = ${viewer.id})
  else false end)`;

/**
 * The SQL face of threadSight (thread.policy.ts): whether the viewer sees a thread at all. `c` is the alias of email_communications,
 * `me` that of the viewer's own row of email_communication_users, joined from outside; all of its columns are null where there is none.
 */
export const seesThread = (viewer: Viewer, c: string, me: string): RawBuilder<SqlBool> => sql`(
  ${of(c, 'company_id')} = ${viewer.companyId}
  and (${of(c, 'topic_type')} is null or ${seesTopicOf(viewer, c)})
  and (coalesce(${of(me, 'member')}, false) or (${of(c, 'topic_type')} is not null and not ${of(c, 'private')})))`;

/** Whether whoever sees a thread sees all of it, not only the mails that they were named in. */
export const seesAllOf = (c: string, me: string): RawBuilder<SqlBool> => sql`(
  (${of(c, 'topic_type')} is not null and not ${of(c, 'private')}) or not coalesce(${of(me, 'hidden')}, false))`;

/** Joins the viewer's own row of a thread as `me`. */
export const joinMe = (viewer: Viewer, c: string): RawBuilder<unknown> => sql`
  left join email_communication_users me on me.email_communication_id = ${of(c, 'id')} and me.user_id = ${viewer.id}`;

/**
 * Whether the viewer reviews the mail of a thread that they see: of one about an item, its creator and the ADMINs of its tool; else
 * the users whom mail to its project, or to the company, is for.
 */
export const reviews = (viewer: Viewer, c: string): RawBuilder<SqlBool> => sql`(case
  when ${of(c, 'item_id')} is not null then exists (
    select from items reviewed where reviewed.id = ${of(c, 'item_id')}
      and (reviewed.created_by_id = ${viewer.id} or ${isAdminOf(viewer, 'reviewed')}))
  else exists (select from email_members em where em.user_id = ${viewer.id} and em.company_id = ${of(c, 'company_id')}
    and em.project_id is not distinct from ${of(c, 'project_id')}) end)`;

/** Whether the viewer is an ADMIN of the tool of the item that a thread c is about; that they see it is asked apart. */
export const isAdminAbout = (viewer: Viewer, c: string): RawBuilder<SqlBool> => sql`exists (
  select from items about where about.id = ${of(c, 'item_id')} and ${isAdminOf(viewer, 'about')})`;

const isAdminOf = (viewer: Viewer, i: string): RawBuilder<SqlBool> => sql`exists (
  select from tool_rights held where held.user_id = ${viewer.id} and held.project_id = ${of(i, 'project_id')}
    and held.generic_tool_id = ${of(i, 'generic_tool_id')} and held.access_level = 'ADMIN')`;

/**
 * The SQL face of canSeeMail (thread.policy.ts): whether the viewer sees a mail `e` of a thread `c` that they see, as `me`.
 */
export const seesMail = (viewer: Viewer, e: string, c: string, me: string): RawBuilder<SqlBool> => sql`(
  (${seesAllOf(c, me)} or exists (
    select from email_participants named where named.email_id = ${of(e, 'id')} and named.user_id = ${viewer.id}))
  and (coalesce(${of(e, 'review_state')}, 'ACCEPTED') = 'ACCEPTED' or ${reviews(viewer, c)})
  and (not ${of(c, 'takes_replies')} or ${of(e, 'review_state')} in ('WAITING', 'REJECTED') is true or exists (
    select from items i where i.id = ${of(c, 'item_id')} and case
      when ${of(e, 'response_id')} is null then ${of(e, 'user_id')} is not distinct from ${viewer.id} or ${isAdminOf(viewer, 'i')}
      else exists (select from responses r where r.id = ${of(e, 'response_id')} and (
        r.official or ${viewer.id} in (r.created_by_id, i.created_by_id, i.received_from_id)
        or exists (select from item_people p where p.item_id = i.id and p.user_id = ${viewer.id})
        or ${isAdminOf(viewer, 'i')})) end)))`;
