import { Loads } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { dbOf } from '../database/orm.ts';
import { type Viewer, viewerOf } from '../directory/viewer.ts';
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

/** A context for that viewer: also for seeds and tests, which come without a request. */
export function contextOf(world: World, viewer: Viewer): Context {
  const context: Context = {
    world,
    viewer,
    db: dbOf(world.orm.em.fork()),
    loads: undefined as never,
    rateLimit: () => ({ ...UNLIMITED, resetAt: world.clock.now() }),
  };
  context.loads = new Loads(context);
  return context;
}

/** The context of a request that signed in with that claim. UNAUTHENTICATED when no active user matches. */
export async function createContext(
  world: World,
  signIn: { claim: string },
  companyHeader: string | null,
): Promise<Context> {
  const db = dbOf(world.orm.em.fork());
  return contextOf(world, await viewerOf(db, signIn.claim, world.config.signIn.field, companyHeader));
}
