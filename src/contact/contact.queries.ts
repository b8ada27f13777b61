import { sql } from 'kysely';
import { hasWords } from '../database/hasWords.ts';
import type { PageArgs } from '../database/keyset.ts';
import { batch, byId, groupBy } from '../database/loader.ts';
import { unseen } from '../database/prepared.ts';
import { inOwn, namesIn } from '../directory/directory.queries.ts';
import type { Connection } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { byKey, listsOf } from '../graph/list.ts';
import type { ContactFields } from './contact.policy.ts';

/** The firm of contacts, as the graph shows it. */
export interface AccountRow {
  id: string;
  name: string;
  externalId: string | null;
}

/** Somebody outside of the company, as the graph shows them. */
export interface ContactRow {
  id: string;
  name: string;
  externalId: string | null;
  emails: string[];
  accountId: string | null;
  ownerId: string | null;
  teamId: string | null;
  status: string | null;
  fields: ContactFields | null;
}

/** An account of the viewer's company. */
export const accountById = namesIn<AccountRow>('accounts', ['id', 'name', 'externalId']);

const COLUMNS = sql`row.id, row.name, row.external_id as "externalId", row.account_id as "accountId", row.owner_id as "ownerId",
  row.team_id as "teamId", row.status, row.fields,
  array(select e.email from contact_emails e where e.contact_id = row.id order by e.position) as emails`;

/** A contact of the viewer's company. Not remembered by the process, as names are: its fields may be long. */
export const contactById = batch<Context, string, ContactRow>(async ({ db, viewer }, ids) => {
  const { rows } = await sql<ContactRow>`
    select ${COLUMNS} from contacts row where row.id = any(${unseen(ids)}) and row.company_id = ${viewer.companyId}`.execute(
    db,
  );
  return byId(rows);
});

/**
 * So many contacts of an account are shown with it, a page as lists have it: one that stands for "Private" can have all of a city, and
 * such lists stand inside of each other.
 */
const CONTACTS_SHOWN = 25;

/** The first contacts of accounts, by name. */
export const contactsOfAccount = batch<Context, string, ContactRow[]>(async ({ db, viewer }, accountIds) => {
  const { rows } = await sql<ContactRow>`
    select ${COLUMNS}
    from unnest(${unseen(accountIds)}) as account(id) cross join lateral (
      select * from contacts c where c.account_id = account.id and c.company_id = ${viewer.companyId}
      order by c.name_key, c.id limit ${CONTACTS_SHOWN}
    ) row
    order by row.name_key, row.id`.execute(db);
  return groupBy(rows, ({ accountId }) => accountId!);
});

const list = listsOf<ContactRow>(COLUMNS, byKey('row.name_key'));

/** What contacts are looked for by. */
export interface ContactsAsked {
  query?: string | null;
  /** uuid of an account: only its contacts */
  accountId?: string | null;
}

/**
 * Contacts of a company by name: every word of `query` is looked for in name and addresses. None of a company not acted for.
 * A request for 50 of 50,000 takes 3 ms, for the one that has a word 17: a search key is looked at for each.
 */
export const listContacts = (
  context: Context,
  companyId: string,
  { query, accountId }: ContactsAsked,
  args: PageArgs,
): Promise<Connection<ContactRow>> =>
  list(
    context,
    'contacts',
    sql`contacts row where row.company_id = ${context.viewer.companyId} and ${inOwn(context, companyId)}
      ${accountId == null ? sql`` : sql`and row.account_id = ${accountId}`} and ${hasWords(query, 'row.search_key')}`,
    args,
  );
