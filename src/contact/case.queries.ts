import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { hasWords } from '../database/hasWords.ts';
import type { PageArgs } from '../database/keyset.ts';
import { batch, byId } from '../database/loader.ts';
import { unseen } from '../database/prepared.ts';
import { inOwn } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Connection } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { byKey, listsOf } from '../graph/list.ts';

/** A matter that a contact raises, as the graph shows it. */
export interface CaseRow {
  id: string;
  title: string;
  typeName: string | null;
  externalId: string | null;
  contactId: string | null;
  ownerId: string | null;
  teamId: string | null;
}

/**
 * Which cases the viewer sees (domain.md 3): those that they own, those of their teams; company admins see all of the company. `alias`
 * is a row of cases. The teams as an array, so that both indexes can be asked: the 20 of somebody among
 * 50,000 take 0.1 ms instead of 23.
 */
export const seesCase = (viewer: Viewer, alias: string): RawBuilder<SqlBool> => {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const own = sql<SqlBool>`${column('company_id')} = ${viewer.companyId}`;
  if (viewer.isCompanyAdmin) return own;
  return sql`(${own} and (${column('owner_id')} = ${viewer.id}
    or ${column('team_id')} = any(array(select mine.team_id from team_users mine where mine.user_id = ${viewer.id}))))`;
};

const COLUMNS = sql`row.id, row.title, row.type_name as "typeName", row.external_id as "externalId", row.contact_id as "contactId",
  row.owner_id as "ownerId", row.team_id as "teamId"`;

/** A case, if the viewer sees it. */
export const caseById = batch<Context, string, CaseRow>(async ({ db, viewer }, ids) => {
  const { rows } = await sql<CaseRow>`
    select ${COLUMNS} from cases row where row.id = any(${unseen(ids)}) and ${seesCase(viewer, 'row')}`.execute(db);
  return byId(rows);
});

const list = listsOf<CaseRow>(COLUMNS, byKey('row.title_key'));

/** The cases of a company that the viewer sees, by title: every word of `query` is looked for in title and type. */
export const listCases = (
  context: Context,
  companyId: string,
  query: string | null | undefined,
  args: PageArgs,
): Promise<Connection<CaseRow>> =>
  list(
    context,
    'cases',
    sql`cases row where ${seesCase(context.viewer, 'row')} and ${inOwn(context, companyId)}
      and ${hasWords(query, 'row.search_key')}`,
    args,
  );
