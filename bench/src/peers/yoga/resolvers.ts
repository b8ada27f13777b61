import type { Json } from '../../json.ts';
import { batchUpdateItems, createItem } from './mutations.ts';
import { COLUMNS, FROM_ITEMS, SEEN } from './seen.ts';
import type { Context } from './server.ts';

type Row = Record<string, Json>;

const cursorOf = (row: Row) => Buffer.from(JSON.stringify([row.createdAt.toISOString(), row.id])).toString('base64url');

async function items({ id }: Row, { first = 25, after, filter }: Row, { pool, viewer }: Context) {
  const behind = after ? JSON.parse(Buffer.from(after, 'base64url').toString()) : [];
  const { rows } = await pool.query(
    `select ${COLUMNS} from ${FROM_ITEMS}
     where i.company_id = $3 and i.project_id = $4 and i.generic_tool_id = $5 and i.archived_at is null and ${SEEN}
       ${after ? 'and (i.created_at, i.id) < ($6, $7)' : ''}
     order by i.created_at desc, i.id desc limit ${first + 1}`,
    [viewer.id, viewer.vendorId, viewer.companyId, id, filter.genericTool.eq, ...behind],
  );
  const nodes = rows.slice(0, first);
  return {
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: Boolean(after),
      startCursor: nodes.length > 0 ? cursorOf(nodes[0]!) : null,
      endCursor: nodes.length > 0 ? cursorOf(nodes.at(-1)!) : null,
    },
  };
}

async function itemStatistics({ id }: Row, { filter }: Row, { pool, viewer }: Context) {
  const { rows } = await pool.query(
    `select i.generic_tool_id as "genericToolId", i.status_id as "statusId", count(*)::int as count,
       count(*) filter (where s.category = 'OPEN' and i.due_date < (now() at time zone pr.time_zone)::date)::int as overdue
     from ${FROM_ITEMS} join projects pr on pr.id = i.project_id
     where i.project_id = $3 and i.generic_tool_id = $4 and i.archived_at is null and ${SEEN} group by 1, 2`,
    [viewer.id, viewer.vendorId, id, filter.genericTool.eq],
  );
  return rows;
}

async function responses(item: Row, { first = 25 }: Row, { pool, viewer, loaders }: Context) {
  const people = await loaders.people.load(item.id);
  const all =
    item.accessLevel === 'ADMIN' ||
    [item.createdById, item.receivedFromId, ...people.map(({ userId }) => userId)].includes(viewer.id);
  const { rows } = await pool.query(
    `select id, position, notes, official, created_at as "createdAt", status_id as "statusId", created_by_id as "createdById"
     from responses where item_id = $1 and ($2 or official or created_by_id = $3) order by position limit ${first}`,
    [item.id, all, viewer.id],
  );
  return { nodes: rows };
}

async function customFields({ id }: Row, _: unknown, { pool }: Context) {
  const { rows } = await pool.query(
    `select f.id, f.label, f.data_type as "dataType", i.custom_values -> f.id::text as value,
       coalesce(o.label, i.custom_values ->> f.id::text, '') as "displayValue"
     from items i join fieldset_projects a on a.project_id = i.project_id and a.generic_tool_id = i.generic_tool_id
       join fieldset_fields x on x.fieldset_id = a.fieldset_id and x.visible join custom_fields f on f.id = x.custom_field_id and f.active
       left join custom_field_options o on o.custom_field_id = f.id and o.id::text = i.custom_values ->> f.id::text
     where i.id = $1 order by x.position`,
    [id],
  );
  return rows.map(({ value, displayValue, ...customField }) => ({ customField, value, displayValue }));
}

const peopleOf =
  (role: string) =>
  async (item: Row, _: unknown, { loaders }: Context) => {
    const people = await loaders.people.load(item.id);
    return loaders.users.loadMany(people.filter((person) => person.role === role).map(({ userId }) => userId));
  };
const status = ({ statusId }: Row, _: unknown, { loaders }: Context) => loaders.statuses.load(statusId);
const genericTool = ({ genericToolId }: Row, _: unknown, { loaders }: Context) => loaders.tools.load(genericToolId);
const createdBy = ({ createdById }: Row, _: unknown, { loaders }: Context) => loaders.users.load(createdById);
const time = (field: string) => (row: Row) => row[field]?.toISOString() ?? null;

export const resolvers = {
  Query: {
    async project(_: unknown, { id }: Row, { pool, viewer }: Context) {
      const { rows } = await pool.query(
        `select p.id from projects p where p.id = $1 and exists (
           select 1 from project_members m where m.project_id = p.id and m.user_id = $2)`,
        [id, viewer.id],
      );
      return rows[0];
    },
    async item(_: unknown, { id }: Row, { pool, viewer }: Context) {
      const { rows } = await pool.query(`select ${COLUMNS} from ${FROM_ITEMS} where i.id = $3 and ${SEEN}`, [
        viewer.id,
        viewer.vendorId,
        id,
      ]);
      return rows[0];
    },
  },
  Mutation: { batchUpdateItems, createItem },
  Project: { items, itemStatistics },
  Item: {
    status,
    genericTool,
    createdBy,
    receivedFrom: ({ receivedFromId }: Row, _: unknown, { loaders }: Context) =>
      receivedFromId ? loaders.users.load(receivedFromId) : null,
    assignees: peopleOf('ASSIGNEE'),
    distributionMembers: peopleOf('DISTRIBUTION'),
    customFields,
    responses,
    createdAt: time('createdAt'),
    updatedAt: time('updatedAt'),
    issuedAt: time('issuedAt'),
    closedAt: time('closedAt'),
    archivedAt: time('archivedAt'),
  },
  User: {
    vendor: ({ vendorId }: Row, _: unknown, { loaders }: Context) => (vendorId ? loaders.vendors.load(vendorId) : null),
  },
  Response: { status, createdBy, createdAt: time('createdAt') },
  ItemStatistic: { status, genericTool },
};
