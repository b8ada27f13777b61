import { keyOf, once } from '../database/idempotency.ts';
import { type Act, transaction } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { refuse, type UserError, userError } from '../kernel/errors.ts';
import { uuidOf } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { lookAndDecide, type Outcome, type Update, writeOf } from './item.change.ts';
import { type ItemPatch, partsOf } from './item.patch.ts';
import { type ItemRow, seenItems } from './item.queries.ts';
import { updateItems } from './item.write.ts';

export interface ItemUpdate {
  id: string;
  patch: ItemPatch;
  expectedVersion?: number | null;
}

export interface BatchUpdateItemsInput {
  updates?: readonly ItemUpdate[] | null;
  ids?: readonly string[] | null;
  patch?: ItemPatch | null;
  completionMode?: 'ALL_OR_NOTHING' | 'EACH_ON_ITS_OWN' | null;
  dryRun?: boolean | null;
  skipEmails?: boolean | null;
  idempotencyKey?: string | null;
}

export interface BatchResult {
  id: string;
  itemId: string | null;
  outcome: 'UPDATED' | 'UNCHANGED' | 'FAILED' | 'SKIPPED';
  userErrors: UserError[];
  /** of a dry run: the item as it would be, null when it would not be seen */
  preview?: ItemRow | null;
}

// api.md, Batch: one transaction holds the locks of so many items at most
export const MAX_BATCH = 500;

/** Values that two items cannot share. */
const OWN_PARTS = ['position', 'externalId', 'removeAttachmentIds'] as const;

/**
 * Changes up to 500 items of the company in one transaction and a constant number of statements; each by the same rules as alone.
 * The results are in the order of the request. A dry run writes, looks, and undoes it all.
 */
export async function batchUpdateItems(
  { world, viewer }: Context,
  input: BatchUpdateItemsInput,
): Promise<BatchResult[]> {
  const updates = updatesOf(input);
  if (!input.dryRun)
    return await once(world, viewer, 'batchUpdateItems', input, (act) => runBatch(act, viewer, updates, input));
  keyOf(input); // refused like that of a real run; a dry run keeps none
  return await transaction<BatchResult[]>(world, async (act, undo) => {
    const { answer, writes } = await runBatch(act, viewer, updates, input);
    const ids = answer.map(({ itemId }) => itemId).filter((id) => id !== null);
    const { items } = await seenItems(act.db, viewer, ids);
    // what is attached is read later, when it is undone
    const attaching = new Map(writes.map(({ item }) => [item.id, item.attaching]));
    const previews = new Map(items.map((item) => [item.id, { ...item, attaching: attaching.get(item.id) }]));
    return undo(answer.map((result) => ({ ...result, preview: previews.get(result.itemId ?? '') ?? null })));
  });
}

async function runBatch(act: Act, viewer: Viewer, updates: readonly Update[], input: BatchUpdateItemsInput) {
  const together = input.completionMode !== 'EACH_ON_ITS_OWN';
  const { outcomes, stage } = await lookAndDecide(act, viewer, updates, together);
  const undone = together && outcomes.some(({ errors }) => errors.length > 0);
  const changing = undone ? [] : outcomes.filter(({ errors }) => errors.length === 0);
  const writes = changing.flatMap((outcome) => writeOf(outcome, stage, input.skipEmails ?? false));
  await updateItems(act, viewer, writes);
  const answer = outcomes.map((outcome, n) => resultOf(outcome, updates[n]!, undone));
  return { answer, writes, wrote: writes.length > 0 };
}

function resultOf({ after, errors }: Outcome, { givenId, itemId, paths }: Update, undone: boolean): BatchResult {
  const result = { id: givenId, itemId };
  if (errors.length > 0) return { ...result, itemId: null, outcome: 'FAILED', userErrors: errors };
  if (undone) {
    const skipped = userError('SKIPPED', 'Nothing was changed, because another item of the batch failed.', [
      ...paths.id,
    ]);
    return { ...result, itemId: null, outcome: 'SKIPPED', userErrors: [skipped] };
  }
  return { ...result, outcome: after ? 'UPDATED' : 'UNCHANGED', userErrors: [] };
}

/** The updates that an input asks for, by either of its two forms. What is wrong with the batch as such is refused. */
function updatesOf({ updates, ids, patch }: BatchUpdateItemsInput): Update[] {
  if (updates ? ids || patch : !ids || !patch)
    refuse('INVALID', 'Give either updates, or ids together with one patch.', [
      updates ? 'updates' : ids ? 'patch' : 'ids',
    ]);
  const wanted = updates ?? ids!.map((id) => ({ id, patch: patch! }));
  const list = updates ? 'updates' : 'ids';
  if (wanted.length > MAX_BATCH)
    refuse('TOO_MANY', `${wanted.length} items; a batch has at most ${MAX_BATCH}.`, [list]);
  const faults = new Faults();
  wanted.forEach(({ id }, n) => {
    if (wanted.findIndex((other) => other.id === id) < n)
      faults.add(
        'INVALID',
        `${JSON.stringify(id.slice(0, 100))} stands in the batch twice.`,
        updates ? [list, n, 'id'] : [list, n],
      );
  });
  if (!updates && wanted.length > 1) {
    for (const part of partsOf(patch!)) {
      if ((OWN_PARTS as readonly string[]).includes(part))
        faults.add('INVALID', `${part} is each item's own and cannot be given to several at once.`, ['patch', part]);
    }
  }
  faults.refuse();
  return wanted.map(
    (update, n): Update => ({
      itemId: uuidOf('Item', update.id),
      givenId: update.id,
      patch: update.patch,
      expectedVersion: 'expectedVersion' in update ? update.expectedVersion : null,
      paths: updates
        ? { id: [list, n, 'id'], patch: [list, n, 'patch'], expectedVersion: [list, n, 'expectedVersion'] }
        : { id: [list, n], patch: ['patch'], expectedVersion: [list, n] },
    }),
  );
}
