import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { counts, listings } from '../database/listings.ts';
import { inOwn } from '../directory/directory.queries.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { TopicInput } from '../topic/topic.input.ts';
import { joinMe, reviews, seesMail, seesThread } from './sight.queries.ts';
import { isUnread, type ThreadRow, threadColumns } from './thread.queries.ts';
import { isAbout } from './topic.queries.ts';

/** Which threads a list is to have; what is left out restricts nothing, but for archived. */
export interface InboxFilter {
  unread?: boolean | null;
  archived?: boolean | null;
  contact?: string | null;
  case?: string | null;
  topic?: TopicInput | null;
  project?: string | null;
  needsReview?: boolean | null;
}

const pages = listings<Context, ThreadRow & { sortValues: SortValues }>();

type Where = RawBuilder<SqlBool>;

/** Newest first: by the last mail of the thread, or in an inbox by the last one that its owner sees. */
const newest = (alias: 'c' | 'me'): Order => [
  { sql: sql.ref(`${alias}.last_message_at`), type: 'timestamptz', direction: 'DESC' },
  { sql: sql.ref(alias === 'c' ? 'c.id' : 'me.email_communication_id'), type: 'uuid', direction: 'DESC' },
];

async function listThreads(
  context: Context,
  from: RawBuilder<unknown>,
  order: Order,
  where: Where,
  args: PageArgs,
  name: string,
): Promise<Connection<ThreadRow>> {
  const { viewer, loads } = context;
  const seen = sql<SqlBool>`${seesThread(viewer, 'c', 'me')} and ${where}`;
  const page = await pageOf(args, order, name, async (part) => {
    const query = sql`(
      select ${threadColumns(viewer)}, ${sortValues(order)} as "sortValues" from ${from}
      where ${seen} and ${part.where} order by ${orderBy(part.order)} limit ${part.limit})`;
    return (await loads.load(pages, query)) ?? [];
  });
  const count = sql`(select count(*)::int as count from ${from} where ${seen})`;
  return connectionOf(page, async () => (await loads.load(counts, count))![0]!.count);
}

/** The inbox of the viewer: the threads that they see and are a member of, by the last mail that they see, newest first. */
export const listInbox = (
  context: Context,
  filter: InboxFilter | null | undefined,
  args: PageArgs,
): Promise<Connection<ThreadRow>> =>
  listThreads(
    context,
    sql`email_communication_users me join email_communications c on c.id = me.email_communication_id`,
    newest('me'),
    sql`me.user_id = ${context.viewer.id} and me.member and ${matching(context, filter ?? {})}`,
    args,
    'inbox',
  );

/** Threads that the viewer sees, newest first, whoever is a member of them. */
const listCommunications = (
  context: Context,
  where: Where,
  args: PageArgs,
  filter?: InboxFilter | null,
): Promise<Connection<ThreadRow>> =>
  listThreads(
    context,
    sql`email_communications c ${joinMe(context.viewer, 'c')}`,
    newest('c'),
    filter ? sql`${where} and ${matching(context, filter)}` : where,
    args,
    'communications',
  );

/** The threads of a company that the viewer sees; none of a company that they do not act for. */
export const listOfCompany = (
  context: Context,
  companyId: string,
  filter: InboxFilter | null | undefined,
  args: PageArgs,
): Promise<Connection<ThreadRow>> =>
  listCommunications(context, sql`c.company_id = ${companyId} and ${inOwn(context, companyId)}`, args, filter ?? {});

/** The threads of a project that the viewer sees, those about one topic if it is named. */
export const listOfProject = (
  context: Context,
  projectId: string,
  topic: TopicInput | null | undefined,
  args: PageArgs,
): Promise<Connection<ThreadRow>> =>
  listCommunications(
    context,
    sql`c.project_id = ${projectId} and ${topic ? isAbout(context.viewer, topic) : sql`true`}`,
    args,
  );

/** The threads about an item, or a case, that the viewer sees. */
export const listAbout = (
  context: Context,
  column: 'item_id' | 'case_id',
  id: string,
  args: PageArgs,
): Promise<Connection<ThreadRow>> => listCommunications(context, sql`${sql.ref(`c.${column}`)} = ${id}`, args);

/** The threads of which a contact wrote or got a mail that the viewer sees. */
export const listWithContact = (context: Context, contactId: string, args: PageArgs): Promise<Connection<ThreadRow>> =>
  listCommunications(context, isWithContact(context, contactId), args);

/** The same as a condition; where only bcc named the contact, the sender alone knows. */
const isWithContact = ({ viewer }: Context, contactId: string): Where => sql`exists (
  select from email_participants p join emails e on e.id = p.email_id
  where p.contact_id = ${contactId} and e.email_communication_id = c.id and ${seesMail(viewer, 'e', 'c', 'me')}
    and (p.role <> 'BCC' or e.user_id = ${viewer.id}))`;

/** What a filter says of a thread c. Ids that are none match nothing. */
function matching(context: Context, filter: InboxFilter): Where {
  const { viewer } = context;
  const id = (type: string, given: string, where: (uuid: string) => Where): Where => {
    const uuid = uuidOf(type, given);
    return uuid === null ? sql`false` : where(uuid);
  };
  const { unread, archived, contact, project, topic, needsReview } = filter;
  const is = (condition: Where, wanted: boolean): Where => (wanted ? condition : sql`not ${condition}`);
  const all: Where[] = [
    // what was put off comes back by itself
    is(
      sql`(coalesce(me.archived, false) or coalesce(me.snoozed_until > ${context.world.clock.now()}, false))`,
      archived ?? false,
    ),
    ...(unread == null ? [] : [is(isUnread(viewer), unread)]),
    ...(contact == null ? [] : [id('Contact', contact, (uuid) => isWithContact(context, uuid))]),
    ...(filter.case == null ? [] : [id('Case', filter.case, (uuid) => sql`c.case_id = ${uuid}`)]),
    ...(project == null ? [] : [id('Project', project, (uuid) => sql`c.project_id = ${uuid}`)]),
    ...(topic == null ? [] : [isAbout(viewer, topic)]),
    ...(needsReview == null ? [] : [is(waits(context), needsReview)]),
  ];
  return sql`${sql.join(all, sql` and `)}`;
}

/** Whether a mail of thread c waits for the viewer's review. */
const waits = ({ viewer }: Context): Where => sql`(
  exists (select from emails e where e.email_communication_id = c.id and e.review_state = 'WAITING') and ${reviews(viewer, 'c')})`;

/** How many threads of the viewer's inbox are unread. */
export async function countUnread({ db, viewer, world }: Context): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from email_communication_users me join email_communications c on c.id = me.email_communication_id
    where me.user_id = ${viewer.id} and me.unread and not me.archived and coalesce(me.snoozed_until <= ${world.clock.now()}, true)
      and ${isUnread(viewer)} and ${seesThread(viewer, 'c', 'me')}`.execute(db);
  return rows[0]!.count;
}
