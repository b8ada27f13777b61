import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { DEFAULT_PAGE, MAX_PAGE } from '../database/keyset.ts';

/** The values of an operation's variables: those given, and its defaults. */
export type Variables = Record<string, unknown>;

/** Given values and defaults together, as they stand: nothing is coerced. */
export function valuesOf(operation: OperationDefinitionNode, given?: Variables | null): Variables {
  const values: Variables = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const { value } = variable.name;
    if (given && value in given) values[value] = given[value];
    else if (defaultValue) values[value] = valueFromASTUntyped(defaultValue);
  }
  return values;
}

/** Whether @skip or @include leaves a selection out. */
export function isLeftOut({ directives }: SelectionNode, variables: Variables): boolean {
  return (directives ?? []).some((directive) => {
    const leavesOutWhen = { skip: true, include: false }[directive.name.value];
    return leavesOutWhen !== undefined && scalar(argument(directive.arguments, 'if'), variables) === leavesOutWhen;
  });
}

const argument = (nodes: readonly ArgumentNode[] | undefined, name: string) =>
  nodes?.find((node) => node.name.value === name)?.value;

/** The value of a number, boolean or variable; anything else is undefined. */
function scalar(node: ValueNode | undefined, variables: Variables): unknown {
  if (node?.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node?.kind === Kind.BOOLEAN) return node.value;
  return node?.kind === Kind.INT ? Number(node.value) : undefined;
}

/** Whether an argument is there, and not null. */
export function isGiven({ arguments: nodes }: FieldNode, name: string, variables: Variables): boolean {
  const node = argument(nodes, name);
  if (node?.kind === Kind.VARIABLE) return variables[node.name.value] != null;
  return node !== undefined && node.kind !== Kind.NULL;
}

/** How many nodes a connection is asked for. Too many are refused by the connection itself, in better words. */
export function pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>, variables: Variables): number {
  const sizes = ['first', 'last']
    .map((name) => scalar(argument(node.arguments, name), variables) ?? defaultOf(field, name))
    .filter((size) => typeof size === 'number');
  return sizes.length > 0 ? Math.min(Math.max(0, ...sizes), MAX_PAGE) : DEFAULT_PAGE;
}

const defaultOf = (field: GraphQLField<unknown, unknown>, name: string) =>
  field.args.find((arg) => arg.name === name)?.defaultValue;

/** How many things the list arguments of a field name together; null when it has none. */
export function listed(nodes: readonly ArgumentNode[] | undefined, variables: Variables): number | null {
  return total((nodes ?? []).map(({ value }) => lengthOf(value, variables)));
}

/** How many things the lists of a mutation's input name together; null when it has none. */
export function batchSize(node: FieldNode, variables: Variables): number | null {
  const input = argument(node.arguments, 'input');
  if (input?.kind === Kind.OBJECT) return total(input.fields.map(({ value }) => lengthOf(value, variables)));
  const value = input && scalar(input, variables);
  if (typeof value !== 'object' || value === null) return null;
  return total(Object.values(value).map((list) => (Array.isArray(list) ? list.length : null)));
}

function lengthOf(node: ValueNode, variables: Variables): number | null {
  if (node.kind === Kind.LIST) return node.values.length;
  const value = scalar(node, variables);
  return Array.isArray(value) ? value.length : null;
}

function total(lengths: (number | null)[]): number | null {
  const known = lengths.filter((length) => length !== null);
  return known.length > 0 ? known.reduce((sum, length) => sum + length, 0) : null;
}
