import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** How to find out which fields of its nodes a connection is asked for; worked out once for a compiled operation. */
export function fieldsOfNodes({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const known = FOUND.get(fieldNodes);
  if (known) return known;
  const pages = fieldNodes.flatMap((node) => fieldsIn(node.selectionSet, fragments));
  const nodes = pages.flatMap((field) => {
    if (field.name.value === 'nodes') return [field];
    if (field.name.value !== 'edges') return [];
    return fieldsIn(field.selectionSet, fragments).filter(({ name }) => name.value === 'node');
  });
  const fields = new Set(nodes.flatMap((node) => fieldsIn(node.selectionSet, fragments)).map(({ name }) => name.value));
  FOUND.set(fieldNodes, fields);
  return fields;
}

const FOUND = new WeakMap<readonly FieldNode[], ReadonlySet<string>>();

/** The fields of a selection and of the fragments in it, whatever @skip and @include say. */
function fieldsIn(set: SelectionSetNode | undefined, fragments: Record<string, FragmentDefinitionNode>): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet, fragments);
    return fieldsIn(fragments[selection.name.value]?.selectionSet, fragments);
  });
}
