import type { GraphQLSchema } from 'graphql';
import { follow } from '../database/loader.ts';
import { type Arrival, objectTypes } from './arrival.ts';

/**
 * The scopes of types (scope-auth, runScopesOnType), taken out of isTypeOf to be asked when something arrives at a field: a compiled
 * operation (compile.ts) gives isTypeOf neither context nor info, and takes a promise for a yes. Changes the schema.
 */
export function takeGuards(schema: GraphQLSchema): Map<string, Arrival> {
  const guards = new Map<string, Arrival>();
  for (const type of objectTypes(schema)) {
    const { name, isTypeOf } = type;
    if (!isTypeOf) continue;
    type.isTypeOf = undefined;
    guards.set(name, (value, context, info) =>
      follow(isTypeOf(value, context, info), (yes) => {
        if (!yes) throw new Error(`The scopes of ${name} were not granted.`);
      }),
    );
  }
  return guards;
}
