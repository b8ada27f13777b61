import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { buildSchema, type GraphQLObjectType, subscribe } from 'graphql';
import pino from 'pino';
import { loadConfig } from '../../src/config.ts';
import { createServer } from '../../src/http/server.ts';
import { createSignIn, type TokenClaim } from '../../src/http/signIn.ts';
import { mintToken } from '../../src/http/token.ts';
import { badUserInput, forbidden, unauthenticated } from '../../src/kernel/errors.ts';

const schema = buildSchema(`
  type Query {
    hello(name: String = "you"): String!
    greet(name: String!): String
    whoami: String!
    boom: String
    badInt: Int
    refused: String
    forbidden: String
    find(filter: Filter): Int!
    items(first: Int): ItemConnection!
    rateLimit: RateLimit!
  }
  type Mutation { write(input: WriteInput!): WritePayload! }
  type Subscription { ticks: Int! pages(first: Int): ItemConnection! silence: Int! refused: Int! }
  input Filter { and: [Filter!] color: Color }
  enum Color { RED GREEN }
  input WriteInput { ids: [ID!] }
  type WritePayload { written: Int! }
  type ItemConnection { nodes: [Item!]! totalCount: Int! }
  type Item { id: ID! self: Item! }
  type RateLimit { limit: Int! remaining: Int! cost: Int! }
`);

const written = (ids: unknown[] | undefined) => ids?.length ?? 0;

/** A server of a tiny graph on loopback, as the gateway's own is set up; settings as in the environment. */
export async function startTiny(
  settings: Record<string, string> = {},
  graphiql: (request: Request, path: string) => Promise<Response | null> = async () => null,
) {
  const time = { ms: Date.parse('2026-03-02T08:00:00Z') };
  const clock = { now: () => new Date(time.ms) };
  const logged: { msg: string; id?: string; err?: { message: string }; level: number }[] = [];
  const log = pino(
    { level: 'trace' },
    new Writable({
      write(line, _, done) {
        logged.push(JSON.parse(String(line)));
        done();
      },
    }),
  );
  const config = loadConfig({
    JWT_SECRET: 'a secret of thirty-two bytes, or more',
    ...(settings.NODE_ENV && { PUBLIC_URL: 'http://gateway.test', LINK_SECRETS: `id:${'x'.repeat(32)}` }),
    ...settings,
  });
  const state = { ready: true, wrote: 0, contexts: 0, listening: 0 };
  const root = {
    hello: ({ name }: { name: string }) => `Hello ${name}`,
    greet: ({ name }: { name: string }) => `Hello ${name}`,
    whoami: (_: unknown, { user }: { user: string }) => user,
    boom: () => {
      throw new Error('the password is "swordfish"');
    },
    badInt: () => 'not a number',
    refused: () => {
      throw badUserInput('That is no colour.');
    },
    forbidden: () => {
      throw forbidden('Not for you.');
    },
    find: () => 1,
    items: ({ first }: { first?: number }) => ({
      nodes: Array.from({ length: first ?? 25 }, (_, id) => ({ id })),
      totalCount: 7,
    }),
    rateLimit: (_: unknown, { rateLimit }: { rateLimit(): unknown }) => rateLimit(),
    write: ({ input }: { input: { ids?: string[] } }) => {
      state.wrote += 1;
      return { written: written(input.ids) };
    },
  };
  for (const type of ['Query', 'Mutation']) {
    for (const [name, field] of Object.entries(
      (schema.getType(type) as never as { getFields(): object }).getFields(),
    )) {
      field.resolve = (_: unknown, args: never, context: never) => root[name as keyof typeof root](args, context);
    }
  }
  const { ticks, pages, silence, refused } = (schema.getType('Subscription') as GraphQLObjectType).getFields();
  for (const field of [ticks!, pages!]) {
    field.subscribe = async function* () {
      for (const tick of [1, 2, 3]) yield tick;
    };
  }
  // the second tick is an accident
  ticks!.resolve = (tick) => {
    if (tick === 2) throw new Error('the password is "swordfish"');
    return tick;
  };
  pages!.resolve = () => root.items({ first: 1 });
  silence!.subscribe = () => {
    state.listening += 1;
    const over = Promise.withResolvers<IteratorResult<number>>();
    // can be asked to end more than once
    over.promise.then(() => {
      state.listening -= 1;
    });
    const end = () => {
      over.resolve({ done: true, value: undefined });
      return over.promise;
    };
    const stream = { next: () => over.promise, return: end, [Symbol.asyncIterator]: () => stream };
    return stream;
  };
  refused!.subscribe = () => {
    throw badUserInput('There is no such thing.');
  };
  const server = createServer({
    config,
    clock,
    log,
    schema,
    schemaForCode: schema,
    signIn: createSignIn(config, clock),
    async context(claim) {
      state.contexts += 1;
      const { value } = claim as TokenClaim;
      if (value === 'nobody@example.com') throw unauthenticated('Nobody here has the address nobody@example.com.');
      if (value === 'broken@example.com') throw new Error('the database is gone');
      return { user: value };
    },
    subscribe: (args) => subscribe(args) as never,
    streams: () => ({ streams: 0, news: 0, gaps: 0 }),
    jobs: async () => [],
    deliveries: async () => [],
    userOf: ({ user }) => user,
    routes: {
      async ready() {
        if (!state.ready) throw new Error('no database');
      },
      uploads: async () => new Response('Not found', { status: 404 }),
      links: async (_request, path) => {
        if (path.includes('broken')) throw new Error('the disk is gone');
        return new Response('Not found', { status: 404 });
      },
      graphiql,
      mailbox: null,
    },
  });
  const http = createHttpServer(server.listener);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;

  const tokenOf = (email: string) =>
    mintToken(config.signIn, 'a secret of thirty-two bytes, or more', { id: '', externalId: null, email }, clock.now());
  const token = await tokenOf('joe@example.com');

  /** Posts to the graph as Joe; what is given overrides the usual. */
  async function post(
    body: unknown,
    {
      headers = {},
      ...init
    }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string>; duplex?: 'half' } = {},
  ) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: typeof body === 'string' || body instanceof ReadableStream ? body : JSON.stringify(body),
      ...init,
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    const json: any = text.startsWith('{') ? JSON.parse(text) : null;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json,
      code: json?.errors?.[0]?.extensions?.code,
    };
  }

  return {
    ...{ url, origin: `http://127.0.0.1:${port}`, port, token, tokenOf, post, state, time, logged, config },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((closed) => http.close(closed));
    },
  };
}
