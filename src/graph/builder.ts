import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
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
    nodesOnConnection: true,
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, each row with its cursor.' },
    nodesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, without cursors.' },
    nodeFieldOptions: { nullable: false, description: 'The row.' },
    encodeGlobalID: (type, id) => toGlobalId(type, String(id)),
    decodeGlobalID: (id) => {
      const decoded = fromGlobalId(id);
      if (!decoded) throw badUserInput(`"${id.slice(0, 100)}" is not an id.`);
      return { typename: decoded.type, id: decoded.uuid };
    },
  },
});
