import { type GraphQLSchema, isObjectType } from 'graphql';
import { toGlobalId } from '../kernel/ids.ts';
import { guardByFields } from './guard.ts';

type Row = { id: string };

const STAYING = new Set(['User', 'Vendor', 'Project', 'GenericTool', 'GenericToolStatus']);

function onceFor(typename: string): (row: Row) => string {
  const made = new WeakMap<Row, string>();
  return (row) => {
    const known = made.get(row);
    if (known) return known;
    const id = toGlobalId(typename, row.id);
    made.set(row, id);
    return id;
  };
}

/**
 * Makes a schema of Pothos ready for compiled operations (compile.ts), and as quick as they are. Changes the schema.
 * - Guards of types are asked by fields (guard.ts).
 * - Whether there is more than a page may have to be looked up, and only resolvers may answer with a promise.
 * - Global ids are made at once: Pothos makes a promise of each, 450 for a page of 50 items, 12 % of the time of the page. Those of
 *   rows that stay for many requests (database/kept.ts) are made once: 6 %.
 */
export function finish(schema: GraphQLSchema): GraphQLSchema {
  guardByFields(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const { id, hasNextPage, hasPreviousPage } = type.getFields();
    if (type.name === 'PageInfo') {
      hasNextPage!.resolve = (page: { hasNextPage: unknown }) => page.hasNextPage;
      hasPreviousPage!.resolve = (page: { hasPreviousPage: unknown }) => page.hasPreviousPage;
    }
    if (type.getInterfaces().some(({ name }) => name === 'Node')) {
      id!.resolve = STAYING.has(type.name) ? onceFor(type.name) : (row: Row) => toGlobalId(type.name, row.id);
    }
  }
  return schema;
}
