import type { Json } from '../json.ts';
import type { Ask, Dialect } from './dialect.ts';
import { BATCH, CREATE, ITEM, LIST, STATISTICS } from './documents.ts';

// where pages are followed to find the cursor of a workload: as many as one may ask for
const LONGEST_PAGE = 100;

const EDGES = `query Edges($project: ID!, $tool: ID!, $first: Int!, $after: String) {
  project(id: $project) {
    items(first: $first, after: $after, filter: { genericTool: { eq: $tool } }) { pageInfo { endCursor } }
  }
}`;

const global = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64url');
const local = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1]!;

/** How the gateway is asked. */
export const gatewayDialect: Dialect = speak(global, local);

/** The operations with ids as a server shows them: `out` makes one of a row's, `into` reads it. */
export function speak(out: (type: string, id: string) => string, into: (id: string) => string): Dialect {
  const at = ({ project, tool }: { project: string; tool: string }) => ({
    project: out('Project', project),
    tool: out('GenericTool', tool),
  });
  const ask = (operationName: string, query: string, variables: Record<string, unknown>): Ask => ({
    query,
    operationName,
    variables,
  });
  return {
    list: (place, after) => ask('List', LIST, { ...at(place), after }),
    item: (id) => ask('Item', ITEM, { id: out('Item', id) }),
    batch: (ids, statusName) => ask('Batch', BATCH, { ids: ids.map((id) => out('Item', id)), statusName }),
    create: (place, title, assignees) =>
      ask('Create', CREATE, { ...at(place), title, assignees: assignees.map((id) => out('User', id)) }),
    statistics: (place) => ask('Statistics', STATISTICS, at(place)),
    async cursor(place, _position, n, send) {
      let after: string | undefined;
      for (let left = n; left > 0; left -= LONGEST_PAGE) {
        const first = Math.min(left, LONGEST_PAGE);
        const data: Json = await send(ask('Edges', EDGES, { ...at(place), first, after }));
        after = data.project.items.pageInfo.endCursor;
      }
      return after!;
    },
    readList({ project: { items } }) {
      return {
        ids: items.nodes.map(({ id }: { id: string }) => into(id)),
        people: items.nodes.flatMap((item: Json) => [item.createdBy, ...item.assignees, ...item.distributionMembers])
          .length,
        more: items.pageInfo.hasNextPage,
      };
    },
    readItem: ({ item }) => ({
      id: into(item.id),
      responses: item.responses.nodes.length,
      values: item.customFields.filter(({ value }: Json) => value !== null).length,
    }),
    readBatch: ({ batchUpdateItems }) => batchUpdateItems.updatedCount,
    readCreated: ({ createItem }) => into(createItem.item.id),
    readStatistics: ({ project }) =>
      Object.fromEntries(
        project.itemStatistics.map(({ status, count, overdue }: Json) => [into(status.id), { count, overdue }]),
      ),
  };
}
