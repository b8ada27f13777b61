import { once } from '../database/idempotency.ts';
import type { Context } from '../graph/context.ts';
import { refuse, refuseAny, type UserError, userError } from '../kernel/errors.ts';
import { uuidOf } from '../kernel/ids.ts';
import { MAX_BATCH } from './item.batch.ts';
import { look, writeOf } from './item.change.ts';
import { changesOf } from './item.history.ts';
import { refuseArchive } from './item.policy.ts';
import type { ItemRow } from './item.queries.ts';
import { grantIn, stateOf, surroundings } from './item.stage.ts';
import { updateItems } from './item.write.ts';

/** Puts items away (they keep their numbers), or brings them back: all of them or none. Those already there are left alone. */
export async function setArchived(
  { world, viewer }: Context,
  ids: readonly string[],
  archived: boolean,
): Promise<string[]> {
  if (ids.length > MAX_BATCH) refuse('TOO_MANY', `${ids.length} items; at most ${MAX_BATCH} at once.`, ['ids']);
  const uuids = ids.map((id) => uuidOf('Item', id));
  const known = [...new Set(uuids.filter((id) => id !== null))];
  return await once(world, viewer, archived ? 'archiveItems' : 'restoreItems', {}, async (act) => {
    const { items, stage } = await look(act, viewer, known, [], false);
    const seen = new Map(items.map((item) => [item.id, item]));
    const refusalOf = (item: ItemRow | undefined, n: number): UserError[] => {
      if (!item)
        return [
          userError('NOT_FOUND', `There is no item ${JSON.stringify(ids[n]!.slice(0, 100))} that you may see.`, [
            'ids',
            n,
          ]),
        ];
      const refusal = refuseArchive(grantIn(stage.rights, item), stage.tools.get(item.genericToolId)!, stateOf(item));
      return refusal ? [userError(refusal.code, refusal.message, ['ids', n])] : [];
    };
    refuseAny(uuids.flatMap((id, n) => refusalOf(id === null ? undefined : seen.get(id), n)));
    const writes = items
      .filter((item) => (item.archivedAt !== null) !== archived)
      .flatMap((before) => {
        const time = act.now.toISOString();
        const after = { ...before, archivedAt: archived ? time : null, updatedAt: time, version: before.version + 1 };
        const different = new Set(['archivedAt'] as const);
        const changes = changesOf(before, after, different, surroundings(stage, before)!.names);
        return writeOf({ before, after, differences: different, changes, errors: [] }, stage, false);
      });
    await updateItems(act, viewer, writes);
    return { answer: known, wrote: writes.length > 0 };
  });
}
