import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { dbOf } from '../src/database/orm.ts';
import type { World } from '../src/world.ts';
import { type Calendar, calendarOf } from './calendar.ts';

/** A world to seed: silent, in one transaction, and with a clock that goes where the story is. */
export interface Seeding {
  world: World;
  calendar: Calendar;
}

// any number that nothing else locks; the digits of "demoseed" on a telephone
const SEED_LOCK = 33_667_333;

/**
 * Runs the commands of a seed in one transaction, so that half a demo never stands. They are the same commands that the graph
 * calls; a transaction of theirs becomes a savepoint of this one. Two that seed at once take turns.
 */
export const seedWith = <T>(world: World, work: (seeding: Seeding) => Promise<T>): Promise<T> =>
  world.orm.em.fork().transactional(async (em) => {
    await sql`select pg_advisory_xact_lock(${SEED_LOCK})`.execute(dbOf(em));
    const calendar = calendarOf(world.clock.now());
    return work({ world: { ...world, clock: calendar, orm: inside(em), silent: true }, calendar });
  });

/** The database as commands use it, where every entity manager is in that one's transaction. */
const inside = (em: EntityManager): MikroORM =>
  ({ em: { fork: () => em.fork({ keepTransactionContext: true }) } }) as unknown as MikroORM;
