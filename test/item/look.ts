import type { Piece } from './play.ts';

/** What is looked for: items, and what hangs on them. */
export type Asked = readonly Pick<Piece, 'gid' | 'externalId' | 'response' | 'change' | 'attachment'>[];

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Data = any;

const text = JSON.stringify;
const external = (id: string) =>
  `externalNode(companyId: $company, projectId: $project, kind: ITEM, externalId: ${text(id)}) { id }`;

/** Ways that lead to one item, or to what hangs on it: what to ask, and the id that is told if it is seen. */
const ONE_BY_ONE: Record<
  string,
  { ask(one: Asked[number]): string; told: 'gid' | 'response' | 'change' | 'attachment' }
> = {
  item: { ask: ({ gid }) => `item(id: "${gid}") { id }`, told: 'gid' },
  node: { ask: ({ gid }) => `node(id: "${gid}") { id }`, told: 'gid' },
  externalNode: { ask: ({ externalId }) => external(externalId), told: 'gid' },
  response: {
    ask: ({ response }) => `node(id: "${response}") { id ... on Response { item { id } } }`,
    told: 'response',
  },
  change: { ask: ({ change }) => `node(id: "${change}") { id }`, told: 'change' },
  attachment: { ask: ({ attachment }) => `node(id: "${attachment}") { id }`, told: 'attachment' },
};

const NEWEST = '';
const NUMBERED = 'orderBy: [{ field: NUMBER }]';
const list = (order: string, filter = '') =>
  `items(first: 100, ${order} ${filter}) { nodes { id } edges { node { id } } totalCount pageInfo { hasNextPage } }`;

/** Ways that lead to many: lists of a project and of the company, live and archived, in the order of the index and in another. */
export const LISTS = `
  newest: ${list(NEWEST)}
  numbered: ${list(NUMBERED)}
  newestArchived: ${list(NEWEST, 'filter: { archived: true }')}
  numberedArchived: ${list(NUMBERED, 'filter: { archived: true }')}`;

// as many values as a filter takes
const CHUNK = 50;
const chunksOf = (asked: Asked): string[][] =>
  Array.from({ length: Math.ceil(asked.length / CHUNK) }, (_, n) =>
    asked.slice(n * CHUNK, (n + 1) * CHUNK).map(({ gid }) => gid),
  );

const document = (fields: string) => `query ($company: ID!, $project: ID!) { ${fields} }`;

const directly = (asked: Asked): string => `
  ${chunksOf(asked).map(
    (ids, n) => `nodes${n}: nodes(ids: ${text(ids)}) { id }
    ids${n}: ${list(NEWEST, `filter: { ids: ${text(ids)} }`)}
    numberedIds${n}: ${list(NUMBERED, `filter: { ids: ${text(ids)} }`)}
    archivedIds${n}: ${list(NEWEST, `filter: { archived: true, ids: ${text(ids)} }`)}`,
  )}
  ${Object.entries(ONE_BY_ONE).map(([way, { ask }]) => asked.map((one, n) => `${way}${n}: ${ask(one)}`))}`;

/** Ways that lead to what has certain words: lists and the search for items and responses. All pieces have them. */
const hits = (kind: string) => `search(query: "broken lint", kinds: [${kind}], first: 100) {
    nodes { hit { __typename ... on Item { id } ... on Response { id } } } totalCount pageInfo { hasNextPage } }`;
const BY_WORDS = `
  words: ${list(NEWEST, 'filter: { query: "lintel bro" }')}
  items: ${hits('ITEM')}
  responses: ${hits('RESPONSE')}`;

/** A document that asks for these by all ways that take their ids. */
export const byTheirIds = (asked: Asked): string => document(directly(asked));

/** A document that asks for these by every way that there is, lists of all items of project and company included. */
export const everyWay = (asked: Asked): string =>
  document(`project(id: $project) { ${LISTS} itemStatistics { count } csv: itemsExportUrl(format: CSV, columns: ["TITLE"]) }
    ${LISTS} ${BY_WORDS} ${directly(asked)}`);

/** The items of a list; nodes, edges and count must be of one mind. */
export function idsOf(list: Data): string[] {
  const ids: string[] = list.nodes.map((node: { id: string }) => node.id);
  const edges: string[] = list.edges.map(({ node }: Data) => node.id);
  if (text(edges) !== text(ids) || list.totalCount !== ids.length || list.pageInfo.hasNextPage)
    throw new Error(`A list is at odds with itself: ${text(list)}`);
  return ids;
}

/** What a search found, in the order asked for; it must count what it finds. */
function hitsOf({ nodes, totalCount, pageInfo }: Data, asked: readonly string[]): string[] {
  const ids: string[] = nodes.map(({ hit }: Data) => hit.id);
  if (totalCount !== ids.length || pageInfo.hasNextPage)
    throw new Error(`A search is at odds with itself: ${totalCount}`);
  return asked.filter((id) => ids.includes(id));
}

/** The ids of the items that came to light, by way: of lists in their order, else in the order asked for. */
export function found(data: Data, asked: Asked): Record<string, string[]> {
  const gids = asked.map(({ gid }) => gid);
  const ofLists = (name: string, lists: Data) =>
    ['newest', 'numbered', 'newestArchived', 'numberedArchived'].map((kind): [string, string[]] => [
      `${name} ${kind}`,
      lists ? idsOf(lists[kind]) : [],
    ]);
  const byIds = (name: string): string[] => {
    const seen = chunksOf(asked).flatMap((_, n) => idsOf(data[`${name}${n}`]));
    return gids.filter((gid) => seen.includes(gid));
  };
  return {
    nodes: gids.filter((gid, n) => data[`nodes${Math.floor(n / CHUNK)}`][n % CHUNK]?.id === gid),
    ids: byIds('ids'),
    numberedIds: byIds('numberedIds'),
    archivedIds: byIds('archivedIds'),
    ...Object.fromEntries(
      Object.entries(ONE_BY_ONE).map(([way, { told }]) => [
        way,
        asked.flatMap((one, n) => (data[`${way}${n}`]?.id === one[told] ? one.gid : [])),
      ]),
    ),
    words: idsOf(data.words),
    'items by words': hitsOf(data.items, gids),
    'responses by words': hitsOf(
      data.responses,
      asked.map(({ response }) => response),
    ),
    ...Object.fromEntries([...ofLists('project', data.project), ...ofLists('company', data)]),
  };
}
