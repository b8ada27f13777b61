import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../kernel/ids.ts';
import type { World } from '../world.ts';
import { noteWrite } from './lastWrite.ts';
import { type Db, dbOf } from './orm.ts';

/** One act of somebody, in one transaction: everything in it carries the same time and act id. */
export interface Act {
  em: EntityManager;
  db: Db;
  now: Date;
  actId: string;
  /** seeds and imports: what they make is told to nobody */
  silent: boolean;
}

/** Thrown to undo a transaction on purpose and still answer: a dry run. */
class Undo<T> extends Error {
  readonly answer: T;
  constructor(answer: T) {
    super('undone');
    this.answer = answer;
  }
}

// deadlock_detected, serialization_failure, and what somebody else took or deleted between our look and our write (unique and
// foreign keys): looking again gives the right answer, a taken number or a status that is not there for instance
const RETRIED = new Set(['40P01', '40001', '23505', '23503']);
const TRIES = 5;

/**
 * Runs a command in one transaction, again when the database says that another was in the way.
 * Whatever is thrown undoes it; `undo(answer)` undoes it and answers all the same.
 */
export async function transaction<T>(
  world: World,
  work: (act: Act, undo: (answer: T) => never) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await world.orm.em.fork().transactional(async (em) => {
        const act = { em, db: dbOf(em), now: world.clock.now(), actId: newId(world.clock.now()), silent: world.silent };
        const done = await work(act, (answer) => {
          throw new Undo(answer);
        });
        if (world.writer) {
          await em.flush();
          await noteWrite(act, world.writer);
        }
        return done;
      });
    } catch (error) {
      if (error instanceof Undo) return error.answer as T;
      if (tries === TRIES || !RETRIED.has(codeOf(error))) throw error;
    }
  }
}

/** The SQLSTATE of an error, however deep the libraries have wrapped it; empty if it has none. */
export function codeOf(error: unknown): string {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return '';
}
