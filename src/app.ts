import { createKeeper } from './database/kept.ts';
import { readingOf } from './database/orm.ts';
import { countDeliveries } from './delivery/delivery.queries.ts';
import { createUseNotes } from './directory/apiKey.use.ts';
import { type SignedIn, viewerById, viewerOf, viewerOfKey } from './directory/viewer.ts';
import { contextOf } from './graph/context.ts';
import { schema, schemaForCode } from './graph/schema.ts';
import { createGraphiql } from './http/graphiql.ts';
import { graphiqlPage } from './http/graphiqlPage.ts';
import { linkAnswerers } from './http/linkAnswerers.ts';
import { createLinks } from './http/links.ts';
import { createMailbox } from './http/mailbox.ts';
import { checkReady } from './http/ready.ts';
import { createServer } from './http/server.ts';
import { type Claim, createSignIn } from './http/signIn.ts';
import { createUploads } from './http/uploads.ts';
import { countJobs } from './job/job.queries.ts';
import type { Link } from './link/link.ts';
import { BEAT_MS, createHub } from './live/hub.ts';
import { createSubscribe } from './live/subscribe.ts';
import type { Topic } from './live/topic.ts';
import { createTurns } from './live/turns.ts';
import type { World } from './world.ts';

/**
 * The gateway as one function: `fetch` takes a request and gives its response, `listener` is the same for node:http.
 * Database, clock, settings and log come in with the world; closing them is for whoever opened them. `answerers` serve its links.
 * `close` ends the streams of subscriptions, and the connection that they hear by, which is opened for the first of them.
 */
export function createApp(world: World, answerers = linkAnswerers, beatMs = BEAT_MS) {
  const { config, clock, log, orm, replicas } = world;
  const keeper = createKeeper();
  const mayLag = Boolean(replicas);
  const contextFor = (viewer: SignedIn) =>
    contextOf(world, viewer, keeper.of(viewer.companyId, viewer.namesVersion), viewer.needs);
  const hub = createHub(world, contextFor, beatMs);
  const noteUse = createUseNotes(world);
  /** Who signs in, found by the first statement of a request, whatever they sign in by. */
  const viewerBy = async (claim: Claim, company: string | null): Promise<SignedIn> => {
    if ('value' in claim) return viewerOf(readingOf(orm), claim.value, claim.field, company, mayLag);
    const viewer = await viewerOfKey(readingOf(orm), claim.keyHash, clock.now(), company, mayLag);
    if (viewer.useIsNews) noteUse(viewer.keyId);
    return viewer;
  };
  const signed = {
    keys: world.links,
    clock,
    async contextOf({ userId, companyId }: Pick<Link, 'userId' | 'companyId'>) {
      const viewer = await viewerById(readingOf(orm), userId, companyId, mayLag);
      return viewer && contextFor(viewer);
    },
  };
  const contextBy = async (claim: Claim, request: Request) => {
    const viewer = await viewerBy(claim, request.headers.get('x-company-id'));
    const context = contextFor(viewer);
    const signedIn = 'value' in claim ? { expiresAt: claim.expiresAt, keyHash: null } : { expiresAt: null, ...claim };
    context.listen = <News, About>(topic: Topic<News, About>) =>
      hub.open({ viewer, ...signedIn }, topic, atOnce(config.limits.cost, context.rateLimit().cost)) as never;
    return context;
  };
  const signIn = createSignIn(config, clock);
  const server = createServer({
    config,
    clock,
    log,
    schema,
    schemaForCode,
    signIn,
    context: contextBy,
    subscribe: createSubscribe(createTurns(turnsOf(config.databasePoolSize))),
    streams: hub.count,
    userOf: ({ viewer }) => viewer.id,
    jobs: () => countJobs(readingOf(orm)),
    deliveries: () => countDeliveries(readingOf(orm), clock.now()),
    routes: {
      ready: () => checkReady(orm),
      links: createLinks({ ...signed, answerers }),
      uploads: createUploads(signed),
      mailbox: createMailbox(world, { signIn, contextBy, contextOf: signed.contextOf }),
      graphiql: config.graphiql ? createGraphiql((request) => graphiqlPage(world, request)) : async () => null,
    },
  });
  return {
    ...server,
    async close(): Promise<void> {
      await hub.close();
      await server.close();
    },
  };
}

// news are shown beside requests, and leave them most of the connections
const turnsOf = (poolSize: number) => Math.max(1, Math.floor(poolSize / 3));

// as many as a page has
const MOST_AT_ONCE = 100;

/** How many news of a subscription are shown together: all of them cost no more than one operation may. */
const atOnce = (maxCost: number, cost: number) =>
  Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(maxCost / Math.max(1, cost))));
