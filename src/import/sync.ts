import { Refused } from '../kernel/errors.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { syncDirectory } from '../sync/sync.commands.ts';
import type { SyncDirectoryInput } from '../sync/sync.input.ts';
import type { SyncedRow } from '../sync/sync.plan.ts';
import { contextFor, type Importing } from './importing.ts';

type List = 'vendors' | 'users' | 'projects' | 'references';
type Row<Name extends List> = NonNullable<SyncDirectoryInput[Name]>[number];

// well below what one call takes, so that others who change the directory do not wait for long
const CHUNK = 1_000;

const OUTCOMES = { CREATED: 'made', UPDATED: 'changed', UNCHANGED: 'unchanged' } as const;
export const outcomeOf = ({ outcome }: SyncedRow) => OUTCOMES[outcome];

/**
 * Brings rows of one list into the directory by the command that the graph has for it. The command takes all or nothing: rows that it
 * refuses are left out, each with its reasons, and the others go again. Gives what became of each, in the order of the rows.
 */
export async function syncRows<Name extends List>(
  importing: Importing,
  list: Name,
  rows: readonly Row<Name>[],
): Promise<(SyncedRow | { refused: string })[]> {
  const answers: (SyncedRow | { refused: string })[] = new Array(rows.length);
  for (let start = 0; start < rows.length; start += CHUNK) {
    let open = rows.slice(start, start + CHUNK).map((row, n) => ({ row, at: start + n }));
    while (open.length > 0) {
      try {
        const companyId = toGlobalId('Company', importing.viewer.companyId);
        const synced = await syncDirectory(contextFor(importing), { companyId, [list]: open.map(({ row }) => row) });
        open.forEach(({ at }, n) => {
          answers[at] = synced.rows[n]!;
        });
        break;
      } catch (error) {
        const reasons = error instanceof Refused ? reasonsIn(error, list) : new Map<number, string>();
        if (reasons.size === 0) throw error;
        for (const [n, refused] of reasons) answers[open[n]!.at] = { refused };
        open = open.filter((_, n) => !reasons.has(n));
      }
    }
  }
  return answers;
}

/** What is wrong with which row. */
function reasonsIn({ errors }: Refused, list: List): Map<number, string> {
  const reasons = new Map<number, string>();
  for (const { path, message } of errors) {
    const n = path[0] === list ? Number(path[1]) : Number.NaN;
    if (Number.isInteger(n)) reasons.set(n, [reasons.get(n), message].filter(Boolean).join(' '));
  }
  return reasons;
}
