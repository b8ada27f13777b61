import { coerceInputValue, type GraphQLSchema, isInputType } from 'graphql';
import { badUserInput } from '../kernel/errors.ts';

/** Reads a JSON value as an input of the graph: by name of the type, and what to call it in messages. BAD_USER_INPUT if it is none. */
export type InputReader = (type: string, value: unknown, name: string) => unknown;

/** Reads values that were inputs once, and were kept as JSON: what the graph no longer knows is refused, and not passed over. */
export const inputReader =
  (schema: GraphQLSchema): InputReader =>
  (typeName, value, name) => {
    const type = schema.getType(typeName);
    if (!type || !isInputType(type)) throw new Error(`${typeName} is no input type.`);
    return coerceInputValue(value, type, (path, _value, error) => {
      throw badUserInput(`${[name, ...path].join('.')}: ${error.message}`);
    });
  };
