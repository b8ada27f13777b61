import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { type Looked, look } from '../item/item.change.ts';
import { refuseRelate, refuseRelating } from '../item/item.policy.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { grantIn, stateOf } from '../item/item.stage.ts';
import { findTopic } from '../item/topic.queries.ts';
import { refuse } from '../kernel/errors.ts';
import { newId, uuidOf } from '../kernel/ids.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { readTopic, type TopicInput, topicNotFound } from '../topic/topic.input.ts';
import { isExternal } from '../topic/topic.policy.ts';
import { countRelated, type RelatedRow, relatedRow } from './related.queries.ts';

// the items of a page bring all that they are related to; a letter that everything refers to has some dozens
const MAX_RELATED = 200;
// a few sentences: what has more to say is a response
const MAX_NOTE = 2_000;

export interface AddRelatedItemInput {
  itemId: string;
  relatedItemId?: string | null;
  topic?: TopicInput | null;
  note?: string | null;
}

/** What an item is to be related to, as it was found so far, and where in the input it stands. */
interface Other {
  itemId: string | null;
  topicId: string | null;
  path: Path;
  missing(faults: Faults): void;
}

/** Relates an item to another one or to an external topic. Gives the id of the row that says so of the item. */
export const addRelatedItem = ({ world, viewer }: Context, input: AddRelatedItemInput): Promise<string> =>
  transaction(world, async (act) => {
    const faults = new Faults();
    const note = faults.text(input.note, ['note'], 'the note', { max: MAX_NOTE, multiline: true }) ?? null;
    const other = await otherEnd(act, viewer, input, faults);
    const itemId = uuidOf('Item', input.itemId);
    const looked = await lookAt(act, viewer, [itemId, other?.itemId]);
    const [near, far] = [itemIn(looked, itemId), itemIn(looked, other?.itemId)];
    if (!near) faults.notFound('Item', input.itemId, ['itemId']);
    if (other && !far && !other.topicId) other.missing(faults);
    faults.refuse();
    refuseEnds(looked, viewer, [{ item: near!, path: ['itemId'] }, ...(far ? [{ item: far, path: other!.path }] : [])]);
    if (near!.id === far?.id) refuse('INVALID', `${near!.number} cannot be related to itself.`, [...other!.path]);
    await refuseAnother(act, viewer, near!, far, other!);
    return await insertRows(act, viewer, near!, far, other!.topicId, note);
  });

/** Writes a row for each end that is an item. Gives the id of that of `near`. */
async function insertRows(
  { db, now }: Act,
  viewer: Viewer,
  near: ItemRow,
  far: ItemRow | undefined,
  topicId: string | null,
  note: string | null,
): Promise<string> {
  const id = newId(now, 0);
  const rows = [
    { id, item: near, to: far?.id ?? null },
    ...(far ? [{ id: newId(now, 1), item: far, to: near.id }] : []),
  ];
  await sql`
    insert into related_items
      (id, company_id, created_at, updated_at, project_id, item_id, related_item_id, topic_id, note, created_by_id)
    select id, ${viewer.companyId}, ${now}, ${now}, project_id, item_id, related_item_id, ${topicId}, ${note}, ${viewer.id}
    from unnest(
      ${rows.map((row) => row.id)}::uuid[], ${rows.map(({ item }) => item.projectId)}::uuid[],
      ${rows.map(({ item }) => item.id)}::uuid[], ${rows.map(({ to }) => to)}::uuid[]
    ) as given(id, project_id, item_id, related_item_id)`.execute(db);
  return id;
}

async function otherEnd(
  { db }: Act,
  viewer: Viewer,
  { relatedItemId, topic }: AddRelatedItemInput,
  faults: Faults,
): Promise<Other | null> {
  if ((relatedItemId == null) === (topic == null))
    refuse('INVALID', 'Give either relatedItemId or topic.', ['relatedItemId']);
  if (relatedItemId != null) {
    const path = ['relatedItemId'];
    const missing = (to: Faults) => to.notFound('Item', relatedItemId, path);
    return { itemId: uuidOf('Item', relatedItemId), topicId: null, path, missing };
  }
  const path = ['topic'];
  const { type } = topic!;
  if (type !== 'GENERIC_TOOL_ITEM' && !isExternal(type)) {
    faults.add('INVALID', `Items are related to items and external topics, not to a ${type}.`, [...path, 'type']);
    return null;
  }
  const named = readTopic(faults, topic!, path);
  if (!named) return null;
  const found = await findTopic(db, viewer, named);
  return {
    itemId: found?.kind === 'ITEM' ? found.id : null,
    topicId: found?.kind === 'EXTERNAL' ? found.id : null,
    path,
    missing: (to) => topicNotFound(to, topic!, path),
  };
}

/** Locks items and looks at them: two who relate the same wait for each other. */
const lookAt = (act: Act, viewer: Viewer, ids: readonly (string | null | undefined)[]): Promise<Looked> =>
  look(act, viewer, [...new Set(ids.filter((id) => id != null))], [], false);

const itemIn = ({ items }: Looked, id: string | null | undefined): ItemRow | undefined =>
  items.find((item) => item.id === id);

/** Refuses to touch what these items are related to: an archived one by anybody, others by whoever has no right on any of them. */
function refuseEnds({ stage }: Looked, viewer: Viewer, ends: readonly { item: ItemRow; path: Path }[]): void {
  const faults = new Faults();
  for (const { item, path } of ends) {
    const closed = refuseRelating(stateOf(item));
    if (closed) faults.add(closed.code, closed.message, path);
  }
  faults.refuse();
  const refusals = ends.map(({ item }) =>
    refuseRelate(viewer, grantIn(stage.rights, item), stage.tools.get(item.genericToolId)!, stateOf(item)),
  );
  if (refusals.every((refusal) => refusal !== null))
    refuse(refusals[0]!.code, refusals[0]!.message, [...ends[0]!.path]);
}

/** Refuses what is there already, and more than an item may have. */
async function refuseAnother(
  act: Act,
  viewer: Viewer,
  near: ItemRow,
  far: ItemRow | undefined,
  { topicId, path }: Other,
): Promise<void> {
  const { rows } = await sql`
    select from related_items where item_id = ${near.id} and (related_item_id = ${far?.id ?? null} or topic_id = ${topicId})`.execute(
    act.db,
  );
  if (rows.length > 0)
    refuse('TAKEN', `${near.number} is related to ${far?.number ?? 'this topic'} already.`, [...path]);
  const ends = far ? [near, far] : [near];
  const counts = await countRelated(
    act.db,
    viewer,
    ends.map(({ id }) => id),
  );
  const full = ends.find(({ id }) => (counts.get(id) ?? 0) >= MAX_RELATED);
  if (full)
    refuse('TOO_MANY', `${full.number} is related to ${MAX_RELATED} others already, and to no more.`, [
      ...(full === near ? ['itemId'] : path),
    ]);
}

/** Takes a relation away, at both of its ends. By the same right as adding it. Gives the id that was given. */
export const removeRelatedItem = ({ world, viewer }: Context, input: { id: string }): Promise<string> =>
  transaction(world, async (act) => {
    const faults = new Faults();
    const id = uuidOf('RelatedItem', input.id);
    const row = id === null ? null : await relatedRow(act.db, viewer, id);
    const looked = await lookAt(act, viewer, [row?.itemId, row?.relatedItemId]);
    const [near, far] = [itemIn(looked, row?.itemId), itemIn(looked, row?.relatedItemId)];
    if (!near || !(far ?? row?.topicId)) faults.notFound('RelatedItem', input.id, ['id']);
    faults.refuse();
    refuseEnds(
      looked,
      viewer,
      [near!, ...(far ? [far] : [])].map((item) => ({ item, path: ['id'] })),
    );
    // somebody else may have been faster
    if (!(await removeRows(act, row!))) faults.notFound('RelatedItem', input.id, ['id']);
    faults.refuse();
    return id!;
  });

/** Whether there was anything to remove. */
async function removeRows({ db }: Act, { id, itemId, relatedItemId }: RelatedRow): Promise<boolean> {
  const { rows } = await sql`
    delete from related_items where id = ${id} or (item_id = ${relatedItemId} and related_item_id = ${itemId})
    returning id`.execute(db);
  return rows.length > 0;
}
