import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { type Mail, threadRoot } from '../delivery/mail.policy.ts';
import { type ReplyTarget, replyAddress } from '../delivery/replyAddress.policy.ts';
import { companyById, userById } from '../directory/directory.queries.ts';
import { viewerById } from '../directory/viewer.ts';
import { type Context, contextOf } from '../graph/context.ts';
import { graphiqlAddress } from '../item/item.address.ts';
import { MAX_BATCH } from '../item/item.batch.ts';
import type { ComposedDelivery } from '../worker/composers.ts';
import type { World } from '../world.ts';
import { MOST_ITEMS } from './letter.room.ts';
import { writeLetter } from './letter.write.ts';
import { knownOf, letterItem } from './mail.facts.ts';
import { type Judged, judge, keepOnly } from './mail.judged.ts';
import { recipientsAmong } from './notice.queries.ts';
import { rowsOfMail } from './notification.queries.ts';

// rows that are judged at once; a digest of what is overdue may have a hundred thousand
const ROWS_AT_A_TIME = 500;
// as many items as an act can have: more than a letter tells of, which says what happened to all of them
const MOST_HELD = MAX_BATCH;

/**
 * Writes the mail of a delivery, as its recipient may see it at this moment; null when there is nothing that they may be told. What they
 * may not be told is no longer to be found among their notifications either, unless they were told before and are now told anew.
 */
export async function composeNotification(world: World, delivery: ComposedDelivery): Promise<Mail | null> {
  const context = await readerOf(world, delivery);
  const judged = context && (await judgeMail(context, delivery.id));
  if (!context || !judged || judged.told.length === 0) {
    await sql`delete from item_notifications where delivery_id = ${delivery.id}`.execute(readingOf(world.orm));
    return null;
  }
  return mailOf(context, judged.told, judged.more);
}

/** A context that looks with the eyes of the recipient; null when they are to get no mail: inactive, a program, or they want none. */
async function readerOf(
  world: World,
  { userId, companyId }: Pick<ComposedDelivery, 'userId' | 'companyId'>,
): Promise<Context | null> {
  const db = readingOf(world.orm);
  if (userId === null || !(await recipientsAmong(db, [userId])).has(userId)) return null;
  const viewer = await viewerById(db, userId, companyId);
  return viewer && contextOf(world, viewer);
}

/** Whether its recipient may be told of anything in a mail at this moment: of the first items, in one that has very many. */
export async function canBeToldOf(
  world: World,
  { deliveryId, ...recipient }: Pick<ComposedDelivery, 'userId' | 'companyId'> & { deliveryId: string },
): Promise<boolean> {
  const context = await readerOf(world, recipient);
  if (!context) return false;
  return (await judge(context, await rowsOfMail(context.db, deliveryId, null, ROWS_AT_A_TIME), true)).length > 0;
}

/** What of a mail may be told at this moment: as much as a mail has room for, and how much more there is. */
async function judgeMail(context: Context, deliveryId: string): Promise<{ told: Judged[]; more: number }> {
  const { world, viewer, db } = context;
  const isAnew = await wasSent(context, deliveryId);
  const told: Judged[] = [];
  let more = 0;
  for (let after: string | null = null; ; ) {
    const rows = await rowsOfMail(db, deliveryId, after, ROWS_AT_A_TIME);
    // loads of their own: nothing is held of what is only counted
    const some = await judge(contextOf(world, viewer), rows, isAnew);
    if (!isAnew) await keepOnly(db, rows, some);
    const kept = some.slice(0, MOST_HELD - told.length);
    told.push(...kept);
    more += some.length - kept.length;
    if (rows.length < ROWS_AT_A_TIME) return { told, more };
    after = rows.at(-1)!.id;
  }
}

async function wasSent({ db }: Context, deliveryId: string): Promise<boolean> {
  const { rows } = await sql<{ anew: boolean }>`
    select resends > 0 as anew from email_deliveries where id = ${deliveryId}`.execute(db);
  return rows[0]?.anew ?? false;
}

async function mailOf(context: Context, judged: readonly Judged[], more: number): Promise<Mail> {
  const { world, viewer, loads } = context;
  const { mailer } = world;
  const one = judged.length === 1 ? judged[0]! : null;
  const known = await knownOf(context, judged, judged.slice(0, MOST_ITEMS));
  const items = await Promise.all(
    judged.map((each, n) => letterItem(context, each, known, one ? 'WHOLE' : n < MOST_ITEMS ? 'CHANGES' : 'LINE')),
  );
  const company = await loads.the(companyById, viewer.companyId);
  const isSeen = one !== null && one.events[0] !== 'REMOVED';
  const { subject, text, html } = writeLetter({
    ...{
      company: company.name,
      now: world.clock.now(),
      // nobody takes what comes to reply addresses: a mail must not ask for what would be lost
      repliable: false,
      settingsUrl: settingsOf(world),
      items,
      more,
    },
  });
  const author = await authorOf(context, judged);
  return {
    ...{ subject, text, html, automatic: true },
    ...(author !== null && { fromName: `${author} via ${mailer.from.name}` }),
    replyTo: {
      name: '',
      address: replyAddress(mailer.replyKeys, targetOf(viewer.companyId, judged, isSeen), mailer.domain),
    },
    ...(isSeen && { references: [threadRoot('item', one.row.itemId, mailer.domain)] }),
  };
}

const NO_MAIL =
  'mutation { updateViewer(input: { wantsEmail: false }) { viewer { wantsEmail } userErrors { message } } }';

/** Where somebody can say that they want no mail: there is a page for it only where GraphiQL is. */
const settingsOf = ({ config, links }: World): string | null =>
  config.graphiql ? graphiqlAddress(links.publicUrl, NO_MAIL) : null;

/** Where an answer goes: to the item, if it tells of one; else to its project, or to the company. */
function targetOf(companyId: string, judged: readonly Judged[], isSeen: boolean): ReplyTarget {
  const [{ row }] = judged as [Judged];
  if (isSeen) return { kind: 'item', id: row.itemId, epoch: 0 };
  const isOne = judged.every((other) => other.row.projectId === row.projectId);
  return isOne ? { kind: 'project', id: row.projectId, epoch: 0 } : { kind: 'company', id: companyId, epoch: 0 };
}

/** In whose name it goes: whoever acted, if the mail says so too. Who took somebody off an item is not told with that alone. */
async function authorOf({ loads }: Context, judged: readonly Judged[]): Promise<string | null> {
  const told = judged.find(({ events, row }) => events[0] !== 'REMOVED' && row.actorId !== null);
  return told ? (await loads.the(userById, told.row.actorId!)).name : null;
}
