import type { ObjectRef } from '@pothos/core';
import type { Page } from '../database/keyset.ts';
import { builder } from './builder.ts';

/** A page of rows and how many there are in all; the sides and the count are worked out when they are asked for. */
export interface Connection<Row> {
  edges: { cursor: string; node: Row }[];
  pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  totalCount: () => Promise<number>;
}

/** A page as a connection answers it. `count` is only called when totalCount is selected. */
export function connectionOf<Row>(page: Page<Row>, count: () => Promise<number>): Connection<Row> {
  return {
    edges: page.edges,
    pageInfo: {
      // promises behind getters: resolvers wait for them, and nobody else pays
      get hasNextPage() {
        return page.hasNextPage() as unknown as boolean;
      },
      get hasPreviousPage() {
        return page.hasPreviousPage() as unknown as boolean;
      },
      get startCursor() {
        return page.edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return page.edges.at(-1)?.cursor ?? null;
      },
    },
    totalCount: count,
  };
}

/** The types XConnection and XEdge of a type X. */
// biome-ignore lint/suspicious/noExplicitAny: a ref of any schema types; Pothos checks the rows
export function connectionType<Row>(name: string, ref: ObjectRef<any, Row, Row>) {
  return builder.connectionObject(
    {
      type: ref,
      name: `${name}Connection`,
      description: `A page of a list of ${name} objects (Relay connection).`,
    },
    { name: `${name}Edge`, description: `One row of a list of ${name} objects, with the cursor that points to it.` },
  );
}

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many rows the whole list has for you, under its filter. Counted only when selected.',
    resolve: (connection) => connection.totalCount(),
  }),
);
