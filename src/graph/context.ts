import { type Kept, keptForNow } from '../database/kept.ts';
import { Loads } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { dbOf } from '../database/orm.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { World } from '../world.ts';

/** What a resolver, a query or a command is given: the world, who asks, and the loads of this request. */
export interface Context {
  world: World;
  viewer: Viewer;
  /** reads outside of a transaction */
  db: Db;
  loads: Loads<Context>;
  /** the viewer's bucket, for the field rateLimit */
  rateLimit(): { limit: number; remaining: number; resetAt: Date; cost: number };
}

const UNLIMITED = { limit: 0, remaining: 0, cost: 0 };

/**
 * A context for that viewer: of a request that signed in, or of seeds and tests, which come without one.
 * `kept` is what the process remembers of the viewer's company.
 */
export function contextOf(world: World, viewer: Viewer, kept: Kept = keptForNow()): Context {
  const context: Context = {
    world,
    viewer,
    db: dbOf(world.orm.em.fork()),
    loads: undefined as never,
    rateLimit: () => ({ ...UNLIMITED, resetAt: world.clock.now() }),
  };
  context.loads = new Loads(context, kept, keptForNow);
  return context;
}
