import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { type CreateApiKeyInput, createApiKey, type RevokeApiKeyInput, revokeApiKey } from './apiKey.commands.ts';
import { type ApiKeyRow, apiKeyById, apiKeysOf } from './apiKey.queries.ts';
import { Company, User } from './directory.graph.ts';
import { userById } from './directory.queries.ts';

const ApiKey = builder.objectRef<ApiKeyRow>('ApiKey');
builder.node(ApiKey, {
  description:
    'A way for programs to sign in as one user of one company: "Authorization: Bearer <secret>". Good until it expires or is revoked, ' +
    'and while its user is active. Seen by its user and by company admins; its secret by nobody.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(apiKeyById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    user: t.field({
      type: User,
      description: 'Whom requests that bear it act as.',
      resolve: ({ userId }, _args, { loads }) => loads.the(userById, userId),
    }),
    prefix: t.exposeString('prefix', { description: 'The beginning of its secret, to know it by.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null if never.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops being good; null if never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody put an end to it; null if nobody did.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.objectFields(Company, (t) => ({
  apiKeys: t.field({
    type: [ApiKey],
    nullable: true,
    description:
      'Your API keys, newest first; for company admins those of everybody. Also the last 50 of each user that are good no more. ' +
      'Null for a company that you do not act for.',
    resolve: ({ id }, _args, { loads }) => loads.load(apiKeysOf, id),
  }),
}));

/** The key of a payload, as it is now. */
const keyField = (description: string) => ({
  type: ApiKey,
  nullable: true as const,
  description,
  resolve: ({ id }: { id?: string }, _args: object, { loads }: Parameters<typeof createApiKey>[0]) =>
    id ? loads.load(apiKeyById, id) : null,
});

mutation<CreateApiKeyInput, { id: string; secret: string }>('createApiKey', {
  description:
    'Makes an API key: everybody for themself, company admins for service users too (FORBIDDEN). A user has at most 20 that are good (TOO_MANY).',
  input: builder.inputRef<CreateApiKeyInput>('CreateApiKeyInput').implement({
    description: 'A new API key.',
    fields: (t) => ({
      userId: t.id({
        description:
          'Id of the User who signs in by it (NOT_FOUND; NOT_SELECTABLE if inactive); you, if absent or null.',
      }),
      name: t.string({ required: true, description: 'What it is for, at most 255 characters (REQUIRED, TOO_LONG).' }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When it stops being good, a moment to come (INVALID); never, if absent or null.',
      }),
    }),
  }),
  payload: (t) => ({
    apiKey: t.field(keyField('The new key.')),
    secret: t.string({
      nullable: true,
      description: 'What to sign in by, "cg_" and 46 letters and digits. It is told here, once, and kept nowhere.',
      resolve: ({ secret }) => secret,
    }),
  }),
  run: createApiKey,
});

mutation<RevokeApiKeyInput, { id: string }>('revokeApiKey', {
  description:
    'Ends an API key at once and for good; one that was revoked stays as it is. For your own, and for company admins.',
  input: builder.inputRef<RevokeApiKeyInput>('RevokeApiKeyInput').implement({
    description: 'Which key to end.',
    fields: (t) => ({ id: t.id({ required: true, description: 'Id of an ApiKey that you see (NOT_FOUND).' }) }),
  }),
  payload: (t) => ({ apiKey: t.field(keyField('The key, as it is now.')) }),
  run: async (context, input) => ({ id: await revokeApiKey(context, input) }),
});
