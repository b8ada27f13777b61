import { type Kept, keptForNow } from '../database/kept.ts';
import { Loads } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { readingOf } from '../database/orm.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Topic } from '../live/topic.ts';
import type { World } from '../world.ts';

/** What a resolver, a query or a command is given: the world, who asks, and the loads of this request. */
export interface Context {
  world: World;
  viewer: Viewer;
  /** reads outside of a transaction; what a process remembers (database/kept.ts) is read here alone */
  db: Db;
  /**
   * Reads that tolerate lag: a replica if there is one that has all that the viewer wrote and the last change of names and rights in
   * their company; in a mutation, and without replicas, the same as `db`. What is read here says it at the query.
   */
  lagging: Db;
  /** from now on `lagging` reads what `db` does: the request writes */
  catchUp(): void;
  loads: Loads<Context>;
  /**
   * Opens a stream of what happens to a topic, for whoever signed in with this request. It gives parcels of news (live/stream.ts), which
   * whoever runs the subscription unpacks: to resolvers it is news.
   */
  listen<News, About>(topic: Topic<News, About>): Promise<AsyncIterable<News>>;
  /** the viewer's bucket, for the field rateLimit */
  rateLimit(): { limit: number; remaining: number; resetAt: Date; cost: number };
}

const UNLIMITED = { limit: 0, remaining: 0, cost: 0 };

/**
 * A context for that viewer: of a request that signed in, or of seeds and tests, which come without one.
 * `kept` is what the process remembers of the viewer's company, `needs` what a replica must have to be read for them.
 */
export function contextOf(
  world: World,
  viewer: Viewer,
  kept: Kept = keptForNow(),
  needs: string | null = null,
): Context {
  const db = readingOf(world.orm);
  const { replicas } = world;
  const lagging = replicas && needs !== null ? replicas.lagging(db, BigInt(needs)) : { db, catchUp: () => {} };
  const context: Context = {
    world: replicas ? { ...world, writer: viewer } : world,
    viewer,
    db,
    lagging: lagging.db,
    catchUp: lagging.catchUp,
    loads: undefined as never,
    listen: () => Promise.reject(new Error('Only a request can listen.')),
    rateLimit: () => ({ ...UNLIMITED, resetAt: world.clock.now() }),
  };
  context.loads = new Loads(context, kept, keptForNow);
  return context;
}
