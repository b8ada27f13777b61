import type { Json } from '../json.ts';
import type { Ask, Dialect } from './dialect.ts';

const WHO = 'fragment Who on User { rowId name email jobTitle vendorByVendorId { rowId name } }';
const people = (name: string, role: string) =>
  `${name}: itemPeopleByItemId(condition: { role: "${role}" }, orderBy: POSITION_ASC) { nodes { userByUserId { ...Who } } }`;
const ROW = `fragment Row on Item {
  rowId externalId number position title private dueDate quantity unit createdAt updatedAt issuedAt closedAt archivedAt version
  genericToolByGenericToolId { rowId title abbreviation } genericToolStatusByStatusId { rowId name category }
  userByCreatedById { ...Who } ${people('assignees', 'ASSIGNEE')} ${people('distributionMembers', 'DISTRIBUTION')}
}
${WHO}`;

const CONDITION = 'condition: { projectId: $project, genericToolId: $tool, archivedAt: null }';
const ORDER = 'orderBy: [CREATED_AT_DESC, ROW_ID_DESC]';

const LIST = `query List($project: UUID!, $tool: UUID!, $after: Cursor) {
  allItems(first: 50, after: $after, ${CONDITION}, ${ORDER}) {
    nodes { ...Row }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
${ROW}`;

const CURSOR = `query Position($project: UUID!, $tool: UUID!, $offset: Int!) {
  allItems(first: 1, offset: $offset, ${CONDITION}, ${ORDER}) { pageInfo { endCursor } }
}`;

const ITEM = `query Item($id: UUID!) {
  itemByRowId(rowId: $id) {
    ...Row
    description
    customValues
    userByReceivedFromId { ...Who }
    responsesByItemId(first: 25, orderBy: POSITION_ASC) {
      nodes { rowId position notes official createdAt genericToolStatusByStatusId { rowId name category } userByCreatedById { ...Who } }
    }
  }
}
${ROW}`;

const BATCH = `mutation Batch($ids: [UUID!]!, $statusName: String!) {
  batchUpdateItems(input: { ids: $ids, statusName: $statusName }) { result { rowId version } }
}`;

const CREATE = `mutation Create($project: UUID!, $tool: UUID!, $title: String!, $assignees: [UUID!]!) {
  raiseItem(input: { projectId: $project, genericToolId: $tool, title: $title, assigneeIds: $assignees }) {
    result { rowId number version }
  }
}`;

const STATISTICS = `query Statistics($project: UUID!, $tool: UUID!) {
  itemStatistics(projectId: $project, genericToolId: $tool) { nodes { statusId count overdue } }
}`;

const ask = (operationName: string, query: string, variables: Record<string, unknown>): Ask => ({
  query,
  operationName,
  variables,
});

/** How PostGraphile is asked, by the names that it gives by itself. */
export const postgraphileDialect: Dialect = {
  list: (place, after) => ask('List', LIST, { ...place, after }),
  item: (id) => ask('Item', ITEM, { id }),
  batch: (ids, statusName) => ask('Batch', BATCH, { ids, statusName }),
  create: (place, title, assignees) => ask('Create', CREATE, { ...place, title, assignees }),
  statistics: (place) => ask('Statistics', STATISTICS, { ...place }),
  async cursor(place, _position, n, send) {
    const { allItems } = await send(ask('Position', CURSOR, { ...place, offset: n - 1 }));
    return allItems.pageInfo.endCursor;
  },
  readList({ allItems: { nodes, pageInfo } }) {
    return {
      ids: nodes.map(({ rowId }: Json) => rowId),
      people: nodes.flatMap((item: Json) => [
        item.userByCreatedById,
        ...item.assignees.nodes,
        ...item.distributionMembers.nodes,
      ]).length,
      more: pageInfo.hasNextPage,
    };
  },
  readItem: ({ itemByRowId }) => ({
    id: itemByRowId.rowId,
    responses: itemByRowId.responsesByItemId.nodes.length,
    // what the fields are called is for the client to find out
    values: Object.keys(itemByRowId.customValues ?? {}).filter((key) => !key.startsWith('~')).length,
  }),
  readBatch: ({ batchUpdateItems }) => batchUpdateItems.result.length,
  readCreated: ({ raiseItem }) => raiseItem.result.rowId,
  readStatistics: ({ itemStatistics }) =>
    Object.fromEntries(
      itemStatistics.nodes.map(({ statusId, count, overdue }: Json) => [statusId, { count, overdue }]),
    ),
};
