import type { MikroORM } from '@mikro-orm/postgresql';
import type { Context } from '../graph/context.ts';

// a file keeps a process busy as long as somebody takes it in; whoever wants more at once waits
const MOST_AT_ONCE = 4;
const BUSY = new WeakMap<MikroORM, Map<string, number>>();

/**
 * Takes one of the viewer's places among those whose files this process is making; the answer gives it back. Null when they have
 * all of theirs: links are not counted by the rate limit, and nobody should keep others from their work with them.
 */
export function takePlace({ world, viewer }: Context): (() => void) | null {
  const busy = BUSY.get(world.orm) ?? new Map<string, number>();
  BUSY.set(world.orm, busy);
  const count = busy.get(viewer.id) ?? 0;
  if (count >= MOST_AT_ONCE) return null;
  busy.set(viewer.id, count + 1);
  let given = false;
  return () => {
    if (given) return;
    given = true;
    const left = busy.get(viewer.id)! - 1;
    if (left > 0) busy.set(viewer.id, left);
    else busy.delete(viewer.id);
  };
}
