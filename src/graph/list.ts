import { type RawBuilder, sql } from 'kysely';
import { type Order, orderBy, type PageArgs, pageOf, type SortValues, sortValues } from '../database/keyset.ts';
import { counts, listings } from '../database/listings.ts';
import { type Connection, connectionOf } from './connection.ts';
import type { Context } from './context.ts';

/**
 * Lists of rows that show the same columns in the same order, page by page; those asked for in the same tick are read together. What it
 * gives takes the name that cursors are bound to, and where rows come from, with what may be seen and was asked for: `teams row where ...`.
 */
export function listsOf<Row>(columns: RawBuilder<unknown>, order: Order) {
  const pages = listings<Context, Row & { sortValues: SortValues }>();
  return async (
    { loads }: Context,
    name: string,
    from: RawBuilder<unknown>,
    args: PageArgs,
  ): Promise<Connection<Row>> => {
    const page = await pageOf(args, order, name, async (part) => {
      const rows = sql`(
        select ${columns}, ${sortValues(order)} as "sortValues"
        from ${from} and ${part.where} order by ${orderBy(part.order)} limit ${part.limit})`;
      return (await loads.load(pages, rows)) ?? [];
    });
    return connectionOf(
      page,
      async () => (await loads.load(counts, sql`(select count(*)::int as count from ${from})`))![0]!.count,
    );
  };
}

/** By a key that is stored with each row, and the id. */
export const byKey = (column: string): Order => [
  { sql: sql.ref(column), type: 'text', direction: 'ASC' },
  { sql: sql`row.id`, type: 'uuid', direction: 'ASC' },
];
