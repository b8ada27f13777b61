import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { counts, listings } from '../database/listings.ts';
import { batch, byId, names } from '../database/loader.ts';
import { prepared, unseen } from '../database/prepared.ts';
import { type Connection, connectionOf } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { standingIn } from './standing.queries.ts';

export interface CompanyRow {
  id: string;
  name: string;
  externalId: string | null;
  issuedItemsAreFrozen: boolean;
  itemUrlTemplate: string | null;
}

/** A company that the sign-in could choose but has not: only id and name answer. */
export const otherCompany = (id: string, name: string): CompanyRow => ({
  id,
  name,
  externalId: null,
  issuedItemsAreFrozen: false,
  itemUrlTemplate: null,
});

/** Lists of a company that the request does not act for are empty. */
export const inOwn = ({ viewer }: Context, companyId: string): RawBuilder<SqlBool> =>
  sql`${companyId === viewer.companyId}`;

export interface VendorRow {
  id: string;
  name: string;
  externalId: string | null;
}

export interface UserRow {
  id: string;
  name: string;
  email: string;
  externalId: string | null;
  vendorId: string | null;
  vendor: VendorRow | null;
  locale: string | null;
  jobTitle: string | null;
  phone: string | null;
  avatarUrl: string | null;
  active: boolean;
  isService: boolean;
  wantsEmail: boolean;
}

export interface ProjectRow {
  id: string;
  companyId: string;
  name: string;
  number: string | null;
  externalId: string | null;
  timeZone: string;
}

export const USER_COLUMNS = [
  'id',
  'name',
  'email',
  'externalId',
  'vendorId',
  'locale',
  'jobTitle',
  'phone',
  'avatarUrl',
  'active',
  'isService',
  'wantsEmail',
] as const;
const PROJECT_COLUMNS = ['id', 'companyId', 'name', 'number', 'externalId', 'timeZone'] as const;
const VENDOR_COLUMNS = ['id', 'name', 'externalId'] as const;

/** The viewer's company; of the other companies that the sign-in could choose only id and name are told. */
export const companyById = batch<Context, string, CompanyRow>(async ({ db, viewer }, ids) => {
  const own = ids.includes(viewer.companyId)
    ? await db
        .selectFrom('companies')
        .select(['id', 'name', 'externalId', 'issuedItemsAreFrozen', 'itemUrlTemplate'])
        .where('id', '=', viewer.companyId)
        .execute()
    : [];
  return byId(own);
});

/** Names of the viewer's company, for whoever sees something that bears them: these columns of a table. */
export const namesIn = <Row extends { id: string }>(table: string, columns: readonly string[]) =>
  names<Context, string, Row>(async ({ db, viewer }, ids) => {
    const rows = await db
      .selectFrom(`${table} as row` as 'users as row')
      .select(columns.map((column) => `row.${column}` as 'row.id'))
      .where('row.companyId', '=', viewer.companyId)
      .where('row.id', 'in', ids)
      .execute();
    return byId(rows as unknown as Row[]);
  });

/** A vendor of the viewer's company. */
export const vendorById = namesIn<VendorRow>('vendors', VENDOR_COLUMNS);

/** The vendor of a user, whose row is `alias`. */
export const vendorOf = (alias: string): RawBuilder<VendorRow | null> => sql`(
  select json_build_object('id', v.id, 'name', v.name, 'externalId', v.external_id) from vendors v
  where v.id = ${sql.ref(`${alias}.vendor_id`)})`;

/** A user of the viewer's company. */
export const userById = names<Context, string, UserRow>(async ({ db, viewer }, ids) => {
  const { rows } = await prepared(sql<UserRow>`
    select u.id, u.name, u.email, u.external_id as "externalId", u.vendor_id as "vendorId", ${vendorOf('u')} as vendor, u.locale,
      u.job_title as "jobTitle", u.phone, u.avatar_url as "avatarUrl", u.active, u.is_service as "isService",
      u.wants_email as "wantsEmail"
    from users u where u.id = any(${unseen(ids)}) and u.company_id = ${viewer.companyId}`).execute(db);
  return byId(rows);
});

/** A project of the viewer's company: for whoever sees something in it. */
export const projectNamed = namesIn<ProjectRow>('projects', PROJECT_COLUMNS);

/** Names and id: what people, firms and projects are listed by. */
const byName = (alias: string): Order => [
  { sql: sql.ref(`${alias}.name_key`), type: 'text', direction: 'ASC' },
  { sql: sql.ref(`${alias}.id`), type: 'uuid', direction: 'ASC' },
];

/** Whether any of these columns has the text in it, whatever its case; everything when there is no text. */
export function matches(query: string | null | undefined, ...columns: string[]): RawBuilder<SqlBool> {
  const text = query?.trim();
  if (!text) return sql`true`;
  // what no name can hold, the database cannot even be asked for
  if (text.includes('\0')) return sql`false`;
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(${sql.join(
    columns.map(
      (column) => sql`lower(${sql.ref(column)} collate "pg_c_utf8") like lower(${pattern} collate "pg_c_utf8")`,
    ),
    sql` or `,
  )})`;
}

const pages = {
  users: listings<Context, { id: string; sortValues: SortValues }>(),
  vendors: listings<Context, { id: string; sortValues: SortValues }>(),
  projects: listings<Context, { id: string; sortValues: SortValues }>(),
};

/** A list of named rows, page by page: `where` holds what may be seen and what was asked for. */
async function listByName<Row>(
  { db, loads }: Context,
  table: 'users' | 'vendors' | 'projects',
  columns: readonly string[],
  where: RawBuilder<SqlBool>,
  args: PageArgs,
): Promise<Connection<Row>> {
  const order = byName('row');
  const from = () => db.selectFrom(`${table} as row` as 'users as row').where(where);
  const page = await pageOf(args, order, table, async (part) => {
    const query = from()
      .select(columns.map((column) => `row.${column}` as 'row.id'))
      .$if(table === 'users', (users) => users.select(vendorOf('row').as('vendor')))
      .select(sortValues(order).as('sortValues'))
      .where(part.where)
      .orderBy(orderBy(part.order))
      .limit(part.limit);
    return (await loads.load(pages[table], query)) ?? [];
  });
  return connectionOf(
    page,
    async () => (await loads.load(counts, from().select(sql<number>`count(*)::int`.as('count'))))![0]!.count,
  ) as unknown as Connection<Row>;
}

/** Users of the viewer's company by name; `query` is looked for in name and e-mail address. `more` narrows it down. */
export const listUsers = (
  context: Context,
  query: string | null | undefined,
  args: PageArgs,
  more = sql<SqlBool>`true`,
): Promise<Connection<UserRow>> =>
  listByName(
    context,
    'users',
    USER_COLUMNS,
    sql`row.company_id = ${context.viewer.companyId} and ${matches(query, 'row.name', 'row.email')} and ${more}`,
    args,
  );

/** Vendors of the viewer's company by name. */
export const listVendors = (
  context: Context,
  query: string | null | undefined,
  args: PageArgs,
  more = sql<SqlBool>`true`,
): Promise<Connection<VendorRow>> =>
  listByName(
    context,
    'vendors',
    VENDOR_COLUMNS,
    sql`row.company_id = ${context.viewer.companyId} and ${matches(query, 'row.name')} and ${more}`,
    args,
  );

/** Which projects the viewer sees (domain.md 3): those that they are a member of; company admins see all of the company. */
export const seesProject = ({ viewer }: Pick<Context, 'viewer'>, alias: string): RawBuilder<SqlBool> =>
  viewer.isCompanyAdmin
    ? sql`${sql.ref(`${alias}.company_id`)} = ${viewer.companyId}`
    : sql`exists (select 1 from project_members seen where seen.project_id = ${sql.ref(`${alias}.id`)} and seen.user_id = ${viewer.id})`;

/** Projects that the viewer sees, by name. `more` narrows it down. */
export const listProjects = (
  context: Context,
  args: PageArgs,
  more = sql<SqlBool>`true`,
): Promise<Connection<ProjectRow>> =>
  listByName(context, 'projects', PROJECT_COLUMNS, sql`${seesProject(context, 'row')} and ${more}`, args);

/** A project, if the viewer sees it. */
export const projectById = batch<Context, string, ProjectRow>(async ({ loads }, ids) => {
  const seen = await loads.loadAll(standingIn, ids);
  return byId(
    await loads.loadAll(
      projectNamed,
      seen.map(({ projectId }) => projectId),
    ),
  );
});
