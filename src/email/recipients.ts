import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { addressFault } from '../delivery/address.policy.ts';
import type { Viewer } from '../directory/viewer.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import type { ParticipantRow } from './email.queries.ts';
import type { ThreadTopic } from './topic.queries.ts';
import { whoSeesTopic } from './topic.queries.ts';

/** Whom a mail is to go to, as an input names them. */
export interface RecipientsInput {
  distributionIds?: readonly string[] | null;
  ccDistributionIds?: readonly string[] | null;
  bccDistributionIds?: readonly string[] | null;
  toAddresses?: readonly string[] | null;
  ccAddresses?: readonly string[] | null;
  bccAddresses?: readonly string[] | null;
}

const PARTS = [
  { role: 'TO', users: 'distributionIds', addresses: 'toAddresses' },
  { role: 'CC', users: 'ccDistributionIds', addresses: 'ccAddresses' },
  { role: 'BCC', users: 'bccDistributionIds', addresses: 'bccAddresses' },
] as const;

/** A mail goes to so many at most: more is a list, which a mail server of its own is for. */
export const MAX_RECIPIENTS = 200;

/** A user as mail knows them. */
export interface MailUser {
  id: string;
  name: string;
  email: string;
}

/**
 * Whom the input names, as participants: users of the company who see what the thread is about (else NOT_FOUND, NOT_SELECTABLE), and
 * plain addresses (INVALID), which resolve to the user or contact who has them. Each once: TO before CC before BCC. Three statements.
 */
export async function readRecipients(
  act: Act,
  viewer: Viewer,
  topic: ThreadTopic,
  input: RecipientsInput,
  faults: Faults,
): Promise<ParticipantRow[]> {
  const named = PARTS.flatMap(({ role, users, addresses }) => [
    ...(input[users] ?? []).map((given, n) => ({ role, given, path: [users, n], isUser: true })),
    ...(input[addresses] ?? []).map((given, n) => ({ role, given: given.trim(), path: [addresses, n], isUser: false })),
  ]);
  if (named.length > MAX_RECIPIENTS) {
    faults.add('TOO_MANY', `${named.length} recipients; a mail has at most ${MAX_RECIPIENTS}.`, [
      named.at(-1)!.path[0]!,
    ]);
    return [];
  }
  const users = await usersNamed(
    act,
    viewer.companyId,
    named.filter(({ isUser }) => isUser).map(({ given }) => uuidOf('User', given)),
  );
  const known = await whoHas(
    act,
    viewer.companyId,
    named.filter(({ isUser }) => !isUser).map(({ given }) => given),
  );
  const addressed = [...known.values()].flatMap(({ userId }) => userId ?? []);
  const sees = await whoSeesTopic(act.db, viewer.companyId, topic, [...users.keys(), ...addressed]);
  const participants: ParticipantRow[] = [];
  for (const { role, given, path, isUser } of named) {
    if (isUser) {
      const user = users.get(uuidOf('User', given) ?? '');
      if (!user) faults.notFound('User', given, path);
      else if (!user.active || user.isService || !sees.has(user.id))
        faults.add('NOT_SELECTABLE', `${user.name} cannot be written to here: ${whyNot(user)}.`, path);
      else participants.push({ role, address: user.email, name: user.name, userId: user.id, contactId: null });
    } else {
      const fault = addressFault(given);
      const who = known.get(given.toLowerCase());
      if (fault) faults.add('INVALID', `${JSON.stringify(given.slice(0, 100))}: ${fault}`, path);
      // the address alone shows a user no thread that they may not see
      else if (who?.userId && (who.isService || !sees.has(who.userId)))
        faults.add('NOT_SELECTABLE', `${who.name} cannot be written to here: ${whyNot(who)}.`, path);
      else
        participants.push({
          role,
          address: given,
          name: who?.name ?? null,
          userId: who?.userId ?? null,
          contactId: who?.contactId ?? null,
        });
    }
  }
  return eachOnce(participants);
}

const whyNot = ({ active, isService }: { active: boolean; isService: boolean }): string =>
  !active ? 'they are not active' : isService ? 'they are a program' : 'they may not see what it is about';

/** The first of those who are the same. */
export function eachOnce(participants: readonly ParticipantRow[]): ParticipantRow[] {
  const met = new Set<string>();
  return participants.filter(({ userId, address }) => {
    const key = userId ?? address!.toLowerCase();
    return !met.has(key) && met.add(key);
  });
}

async function usersNamed({ db }: Act, companyId: string, ids: readonly (string | null)[]) {
  const { rows } = await sql<MailUser & { active: boolean; isService: boolean }>`
    select id, name, email, active, is_service as "isService" from users
    where id = any(${ids}::uuid[]) and company_id = ${companyId}`.execute(db);
  return new Map(rows.map((user) => [user.id, user]));
}

/** The viewer as mail knows them. */
export async function senderOf(act: Act, { id, companyId }: Viewer): Promise<MailUser> {
  return (await usersNamed(act, companyId, [id])).get(id)!;
}

interface Known {
  userId: string | null;
  contactId: string | null;
  name: string;
  active: boolean;
  isService: boolean;
}

/** Who has an address: a user of the company, whether or not they may be written to, or else a contact. */
export async function whoHas(
  { db }: Pick<Act, 'db'>,
  companyId: string,
  addresses: readonly string[],
): Promise<Map<string, Known>> {
  const { rows } = await sql<Known & { address: string }>`
    select given.address, u.id as "userId", case when u.id is null then c.id end as "contactId", coalesce(u.name, c.name) as name,
      coalesce(u.active, true) as active, coalesce(u.is_service, false) as "isService"
    from unnest(${[...new Set(addresses.map((address) => address.toLowerCase()))]}::text[]) as given(address)
    left join users u on u.company_id = ${companyId} and lower(u.email) = given.address
    left join contact_emails e on e.company_id = ${companyId} and lower(e.email collate "pg_c_utf8") = given.address
    left join contacts c on c.id = e.contact_id
    where coalesce(u.id, c.id) is not null`.execute(db);
  return new Map(rows.map(({ address, ...who }) => [address, who]));
}
