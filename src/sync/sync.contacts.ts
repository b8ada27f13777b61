import { sql } from 'kysely';
import {
  type ContactFields,
  contactSearchKey,
  MAX_EMAILS,
  readFields,
  writtenFields,
} from '../contact/contact.policy.ts';
import type { Db } from '../database/orm.ts';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import { emailKeys, readEmail } from './sync.emails.ts';
import type { ContactInput } from './sync.input.ts';
import { emptyPlan, externalIds, idsOf, type Plan, planRow, referred, writePlan } from './sync.plan.ts';

interface ContactRow {
  id: string;
  externalId: string | null;
  name: string;
  nameKey: string;
  searchKey: string;
  accountId: string | null;
  ownerId: string | null;
  teamId: string | null;
  status: string | null;
  fields: ContactFields | null;
}

/** A contact with its addresses, as they are written and as they are compared. */
type KnownContact = ContactRow & { emails: string[]; emailKeys: string[] };

export interface ContactPlan extends Plan<ContactRow> {
  /** the addresses of contacts that had others */
  emails: { contactId: string; emails: string[] }[];
}

/** Ids by external id, of what contacts and cases refer to. */
export interface ReferredIds {
  accountIds: ReadonlyMap<string, string>;
  userIds: ReadonlyMap<string, string>;
  teamIds: ReadonlyMap<string, string>;
}

/** What becomes of contacts, matched by external id; and the ids of all that the input speaks of: its own, and those `named` by cases. */
export async function planContacts(
  { db, now }: Act,
  companyId: string,
  contacts: readonly ContactInput[],
  named: readonly string[],
  refers: ReferredIds,
  faults: Faults,
): Promise<{ plan: ContactPlan; contactIds: Map<string, string> }> {
  const ids = externalIds(faults, 'contacts', contacts);
  const emails = contacts.map(({ emails }, i) => readEmails(faults, emails, i));
  const keys = await keysOf(db, emails);
  const rows = await knownContacts(db, companyId, [...ids, ...named], keys.flat());
  const known = new Map(rows.filter((row) => row.externalId !== null).map((row) => [row.externalId!, row]));
  const plan: ContactPlan = { ...emptyPlan<ContactRow>(), emails: [] };
  contacts.forEach((contact, i) => {
    const { emails: emailsBefore = [], emailKeys: _, ...before } = known.get(ids[i]!) ?? {};
    const row = 'id' in before ? before : null;
    const after = readContact(faults, contact, i, row, emails[i]!, refers);
    const id = row?.id ?? newId(now, i);
    const moved = JSON.stringify(emailsBefore) !== JSON.stringify(emails[i]);
    if (moved) plan.emails.push({ contactId: id, emails: emails[i]! });
    planRow(plan, 'CONTACT', row, { id, externalId: ids[i]!, ...after }, moved);
  });
  refuseShared(faults, plan.synced, keys, rows);
  return { plan, contactIds: idsOf([...known.values()], plan) };
}

/** The addresses of a contact of the input, trimmed. */
function readEmails(faults: Faults, emails: readonly string[], i: number): string[] {
  const path = ['contacts', i, 'emails'];
  if (emails.length <= MAX_EMAILS) return emails.map((email, n) => readEmail(faults, email, [...path, n]));
  faults.add('TOO_MANY', `${emails.length} addresses; a contact has at most ${MAX_EMAILS}.`, path);
  return [];
}

/** The addresses of each contact as they are compared: one statement for all. */
async function keysOf(db: Db, emails: readonly string[][]): Promise<string[][]> {
  const keys = await emailKeys(db, emails.flat());
  let taken = 0;
  return emails.map(({ length }) => {
    taken += length;
    return keys.slice(taken - length, taken);
  });
}

/** The contacts that the input speaks of, and those that have one of its addresses. */
async function knownContacts(
  db: Db,
  companyId: string,
  ids: readonly string[],
  keys: readonly string[],
): Promise<KnownContact[]> {
  const { rows } = await sql<KnownContact>`
    select c.id, c.external_id as "externalId", c.name, c.name_key as "nameKey", c.search_key as "searchKey",
      c.account_id as "accountId", c.owner_id as "ownerId", c.team_id as "teamId", c.status, c.fields,
      array(select e.email from contact_emails e where e.contact_id = c.id order by e.position) as emails,
      array(select lower(e.email collate "pg_c_utf8") from contact_emails e where e.contact_id = c.id) as "emailKeys"
    from contacts c
    where c.company_id = ${companyId} and (
      c.external_id = any(${ids}::text[]) or c.id in (
        select e.contact_id from contact_emails e
        where e.company_id = ${companyId} and lower(e.email collate "pg_c_utf8") = any(${keys}::text[])
      ))`.execute(db);
  return rows;
}

/** The fields of a contact as the input and, where it is silent, the contact as it is have them. */
function readContact(
  faults: Faults,
  contact: ContactInput,
  i: number,
  before: ContactRow | null,
  emails: readonly string[],
  { accountIds, userIds, teamIds }: ReferredIds,
): Omit<ContactRow, 'id' | 'externalId'> {
  const at = (field: string) => ['contacts', i, field];
  const name = faults.requiredText(contact.name, at('name'), 'the name');
  const account = referred(faults, contact.accountExternalId, at('accountExternalId'), 'account', accountIds);
  const owner = referred(faults, contact.ownerExternalId, at('ownerExternalId'), 'user', userIds);
  const team = referred(faults, contact.teamExternalId, at('teamExternalId'), 'team', teamIds);
  const status = faults.text(contact.status, at('status'), 'the status');
  return {
    name,
    nameKey: sortKey(name),
    searchKey: contactSearchKey(name, emails),
    accountId: account === undefined ? (before?.accountId ?? null) : account,
    ownerId: owner === undefined ? (before?.ownerId ?? null) : owner,
    teamId: team === undefined ? (before?.teamId ?? null) : team,
    status: status === undefined ? (before?.status ?? null) : status,
    fields: fieldsOf(faults, contact.fields, at('fields'), before?.fields ?? null),
  };
}

/** What another system keeps of a contact: the very object that was there where it says the same. */
function fieldsOf(
  faults: Faults,
  value: unknown,
  path: (string | number)[],
  before: ContactFields | null,
): ContactFields | null {
  if (value === undefined) return before;
  if (value === null) return null;
  const read = readFields(value);
  if ('code' in read) faults.add(read.code, read.message, path);
  else return read.written === writtenFields(before) ? before : read.fields;
  return before;
}

/**
 * An address belongs to one contact of the company, once. Judged by how things are at the end, so that contacts of the input may pass
 * theirs on.
 */
function refuseShared(
  faults: Faults,
  synced: readonly { id: string }[],
  keys: readonly string[][],
  known: readonly KnownContact[],
): void {
  const holders = new Map(known.flatMap((row) => row.emailKeys.map((key) => [key, row])));
  const inInput = new Set(synced.map(({ id }) => id));
  const first = new Map<string, number>();
  keys.forEach((own, i) => {
    own.forEach((key, n) => {
      if (!key) return;
      const path = ['contacts', i, 'emails', n];
      const twin = first.get(key);
      const holder = holders.get(key);
      if (twin === i) faults.add('INVALID', `${key} is there twice.`, path);
      else if (twin !== undefined) faults.add('TAKEN', `${key} is an address of contacts ${twin} too.`, path);
      else if (holder && holder.id !== synced[i]!.id && !inInput.has(holder.id))
        faults.add('TAKEN', `${key} is an address of ${holder.name} already.`, path);
      if (twin === undefined) first.set(key, i);
    });
  });
}

/** Writes contacts and their addresses: those that change are all taken away before any comes, so that they can be passed on. */
export async function writeContacts(act: Act, companyId: string, plan: ContactPlan): Promise<void> {
  await writePlan(act, companyId, 'contacts', plan);
  if (plan.emails.length === 0) return;
  const made = new Set(plan.created.map(({ id }) => id));
  const changed = plan.emails.map(({ contactId }) => contactId).filter((id) => !made.has(id));
  if (changed.length > 0)
    await sql`delete from contact_emails where contact_id = any(${changed}::uuid[])`.execute(act.db);
  const rows = plan.emails.flatMap(({ contactId, emails }) =>
    emails.map((email, position) => ({ contactId, email, position })),
  );
  await sql`
    insert into contact_emails (contact_id, position, company_id, email)
    select contact_id, position, ${companyId}, email
    from unnest(
      ${rows.map(({ contactId }) => contactId)}::uuid[], ${rows.map(({ position }) => position)}::integer[],
      ${rows.map(({ email }) => email)}::text[]
    ) as given(contact_id, position, email)`.execute(act.db);
}
