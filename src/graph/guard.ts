import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { follow, type MaybePromise } from '../database/loader.ts';
import type { Context } from './context.ts';

type Resolver = GraphQLFieldResolver<unknown, Context>;
type Guard = NonNullable<GraphQLObjectType<unknown, Context>['isTypeOf']>;

/**
 * Asks the scopes of types (scope-auth, runScopesOnType) in the fields that lead to them, instead of in isTypeOf: a compiled
 * operation (compile.ts) gives isTypeOf neither context nor info, and takes a promise for a yes. Changes the schema.
 */
export function guardByFields(schema: GraphQLSchema): void {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const guards = new Map<string, Guard>();
  for (const type of types) {
    if (!type.isTypeOf) continue;
    guards.set(type.name, type.isTypeOf as Guard);
    type.isTypeOf = undefined;
  }
  const isGuarded = (type: GraphQLNamedType): boolean =>
    guards.has(type.name) ||
    (isAbstractType(type) && schema.getPossibleTypes(type).some(({ name }) => guards.has(name)));
  for (const type of types) {
    for (const field of Object.values(type.getFields()) as GraphQLField<unknown, Context>[]) {
      if (isGuarded(getNamedType(field.type))) field.resolve = guarded(field, guards);
    }
  }
}

/** A field whose values are shown only when the guard of their type says yes: one no, or an accident, is an error of the field. */
function guarded(field: GraphQLField<unknown, Context>, guards: ReadonlyMap<string, Guard>): Resolver {
  const type = getNamedType(field.type);
  const resolve: Resolver = field.resolve ?? ((parent) => (parent as Record<string, unknown>)[field.name]);
  return (parent, args, context, info) => {
    const judge = (value: unknown): MaybePromise<unknown> => {
      if (value === null || value === undefined) return value;
      if (value instanceof Promise) return value.then(judge);
      if (Array.isArray(value)) {
        const all = value.map(judge);
        return all.some((one) => one instanceof Promise) ? Promise.all(all) : all;
      }
      const name = isAbstractType(type) ? type.resolveType!(value, context, info, type) : type.name;
      return follow(name, (known) => {
        const guard = guards.get(known!);
        return guard ? follow(guard(value, context, info), (yes) => (yes ? value : refuse(known!))) : value;
      });
    };
    return judge(resolve(parent, args, context, info));
  };
}

const refuse = (name: string): never => {
  throw new Error(`The scopes of ${name} were not granted.`);
};
