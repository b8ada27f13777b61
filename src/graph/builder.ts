import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { badUserInput, forbidden } from '../kernel/errors.ts';
import { fromGlobalId, toGlobalId } from '../kernel/ids.ts';
import type { Context } from './context.ts';

/** What can be asked of a caller; rules of rows (an item, a grant) are in the policies and in SQL. */
export interface Scopes {
  /** acts as an active user: every field of the graph */
  signedIn: boolean;
  /** manages settings, tools, directory and memberships of the company */
  companyAdmin: boolean;
}

// as many as a page of a list holds
const MAX_NODES = 100;

/** Ids can be well formed and name a type that is no Node, or none at all. */
function requireNodes(ids: readonly { typename: string; id: string }[], schema: GraphQLSchema): void {
  for (const { typename, id } of ids) {
    const type = schema.getType(typename);
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Node'))
      throw badUserInput(`"${toGlobalId(typename, id)}" is not the id of a Node.`);
  }
}

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  AuthScopes: Scopes;
  Connection: { totalCount: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date | string };
    Date: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  plugins: [RelayPlugin, ScopeAuthPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: (context) => ({
      signedIn: Boolean(context.viewer),
      companyAdmin: Boolean(context.viewer?.isCompanyAdmin),
    }),
    runScopesOnType: true,
    unauthorizedError: (_parent, _context, info) =>
      forbidden(`You have no right to ${info.parentType.name}.${info.fieldName}.`),
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    nodesOnConnection: { description: 'The page, without cursors.' },
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, each row with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'The row.' },
    cursorFieldOptions: {
      description: 'Points to this row in this order, also when the row is gone: for after and before.',
    },
    pageInfoFieldOptions: { description: 'What lies on both sides of the page.' },
    firstArgOptions: { description: 'How many from the start: 0 to 100, by default 25. Not together with last.' },
    afterArgOptions: { description: 'Only what comes after this cursor, which must be of the same order.' },
    lastArgOptions: { description: 'How many from the end: 0 to 100. Not together with first.' },
    beforeArgOptions: { description: 'Only what comes before this cursor, which must be of the same order.' },
    pageInfoTypeOptions: { description: 'What lies on both sides of a page of a list.' },
    hasNextPageFieldOptions: { description: 'Whether the list goes on after the page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is something before the page.' },
    startCursorFieldOptions: { description: 'The cursor of the first row; null when the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last row; null when the page is empty.' },
    nodeTypeOptions: { description: 'What has a global id, by which the query node finds it again.' },
    idFieldOptions: { description: 'Global id.' },
    nodeQueryOptions: {
      description: 'What has this id; null when there is nothing that you see.',
      args: { id: { description: 'A global id, of any type that is a Node.' } },
      resolve: (_root, { id }, _context, info, resolveNode) => {
        requireNodes([id], info.schema);
        return resolveNode(id);
      },
    },
    nodesQueryOptions: {
      description: 'What has these ids, in their order; null in the place of what you do not see.',
      args: { ids: { description: `Global ids, of any types that are a Node; at most ${MAX_NODES}.` } },
      resolve: (_root, { ids }, _context, info, resolveNodes) => {
        if (ids.length > MAX_NODES) throw badUserInput(`ids: ${ids.length} ids; at most ${MAX_NODES} are taken.`);
        requireNodes(ids, info.schema);
        return resolveNodes(ids);
      },
    },
    encodeGlobalID: (type, id) => toGlobalId(type, String(id)),
    decodeGlobalID: (id) => {
      const decoded = fromGlobalId(id);
      if (!decoded) throw badUserInput(`"${id.slice(0, 100)}" is not an id.`);
      return { typename: decoded.type, id: decoded.uuid };
    },
  },
});
