import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { batchSize, isGiven, isLeftOut, listed, pageSize, type Variables, valuesOf } from './costSizes.ts';

// what a list of objects is taken to hold when nothing tells: assignees, statuses, errors
const LIST_SIZE = 5;
// counting reads what paging does not: every row that matches; itemStatistics only when there is a filter
const TOTAL_COUNT = 100;
// writing the whole schema takes as much work as some 500 objects do, 60 to 110 ms, however much of it is asked for
const INTROSPECTION = 500;
// what a search looks through beside the page that it answers: some thousand rows of its index, as a count does
const SEARCH = 100;

/**
 * What selections cost: once (`fixed`), and for each element of the list whose length the field above knows (`each`):
 * the nodes and edges of a connection, the results of a batch.
 */
interface Weight {
  fixed: number;
  each: number;
}

/**
 * The cost of one operation of a valid document, before it runs: an object is 1, scalars are nothing; a connection has its page
 * size (25) of nodes, a list as many objects as its arguments name, or 5; a batch mutation costs its number of items, and its
 * results have as many; totalCount, a search, and what a filter adds to itemStatistics are 100, introspection 500.
 * Fragments are weighed once each, so that the work grows with the document and not with what it unfolds to.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
  variables?: Variables | null,
): number {
  const operation = operationOf(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return 0;
  const known = valuesOf(operation, variables);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const weighed = new Map<string, Weight>();

  const weigh = (set: SelectionSetNode, type: GraphQLNamedType | undefined): Weight => {
    const sum = { fixed: 0, each: 0 };
    if (!isCompositeType(type)) return sum;
    for (const selection of set.selections) {
      if (isLeftOut(selection, known)) continue;
      const { fixed, each } = weighOne(selection, type);
      sum.fixed = capped(sum.fixed + fixed);
      sum.each = capped(sum.each + each);
    }
    return sum;
  };

  const weighOne = (selection: SelectionNode, type: GraphQLCompositeType): Weight => {
    switch (selection.kind) {
      case Kind.FIELD:
        return weighField(selection, type);
      case Kind.INLINE_FRAGMENT: {
        const condition = selection.typeCondition?.name.value;
        return weigh(selection.selectionSet, condition ? schema.getType(condition) : type);
      }
      case Kind.FRAGMENT_SPREAD:
        return weighFragment(selection.name.value);
    }
  };

  const weighFragment = (name: string): Weight => {
    const before = weighed.get(name);
    if (before) return before;
    // a fragment that spreads itself is refused by validation; here it must only come to an end
    weighed.set(name, NOTHING);
    const fragment = fragments.get(name);
    const weight = fragment ? weigh(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)) : NOTHING;
    weighed.set(name, weight);
    return weight;
  };

  const weighField = (node: FieldNode, parent: GraphQLCompositeType): Weight => {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return { fixed: INTROSPECTION, each: 0 };
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    if (!field) return NOTHING;
    const type = getNamedType(field.type);
    if (!isCompositeType(type))
      return name === 'totalCount' && isConnection(parent) ? { fixed: TOTAL_COUNT, each: 0 } : NOTHING;
    const inside = node.selectionSet ? weigh(node.selectionSet, type) : NOTHING;
    return price(node, field, parent, type, inside);
  };

  const price = (
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
    type: GraphQLCompositeType,
    inside: Weight,
  ): Weight => {
    if (isList(field.type)) {
      const one = 1 + inside.fixed + LIST_SIZE * inside.each;
      if (isConnection(parent)) return { fixed: 0, each: one };
      // errors are few, whatever the length of the batch
      if (isPayload(parent) && name(node) !== 'userErrors') return { fixed: 0, each: one };
      const counting = name(node) === 'itemStatistics' && isGiven(node, 'filter', known) ? TOTAL_COUNT : 0;
      return { fixed: capped(counting + (listed(node.arguments, known) ?? LIST_SIZE) * one), each: 0 };
    }
    if (isConnection(type)) {
      const looking = type.name === 'SearchResultConnection' ? SEARCH : 0;
      return { fixed: capped(1 + looking + inside.fixed + pageSize(node, field, known) * inside.each), each: 0 };
    }
    if (!isPayload(type)) return { fixed: capped(1 + inside.fixed), each: 0 };
    const items = batchSize(node, known);
    // the items of a batch are paid for as items: what its results show of them is on top, the results themselves are not
    const lists = items === null ? 1 + LIST_SIZE * inside.each : Math.max(1, items) * Math.max(1, inside.each);
    return { fixed: capped(inside.fixed + lists), each: 0 };
  };

  return weigh(operation.selectionSet, root).fixed;
}

const NOTHING: Weight = { fixed: 0, each: 0 };

// a bomb of fragments grows past what numbers can tell apart
const capped = (cost: number) => Math.min(cost, Number.MAX_SAFE_INTEGER);
const name = (node: FieldNode) => node.name.value;
const isList = (type: GraphQLOutputType) => isListType(getNullableType(type));
const isConnection = (type: GraphQLNamedType) => type.name.endsWith('Connection');
const isPayload = (type: GraphQLNamedType) => type.name.endsWith('Payload');

function operationOf(document: DocumentNode, operationName?: string | null): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operationName ? operations.find(({ name }) => name?.value === operationName) : operations[0];
}
