import { sql } from 'kysely';
import { once } from '../database/idempotency.ts';
import { type Act, transaction } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type EventType, type NewEvent, recordEvents } from '../event/event.ts';
import { type AttachInput, attach } from '../file/attach.policy.ts';
import { attachmentSteps } from '../file/attach.write.ts';
import type { Context } from '../graph/context.ts';
import { decide, type Looked, look, writeOf } from '../item/item.change.ts';
import { castIn } from '../item/item.events.ts';
import type { ItemPatch } from '../item/item.patch.ts';
import { canSeeResponse, refuseRespond, refuseSwitchOfficial } from '../item/item.policy.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { factsIn, grantIn, type Stage, surroundings } from '../item/item.stage.ts';
import { updateItems } from '../item/item.write.ts';
import { refuse } from '../kernel/errors.ts';
import { newId, uuidOf } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import type { Grant } from '../permission/permission.policy.ts';

export interface CreateResponseInput extends AttachInput {
  itemId: string;
  notes?: string | null;
  official?: boolean | null;
  itemPatch?: ItemPatch | null;
  expectedVersion?: number | null;
  skipEmails?: boolean | null;
  idempotencyKey?: string | null;
}

/**
 * Responds to an item and, in the same transaction, changes it if asked to. Rights, and that the item is not closed, are judged
 * on the state before the call; the response keeps the status after it. Answers the ids of both.
 */
export const createResponse = (
  { world, viewer }: Context,
  input: CreateResponseInput,
): Promise<{ responseId: string; itemId: string }> =>
  once(world, viewer, 'createResponse', input, async (act) => {
    // the stage is set for the files that the response names as well
    const patches = [{ uploadIds: input.uploadIds }, ...(input.itemPatch ? [input.itemPatch] : [])];
    const { item, grant, stage } = await itemToAnswer(
      act,
      viewer,
      uuidOf('Item', input.itemId),
      input.itemId,
      ['itemId'],
      patches,
    );
    const tool = stage.tools.get(item.genericToolId)!;
    const refusal = refuseRespond(viewer, grant, tool, factsIn(stage, item));
    if (refusal) refuse(refusal.code, refusal.message, ['itemId']);
    const around = surroundings(stage, item)!;
    if (!around.rules.RESPONSES.visible)
      refuse('INVALID', `Responses are hidden in ${tool.title} here: no new ones are taken.`, ['itemId']);
    if (input.expectedVersion != null && input.expectedVersion !== item.version)
      refuse('CONFLICT', `${item.number} is at version ${item.version}, not ${input.expectedVersion}.`, [
        'expectedVersion',
      ]);
    const faults = new Faults();
    const notes = faults.richText(input.notes, ['notes'], 'the response') ?? '';
    const added = attach(faults, input, [], around.upload, act.now);
    if (!notes && added.length === 0 && faults.errors.length === 0)
      faults.add('REQUIRED', 'The response says nothing.', ['notes']);
    const writes = input.itemPatch
      ? await itemWrites(act, viewer, { items: [item], stage }, input.itemPatch, input.skipEmails ?? false, faults)
      : [];
    faults.refuse();
    const responseId = newId(act.now);
    const statusId = writes[0]?.item.statusId ?? item.statusId;
    const official = input.official ?? false;
    const attaching = { projectId: item.projectId, itemId: null, responseId, added, removed: [] };
    await sql`
      with given as (select) ${attachmentSteps(act, viewer, [attaching])}
      insert into responses (id, company_id, created_at, updated_at, project_id, item_id, position, notes, official, status_id, created_by_id)
      select ${responseId}, ${item.companyId}, ${act.now}, ${act.now}, ${item.projectId}, ${item.id},
        coalesce(max(position), 0) + 1, ${notes}, ${official}, ${statusId}, ${viewer.id}
      from responses where item_id = ${item.id}`.execute(act.db);
    const event = eventOf('response.created', item, responseId, {
      official,
      skipEmails: input.skipEmails ?? false,
      // the events of the item bring it where there are any
      ...(writes.length === 0 && castIn(item.category, item, input.skipEmails ?? false)),
      ...(added.length > 0 && { attachmentIds: added.map(({ id }) => id) }),
    });
    await updateItems(act, viewer, writes, [event]);
    return { answer: { responseId, itemId: item.id }, wrote: true };
  });

/** What the patch beside a response comes to; what is wrong with it goes to the faults. */
async function itemWrites(
  act: Act,
  viewer: Viewer,
  looked: Looked,
  patch: ItemPatch,
  skipEmails: boolean,
  faults: Faults,
) {
  const { id } = looked.items[0]!;
  const paths = { id: ['itemId'], patch: ['itemPatch'], expectedVersion: ['expectedVersion'] };
  const outcomes = await decide(act, viewer, looked, [{ itemId: id, givenId: id, patch, paths }], true);
  faults.errors.push(...outcomes.flatMap(({ errors }) => errors));
  return outcomes.flatMap((outcome) => writeOf(outcome, looked.stage, skipEmails));
}

const eventOf = (type: EventType, item: ItemRow, responseId: string, payload: NewEvent['payload']): NewEvent => ({
  type,
  projectId: item.projectId,
  genericToolId: item.genericToolId,
  itemId: item.id,
  responseId,
  payload,
});

/** The item that an answer is about, locked, with what rules about it are judged against; NOT_FOUND if it is not seen. */
async function itemToAnswer(
  act: Act,
  viewer: Viewer,
  itemId: string | null,
  givenId: string,
  path: string[],
  patches: readonly ItemPatch[] = [],
): Promise<{ item: ItemRow; grant: Grant; stage: Stage }> {
  const { items, stage } = await look(act, viewer, itemId === null ? [] : [itemId], patches, true);
  const item =
    items[0] ?? refuse('NOT_FOUND', `There is no ${JSON.stringify(givenId.slice(0, 100))} that you may see.`, path);
  return { item, grant: grantIn(stage.rights, item), stage };
}

/** Says whether a response is official. Answers its id. */
export const updateResponse = ({ world, viewer }: Context, input: { id: string; official: boolean }): Promise<string> =>
  transaction(world, async (act) => {
    const id = uuidOf('Response', input.id);
    const { rows } = await sql<{ itemId: string }>`select item_id as "itemId" from responses where id = ${id}`.execute(
      act.db,
    );
    const { item, grant, stage } = await itemToAnswer(act, viewer, rows[0]?.itemId ?? null, input.id, ['id']);
    const facts = factsIn(stage, item);
    const { rows: responses } = await sql<{ official: boolean; createdById: string }>`
      select official, created_by_id as "createdById" from responses where id = ${id}`.execute(act.db);
    const response = responses[0]!;
    if (!canSeeResponse(viewer, grant, facts, response))
      refuse('NOT_FOUND', `There is no ${JSON.stringify(input.id.slice(0, 100))} that you may see.`, ['id']);
    const refusal = refuseSwitchOfficial(viewer, grant, stage.tools.get(item.genericToolId)!, facts);
    if (refusal) refuse(refusal.code, refusal.message, ['id']);
    if (response.official !== input.official) {
      await sql`update responses set official = ${input.official}, updated_at = ${act.now} where id = ${id}`.execute(
        act.db,
      );
      const changes = [{ field: 'official', old: response.official, new: input.official }];
      await recordEvents(act, viewer.companyId, viewer.id, [eventOf('response.updated', item, id!, { changes })]);
    }
    return id!;
  });
