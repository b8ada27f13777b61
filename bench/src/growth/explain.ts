import type { Client, Pool, PoolClient } from 'pg';

/** A statement as it went to PostgreSQL. */
export interface Sent {
  text: string;
  values: unknown[];
}

/** Notes every statement of a pool's connections in `sent`. */
export function noteStatements(pool: Pool, sent: Sent[]): void {
  pool.on('connect', (client: PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [first, second] = args as [string | { text: string; values?: unknown[] }, unknown[] | undefined];
      if (typeof first === 'string') sent.push({ text: first, values: second ?? [] });
      else sent.push({ text: first.text, values: first.values ?? second ?? [] });
      return query(...args);
    }) as never;
  });
}

interface Node {
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  'Subplan Name'?: string;
  Plans?: Node[];
}

/** What a statement took: milliseconds, and blocks of 8 kB that were looked at; those of the ids alone beside. */
export interface Cost {
  planning: number;
  execution: number;
  buffers: number;
  idBuffers: number | null;
}

/** Runs a statement three times and says what the fastest took: the others warm up, or met somebody else's work. */
export async function costOf(client: Client, { text, values }: Sent): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < 3; run += 1) {
    const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${text}`, values);
    const [{ Plan: plan, ...times }] = rows[0]['QUERY PLAN'];
    const page = find(plan, 'CTE page');
    costs.push({
      planning: times['Planning Time'],
      execution: times['Execution Time'],
      buffers: buffersOf(plan),
      idBuffers: page && buffersOf(page),
    });
  }
  return costs.reduce((best, cost) => (cost.execution < best.execution ? cost : best));
}

const buffersOf = (node: Node): number => node['Shared Hit Blocks'] + node['Shared Read Blocks'];

function find(node: Node, name: string): Node | null {
  if (node['Subplan Name'] === name) return node;
  for (const child of node.Plans ?? []) {
    const found = find(child, name);
    if (found) return found;
  }
  return null;
}
