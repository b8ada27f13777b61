import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { follow, type MaybePromise } from '../database/loader.ts';
import type { Context } from './context.ts';

/** What happens to something before it is shown as a type. Throws when it must not be shown. */
export type Arrival = (value: object, context: Context, info: GraphQLResolveInfo) => MaybePromise<void>;

type Field = GraphQLField<unknown, Context>;
type Resolver = GraphQLFieldResolver<unknown, Context>;

export const objectTypes = (schema: GraphQLSchema): GraphQLObjectType<unknown, Context>[] =>
  Object.values(schema.getTypeMap()).filter(isObjectType);

/** Lets the fields that lead to types receive what they show, but for those that are `spared`. Changes the schema. */
export function receive(
  schema: GraphQLSchema,
  arrivals: ReadonlyMap<string, Arrival>,
  spared: (field: Field, parent: GraphQLObjectType<unknown, Context>) => boolean = () => false,
): void {
  for (const parent of objectTypes(schema)) {
    for (const field of Object.values(parent.getFields())) {
      const type = getNamedType(field.type);
      const names = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
      if (names.some((name) => arrivals.has(name)) && !spared(field, parent)) field.resolve = received(field, arrivals);
    }
  }
}

function received(field: Field, arrivals: ReadonlyMap<string, Arrival>): Resolver {
  const type = getNamedType(field.type);
  const resolve: Resolver = field.resolve ?? ((parent) => (parent as Record<string, unknown>)[field.name]);
  return (parent, args, context, info) => {
    const arrive = (value: unknown): MaybePromise<unknown> => {
      if (value === null || value === undefined || value instanceof Error) return value;
      if (value instanceof Promise) return value.then(arrive);
      if (Array.isArray(value)) {
        const all = value.map(arrive);
        return all.some((one) => one instanceof Promise) ? Promise.all(all) : value;
      }
      const name = isAbstractType(type) ? type.resolveType!(value, context, info, type) : type.name;
      return follow(name, (known) => {
        const arrival = arrivals.get(known!);
        return arrival ? follow(arrival(value as object, context, info), () => value) : value;
      });
    };
    return arrive(resolve(parent, args, context, info));
  };
}
