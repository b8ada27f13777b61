import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type FieldChange, recordEvents } from '../event/event.ts';
import { Faults, type Path } from '../kernel/input.ts';

/** What everybody else hears. */
export const ADMINS_CHANGE_TOOLS = 'Only company admins may make or change tools, their statuses and their fieldsets.';

/**
 * Takes a tool of a company until the act ends: changes of its settings, statuses and fieldsets go one after the other. Items that
 * only refer to the tool are made meanwhile. NOT_FOUND when there is no such tool: `gid` and `path` are what the input calls it.
 */
export async function lockTool({ db }: Act, companyId: string, id: string, gid: string, path: Path): Promise<void> {
  const tool = await db
    .selectFrom('generic_tools')
    .select('id')
    .where('id', '=', id)
    .where('companyId', '=', companyId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  const faults = new Faults();
  if (!tool) faults.notFound('GenericTool', gid, path);
  faults.refuse();
}

/** Which of these fields are not as they were. */
export const changesBetween = <T extends object>(old: Partial<T>, now: T): FieldChange[] =>
  Object.entries(now)
    .map(([field, value]) => ({ field, old: old[field as keyof T] ?? null, new: value }))
    .filter((change) => JSON.stringify(change.old) !== JSON.stringify(change.new));

/** Tells that a tool was changed, its statuses and fieldsets included; nothing when nothing was. Flush entities first. */
export const tellToolChanged = (
  act: Act,
  { id: actorId, companyId }: Viewer,
  genericToolId: string,
  changes: FieldChange[],
): Promise<void> =>
  recordEvents(
    act,
    companyId,
    actorId,
    changes.length > 0 ? [{ type: 'genericTool.updated', genericToolId, payload: { changes } }] : [],
  );
