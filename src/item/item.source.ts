import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { NewAttachment } from '../file/attach.policy.ts';
import { newId, uuidOf } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import type { ItemField } from '../tool/tool.policy.ts';
import { originNamed } from './item.origin.ts';
import type { ItemContent, ItemPatch, Surroundings } from './item.patch.ts';
import { canSeeResponse } from './item.policy.ts';
import { type ItemRow, involvedIds, seenItems } from './item.queries.ts';
import { grantIn } from './item.stage.ts';
import { findTopic } from './topic.queries.ts';

/** What a new item is made out of: an item, or a response to one. */
export interface Source extends Seen {
  attachments: readonly Omit<NewAttachment, 'id'>[];
}

interface Seen {
  item: ItemRow;
  response: Answer | null;
}

interface Answer {
  id: string;
  itemId: string;
  notes: string;
  official: boolean;
  createdById: string;
}

/** What creation says of where the item comes from. */
interface Made {
  item: ItemPatch;
  originResponseId?: string | null;
}

/** What a new item is made out of, if anything that the viewer sees; what is wrong with a response goes to the faults. */
export async function sourceOf(act: Act, viewer: Viewer, made: Made, faults: Faults): Promise<Source | null> {
  const seen = await seenOf(act, viewer, made, faults);
  return seen && { ...seen, attachments: await attachmentsOf(act, seen) };
}

async function seenOf(act: Act, viewer: Viewer, made: Made, faults: Faults): Promise<Seen | null> {
  const { item: patch, originResponseId } = made;
  if (originResponseId != null) {
    const path = ['originResponseId'];
    if (patch.originItemId != null || patch.originTopic != null) {
      faults.add('INVALID', 'What is made out of a response comes from its item: give no other origin.', path);
      return null;
    }
    const source = await responseSeen(act, viewer, uuidOf('Response', originResponseId));
    if (!source) faults.notFound('Response', originResponseId, path);
    return source;
  }
  const named = originNamed(patch);
  if (named?.type !== 'GENERIC_TOOL_ITEM') return null;
  // what is not found is said where the patch is applied
  const id = named.id ?? (await findTopic(act.db, viewer, named))?.id;
  const { items } = await seenItems(act.db, viewer, id ? [id] : []);
  return items[0] ? { item: items[0], response: null } : null;
}

/** What the item or the response has of attachments: files stay where they are, and are one attachment's more. */
async function attachmentsOf({ db }: Act, { item, response }: Seen): Promise<Source['attachments']> {
  const { rows } = await sql<Source['attachments'][number]>`
    select a.kind, a.name, a.file_id as "fileId", a.external_id as "externalId", a.url, f.size::float8 as size,
      f.content_type as "contentType"
    from attachments a left join files f on f.id = a.file_id
    where ${response ? sql`a.response_id = ${response.id}` : sql`a.id = any(${item.attachmentIds}::uuid[])`}
    order by a.id`.execute(db);
  return rows;
}

async function responseSeen({ db }: Act, viewer: Viewer, id: string | null): Promise<Seen | null> {
  const { rows } = await sql<Answer>`
    select id, item_id as "itemId", notes, official, created_by_id as "createdById" from responses
    where id = ${id} and company_id = ${viewer.companyId}`.execute(db);
  const [response] = rows;
  const { items, rights } = await seenItems(db, viewer, response ? [response.itemId] : []);
  const [item] = items;
  if (!response || !item) return null;
  const involved = involvedIds(item).map((person) => ({ id: person }));
  return canSeeResponse(viewer, grantIn(rights, item), { involved }, response) ? { item, response } : null;
}

/** The people whom a new item may take over. */
export const peopleIn = (source: Source | null): string[] =>
  source && !source.response
    ? [source.item.receivedFromId, ...source.item.assigneeIds, ...source.item.distributionMemberIds].filter(
        (id) => id !== null,
      )
    : [];

/**
 * What a new item takes over from what it is made out of, as far as the fields are there: title, description, attachments and those
 * people who can be chosen; of a response, its words and attachments. What there is nothing of stays as the project's defaults have
 * it. It is private if not everybody who reads the tool sees what it is made out of.
 */
export function takenFrom(
  { item, response, attachments }: Source,
  patch: ItemPatch,
  { rules, selectable, now }: Surroundings,
): Partial<ItemContent> {
  const description = response ? response.notes : item.description;
  const chosen = (field: ItemField, ids: readonly (string | null)[]): string[] =>
    response || !rules[field].visible ? [] : (ids.filter((id) => id !== null && selectable(id)) as string[]);
  const assigneeIds = chosen('ASSIGNEES', item.assigneeIds);
  const distributionMemberIds = chosen('DISTRIBUTION', item.distributionMemberIds);
  // whoever says what is attached has said it all
  const isSaid = patch.uploadIds !== undefined || patch.references !== undefined;
  const added =
    isSaid || !rules.ATTACHMENTS.visible
      ? []
      : attachments.map((attachment, n) => ({ id: newId(now, n), ...attachment }));
  const [receivedFromId] = chosen('RECEIVED_FROM', [item.receivedFromId]);
  return {
    title: item.title,
    ...(description && rules.DESCRIPTION.visible && { description }),
    ...(assigneeIds.length > 0 && { assigneeIds }),
    ...(distributionMemberIds.length > 0 && { distributionMemberIds }),
    ...(receivedFromId && { receivedFromId }),
    ...(added.length > 0 && { attachmentIds: added.map(({ id }) => id), attaching: { added, removed: [] } }),
    ...((item.private || response?.official === false) && { private: true }),
    ...(response && { originItemId: item.id }),
  };
}
