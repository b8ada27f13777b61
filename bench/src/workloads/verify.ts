import { deepStrictEqual } from 'node:assert';
import type { Json } from '../json.ts';
import type { Ask, Dialect } from './dialect.ts';
import type { Workload } from './list.ts';
import type { Prepared } from './prepare.ts';

/**
 * Sends what a workload sends once and gives what must be the same from all servers: ids in their order and the number of people and
 * responses on them, statistics, how many a batch has changed. Throws when it is wrong by itself.
 */
export async function outcomeOf(
  workload: Workload,
  prepared: Prepared,
  dialect: Dialect,
  send: (ask: Ask) => Promise<Json>,
): Promise<unknown> {
  const [asks] = prepared.perConnection(1);
  const answers = [];
  for (const ask of asks!) answers.push(await send(ask));
  switch (workload.operation) {
    case 'list': {
      const page = dialect.readList(answers[0]);
      deepStrictEqual([page.ids.length, page.people, page.more], [50, 350, true]);
      return page;
    }
    case 'item':
      return answers.map(dialect.readItem);
    case 'statistics':
      return dialect.readStatistics(answers[0]);
    case 'batch': {
      const counts = answers.map(dialect.readBatch);
      deepStrictEqual(counts, [workload.items! * 0.8, workload.items! * 0.8]);
      return counts;
    }
    case 'create':
      return /^[0-9a-f-]{36}$/.test(dialect.readCreated(answers[0]));
  }
}
