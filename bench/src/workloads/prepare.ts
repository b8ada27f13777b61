import type { Client } from 'pg';
import { idOf, PEOPLE, type SizeName } from '../data/sizes.ts';
import type { Json } from '../json.ts';
import type { Ask, Dialect, Position } from './dialect.ts';
import type { Workload } from './list.ts';

/** What a workload sends, for one server. */
export interface Prepared {
  /** for each connection what it sends in turn; fewer connections than wanted where a batch has too few items of its own */
  perConnection(connections: number): Ask[][];
  /** how many requests of a connection leave the rows as they were */
  cycle: number;
}

/** What the rows say that the workloads name; asked once, for all servers. */
export interface Facts {
  items: string[];
  position: Position | null;
  batches: string[][];
}

const ITEMS_READ = 100; // one item alone would stay in every cache
const MOST_CONNECTIONS = 16;

/** Looks up what a workload names. */
export async function factsFor(client: Client, workload: Workload, size: SizeName): Promise<Facts> {
  const { project, tool } = workload.place;
  const seen = `from item_audiences where project_id = $1 and generic_tool_id = $2 and audience in
    ('00000000-0000-0000-0000-000000000001', $3)`;
  const viewer = idOf('user', PEOPLE[workload.as]);
  const facts: Facts = { items: [], position: null, batches: [] };
  if (workload.operation === 'item') {
    const { rows } = await client.query(
      `select item_id as id ${seen} and archived = false order by created_at desc, item_id desc limit ${ITEMS_READ}`,
      [project, tool, viewer],
    );
    facts.items = rows.map(({ id }) => id);
  }
  if (workload.behind) {
    const { rows } = await client.query(
      `select distinct item_id as id, created_at as "createdAt" ${seen} order by 2 desc, 1 desc offset $4 limit 1`,
      [project, tool, viewer, workload.behind[size] - 1],
    );
    facts.position = { id: rows[0].id, createdAt: rows[0].createdAt.toISOString() };
  }
  if (workload.operation === 'batch') facts.batches = await batchesOf(client, workload, viewer);
  return facts;
}

/** Lets the open items of a batch's user begin as Open: each request there and back then changes them all. */
export async function openAll(client: Client, { place, as }: Workload): Promise<void> {
  const status = (name: string) =>
    `(select id from generic_tool_statuses where generic_tool_id = $2 and name = '${name}')`;
  await client.query(
    `update items set status_id = ${status('Open')}
     where project_id = $1 and generic_tool_id = $2 and created_by_id = $3 and status_id = ${status('In Review')}`,
    [place.project, place.tool, idOf('user', PEOPLE[as])],
  );
  await client.query('vacuum (analyze) items');
}

/** Batches without an item in common, 80 % of each the user's own and open. */
async function batchesOf(client: Client, { place, items }: Workload, viewer: string): Promise<string[][]> {
  const all = async (condition: string) => {
    const { rows } = await client.query<{ id: string }>(
      `select i.id from items i join generic_tool_statuses s on s.id = i.status_id
       where i.project_id = $1 and i.generic_tool_id = $2 and ${condition} order by i.id`,
      [place.project, place.tool, viewer],
    );
    return rows.map(({ id }) => id);
  };
  const mine = await all(`s.category = 'OPEN' and i.created_by_id = $3`);
  const others = await all(`s.category <> 'DRAFT' and not i.private and i.created_by_id <> $3`);
  const [own, foreign] = [items! * 0.8, items! * 0.2];
  const count = Math.min(MOST_CONNECTIONS, Math.floor(mine.length / own), Math.floor(others.length / foreign));
  if (count === 0)
    throw new Error(`Too few items for a batch of ${items}: ${mine.length} own, ${others.length} others.`);
  return Array.from({ length: count }, (_, n) => [
    ...mine.slice(n * own, (n + 1) * own),
    ...others.slice(n * foreign, (n + 1) * foreign),
  ]);
}

/** Puts a workload into the words of a server; `ask` sends as the workload's user. */
export async function prepare(
  workload: Workload,
  facts: Facts,
  size: SizeName,
  dialect: Dialect,
  ask: (ask: Ask) => Promise<Json>,
): Promise<Prepared> {
  const same = (asks: Ask[]): Prepared => ({
    perConnection: (connections) => Array.from({ length: connections }, (_, n) => rotate(asks, n * 7)),
    cycle: 1,
  });
  switch (workload.operation) {
    case 'list': {
      const behind = workload.behind?.[size];
      const after = behind ? await dialect.cursor(workload.place, facts.position!, behind, ask) : undefined;
      return same([dialect.list(workload.place, after)]);
    }
    case 'item':
      return same(facts.items.map((id) => dialect.item(id)));
    case 'statistics':
      return same([dialect.statistics(workload.place)]);
    case 'create': {
      const assignees = [101, 202, 303].map((n) => idOf('user', n));
      return same([dialect.create(workload.place, 'Lintel above the north door is cracked', assignees)]);
    }
    case 'batch':
      return {
        // there and back, so that each request changes what it may
        perConnection: (connections) =>
          facts.batches
            .slice(0, connections)
            .map((ids) => [dialect.batch(ids, 'In Review'), dialect.batch(ids, 'Open')]),
        cycle: 2,
      };
  }
}

const rotate = <T>(list: T[], by: number): T[] => {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
};
