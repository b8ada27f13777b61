import { type CompiledQuery, sql } from 'kysely';
import { type Batch, batch, groupBy } from './loader.ts';
import type { Db } from './orm.ts';

/** A query of some list: one of Kysely's, or `sql` with brackets around. */
export interface Listing {
  compile(db: Db): CompiledQuery;
  // biome-ignore lint/suspicious/noExplicitAny: what the tables of Kysely make of an alias
  as(alias: 'q'): any;
}

// the protocol counts to 65,535 parameters of a statement, and a filter can have some thousands
const MAX_PARAMETERS = 30_000;

/**
 * Lists of one kind (the items of each project of a page, the members of each): those asked for in the same tick are read by one
 * statement, equal ones once. All queries of one kind answer the same columns. A list asked for alone is read as it stands.
 * `from` says where they are read: lists that tolerate lag say so. `made` is what a row of the answer becomes.
 */
export const listings = <Asker extends { db: Db }, Row, Stored = Row>(
  from: (asker: Asker) => Db = ({ db }) => db,
  made = (row: Stored): Row => row as unknown as Row,
): Batch<Asker, Listing, Row[]> =>
  batch(async (asker, asked) => {
    const db = from(asker);
    if (asked.length === 1) return new Map([[asked[0]!, (await alone<Stored>(db, asked[0]!)).map(made)]]);
    const compiled = asked.map((query) => ({ query, text: query.compile(db) }));
    const equal = groupBy(compiled, ({ text }) => JSON.stringify([text.sql, text.parameters]));
    const found = new Map<Listing, Row[]>();
    for (const chunk of chunksOf([...equal.values()])) {
      const lists = await together<Stored>(
        db,
        chunk.map((same) => same[0]!.query),
      );
      for (const [n, same] of chunk.entries()) {
        const rows = lists[n]!.map(made);
        for (const { query } of same) found.set(query, rows);
      }
    }
    return found;
  });

/** How many rows there are, by queries that answer one `count` each. */
export const counts = listings<{ db: Db }, { count: number }>();

function chunksOf<Same extends readonly { text: CompiledQuery }[]>(all: Same[]): Same[][] {
  const chunks: Same[][] = [];
  let parameters = Number.POSITIVE_INFINITY;
  for (const same of all) {
    const more = same[0]!.text.parameters.length;
    if (parameters + more > MAX_PARAMETERS) {
      chunks.push([]);
      parameters = 0;
    }
    chunks.at(-1)!.push(same);
    parameters += more;
  }
  return chunks;
}

const alone = async <Row>(db: Db, query: Listing): Promise<Row[]> =>
  (await db.executeQuery(query.compile(db))).rows as Row[];

async function together<Row>(db: Db, queries: readonly Listing[]): Promise<Row[][]> {
  if (queries.length === 1) return [await alone<Row>(db, queries[0]!)];
  const [first, ...others] = queries.map((query, n) =>
    db
      .selectFrom(query.as('q') as 'users')
      .select([sql.lit(n).as('list'), sql<number>`row_number() over ()`.as('place')])
      .selectAll(),
  );
  let all = first!;
  for (const other of others) all = all.unionAll(other);
  const rows = (await all.orderBy('list').orderBy('place').execute()) as (Row & { list: number })[];
  const lists = groupBy(rows, ({ list }) => list);
  return queries.map((_, n) => lists.get(n) ?? []);
}
