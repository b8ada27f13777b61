import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';

/** How many jobs of a name are in a state, and how long the oldest of them has been due, in seconds (0 for what is to come). */
export interface JobCount {
  name: string;
  /** running; due; scheduled for later; failing: to be tried again; given up */
  state: 'running' | 'due' | 'scheduled' | 'failing' | 'given_up';
  count: number;
  oldestSeconds: number;
}

/** What the worker has to do, for metrics: one row for each name and state that there is. */
export async function countJobs(db: Db): Promise<JobCount[]> {
  const { rows } = await sql<JobCount>`
    select name, state, count(*)::int as count,
      greatest(0, extract(epoch from now() - min(run_at)))::float8 as "oldestSeconds"
    from (
      select task_identifier as name, run_at, case
        when locked_by is not null then 'running'
        when attempts >= max_attempts then 'given_up'
        when attempts > 0 then 'failing'
        when run_at > now() then 'scheduled'
        else 'due' end as state
      from graphile_worker.jobs
    ) job group by name, state order by name, state`.execute(db);
  return rows;
}
