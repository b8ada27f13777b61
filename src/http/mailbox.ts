import { GraphQLError } from 'graphql';
import PostalMime from 'postal-mime';
import { type Db, readingOf } from '../database/orm.ts';
import type { KeptMail } from '../delivery/mailbox.ts';
import type { Context } from '../graph/context.ts';
import type { World } from '../world.ts';
import { demoIds } from './demoIds.ts';
import { mailboxPage, type ShownMail } from './mailboxPage.ts';
import { isOwnAddress } from './ownAddress.ts';
import type { Claim, SignIn } from './signIn.ts';

// more are of no use to whoever looks at what they have just done
const SHOWN = 200;

const answer = (status: number, html: string, policy: string) =>
  new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  });

const refused = (status: number, sentence: string) =>
  new Response(`${sentence}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
  });

/** Somebody who may look at the mailbox of the demo company: its oldest company admin. Null where there is no demo. */
async function demoAdmin(db: Db): Promise<{ userId: string; companyId: string } | null> {
  const ids = await demoIds(db);
  if (!ids) return null;
  const admin = await db
    .selectFrom('users')
    .where('companyId', '=', ids.company)
    .where('isCompanyAdmin', '=', true)
    .where('active', '=', true)
    .where('isService', '=', false)
    .orderBy('createdAt')
    .orderBy('id')
    .select('id')
    .executeTakeFirst();
  return admin ? { userId: admin.id, companyId: ids.company } : null;
}

/** How those who ask for the mailbox are found. */
export interface MailboxAskers {
  signIn: SignIn;
  contextBy(claim: Claim, request: Request): Promise<Context>;
  contextOf(user: { userId: string; companyId: string }): Promise<Context | null>;
}

/** Who asks: whoever signs in; a browser on this machine, as graphiqlPage.ts has it, as a company admin of the demo; or nobody. */
async function askerOf(world: World, askers: MailboxAskers, request: Request): Promise<Context | null> {
  const authorization = request.headers.get('authorization');
  if (authorization) return askers.contextBy(await askers.signIn(authorization), request);
  const admin = isOwnAddress(request) ? await demoAdmin(readingOf(world.orm)) : null;
  return admin && askers.contextOf(admin);
}

/**
 * The page /mailbox: the mails of a company that are in the development mailbox, for its company admins. In demo mode alone, and where
 * mail goes to a mailbox; else null.
 */
export function createMailbox(world: World, askers: MailboxAskers): ((request: Request) => Promise<Response>) | null {
  const { mailbox } = world.mailer;
  if (world.config.signIn.kind !== 'demo' || !mailbox) return null;
  return async (request) => {
    const context = await askerOf(world, askers, request).catch((error) => {
      if (error instanceof GraphQLError && error.extensions.code === 'UNAUTHENTICATED') return null;
      throw error;
    });
    if (!context) return refused(401, 'Sign in as a company admin: send the header "Authorization: Bearer <token>".');
    const { viewer } = context;
    if (!viewer.isCompanyAdmin) return refused(403, 'The mailbox is for company admins.');
    const kept = await mailbox.list(viewer.companyId);
    const mails = await Promise.all(
      kept.slice(0, SHOWN).map(async (mail) => shownOf(mail, await mailbox.head(viewer.companyId, mail.name))),
    );
    const name = new URL(request.url).searchParams.get('mail');
    const raw = name === null ? null : await mailbox.read(viewer.companyId, name);
    const open = raw && { name: name!, email: await PostalMime.parse(raw) };
    const { html, policy } = mailboxPage(context, { mails, total: kept.length, open });
    return answer(name !== null && !raw ? 404 : 200, html, policy);
  };
}

async function shownOf({ name, at }: KeptMail, head: Buffer | null): Promise<ShownMail> {
  const { to, subject } = head ? await PostalMime.parse(head) : { to: [], subject: '' };
  return { name, at, to: to ?? [], subject: subject ?? '' };
}
