import { sql } from 'kysely';
import { attachmentNames, attachmentsOfResponse } from '../attachment/attachment.queries.ts';
import { companyById, projectNamed, userById } from '../directory/directory.queries.ts';
import { shownFields } from '../export/item.fields.ts';
import type { Context } from '../graph/context.ts';
import { addressOf } from '../item/item.address.ts';
import type { Change } from '../item/item.history.ts';
import { canSeeDraftChanges } from '../item/item.policy.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { labelOf } from '../item/item.shownValues.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { ITEM_ROLES, type ItemRole } from '../permission/defaults.policy.ts';
import { grantOn } from '../permission/permission.queries.ts';
import type { ResponseRow } from '../response/response.queries.ts';
import { statusNamed } from '../tool/status.queries.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import type { LetterChange, LetterField, LetterItem, LetterPerson, LetterResponse, LostItem } from './letter.ts';
import type { Judged } from './mail.judged.ts';

/** What of an item a mail tells: all of it where it is the only one, in a digest what happened to it. */
export type Depth = 'WHOLE' | 'CHANGES' | 'LINE';

/** What a letter says of one item, as far as its reader sees it. */
export async function letterItem(
  context: Context,
  { row, events, item, response }: Judged,
  known: Known,
  depth: Depth,
): Promise<LetterItem | LostItem> {
  const { loads, viewer, world } = context;
  const [event, ...others] = events;
  const project = await loads.the(projectNamed, row.projectId);
  const { name, number, timeZone } = project;
  const place = { project: { name, number, timeZone }, others };
  if (event === 'REMOVED' || !item) return { ...place, event: 'REMOVED', ...known.former.get(row.id)! };
  const [company, tool, status, actor] = await Promise.all([
    loads.the(companyById, item.companyId),
    loads.the(toolNamed, item.genericToolId),
    loads.the(statusNamed, item.statusId),
    row.actorId === null ? null : personOf(context, row.actorId),
  ]);
  const isNew = events.includes('CREATED') || events.includes('ASSIGNED');
  return {
    ...place,
    event,
    ...{ number: item.number, title: item.title, tool: tool.title, actor, at: new Date(row.actedAt) },
    url: addressOf(company.itemUrlTemplate, world.links.publicUrl, toGlobalId('Item', item.id)),
    status: { name: status.name, category: item.category },
    ...{ dueDate: item.dueDate, isPrivate: item.private, reopened: row.reopened },
    roles: rolesOf(item, viewer.id),
    ...{ joined: row.joined, left: row.lost },
    // to whoever sees it for the first time all of it is new
    changes:
      depth === 'LINE' || event === 'CREATED' ? [] : await changesOf(context, item, known.changes.get(row.id) ?? []),
    response:
      depth === 'WHOLE' && response && events.includes('RESPONDED_TO') ? await responseOf(context, response) : null,
    ...(depth === 'WHOLE' && isNew
      ? await contentOf(context, item)
      : { fields: [], description: null, attachments: [] }),
  };
}

const rolesOf = (item: ItemRow, id: string): ItemRole[] => {
  const holders: Record<ItemRole, readonly (string | null)[]> = {
    CREATOR: [item.createdById],
    ASSIGNEE: item.assigneeIds,
    DISTRIBUTION: item.distributionMemberIds,
    RECEIVED_FROM: [item.receivedFromId],
  };
  return ITEM_ROLES.filter((role) => holders[role].includes(id));
};

async function personOf({ loads }: Context, id: string): Promise<LetterPerson> {
  const { name, vendor } = await loads.the(userById, id);
  return { name, vendor: vendor?.name ?? null };
}

async function responseOf({ loads }: Context, { id, official, notes }: ResponseRow): Promise<LetterResponse> {
  const attachments = (await loads.load(attachmentsOfResponse, id)) ?? [];
  return { official, notes, attachments: attachments.map(({ name }) => name) };
}

// fields that hold several, which their texts have between semicolons
const SEVERAL = new Set(['ASSIGNEES', 'DISTRIBUTION', 'TRADES', 'SCHEDULE_TASKS']);

/** What an item says, as its fieldset shows it. */
async function contentOf(
  context: Context,
  item: ItemRow,
): Promise<Pick<LetterItem, 'fields' | 'description' | 'attachments'>> {
  const project = await context.loads.the(projectNamed, item.projectId);
  const { fields, isVisible } = await shownFields(context, item, project);
  const names = isVisible('ATTACHMENTS')
    ? await attachmentNames(context, item.attachmentIds)
    : new Map<string, string>();
  return {
    fields: fields
      // when it is due stands at its head
      .filter(({ field, text }) => text !== '' && field !== 'DUE_DATE')
      .map(
        ({ field, label, text }): LetterField => ({
          label,
          value: field !== null && SEVERAL.has(field) ? text.split('; ') : text,
        }),
      ),
    description: isVisible('DESCRIPTION') ? item.description : null,
    attachments: item.attachmentIds.flatMap((id) => names.get(id) ?? []),
  };
}

/** A row of an item's history. */
export interface ChangeRow {
  field: Change['field'];
  oldValue: string | null;
  newValue: string | null;
  inDraft: boolean;
}

async function changesOf(context: Context, item: ItemRow, rows: readonly ChangeRow[]): Promise<LetterChange[]> {
  const seesDrafts = canSeeDraftChanges(
    context.viewer,
    await grantOn(context, item.projectId, item.genericToolId),
    item,
  );
  return Promise.all(
    rows
      .filter(({ inDraft }) => seesDrafts || !inDraft)
      .map(async ({ field, oldValue, newValue }) => ({
        ...{ field, old: oldValue, new: newValue },
        label: await labelOf(context, field),
      })),
  );
}

/** What is read for all items of a mail together, by the rows of the mail. */
export interface Known {
  changes: ReadonlyMap<string, readonly ChangeRow[]>;
  /** what items were called before the act, of which nothing more can be told */
  former: ReadonlyMap<string, { number: string; title: string }>;
}

// of texts that differ only behind that nobody sees the difference in a mail
const MAX_VALUE = 20_000;

/** The history of what these rows tell of: what the act changed, as the items' histories have it. One statement. */
async function historyOf({ lagging }: Context, judged: readonly Judged[]): Promise<Map<string, ChangeRow[]>> {
  const told = judged.filter(({ item, row }) => item !== null && row.actorId !== null).map(({ row }) => row);
  if (told.length === 0) return new Map();
  const { rows } = await sql<ChangeRow & { id: string }>`
    select n.id, c.field, left(c.old_value, ${MAX_VALUE}) as "oldValue", left(c.new_value, ${MAX_VALUE}) as "newValue",
      c.in_draft as "inDraft"
    from item_notifications n
    join item_changes c on c.item_id = n.item_id and c.created_at = n.acted_at and c.created_by_id = n.actor_id
    where n.id = any(${told.map(({ id }) => id)}::uuid[]) order by c.id`.execute(lagging);
  return Map.groupBy(rows, ({ id }) => id) as Map<string, ChangeRow[]>;
}

/**
 * What items were called just before the act, for those who were taken off them by it and may see nothing of what came after: as their
 * histories tell it. One statement.
 */
async function formerNames({ lagging }: Context, judged: readonly Judged[]): Promise<Known['former']> {
  const lost = judged.filter(({ events }) => events[0] === 'REMOVED').map(({ row }) => row.id);
  if (lost.length === 0) return new Map();
  const was = (field: string, now: string) => sql`coalesce((
    select coalesce(c.old_value, '') from item_changes c
    where c.item_id = n.item_id and c.field = ${field} and c.created_at >= n.acted_at order by c.created_at, c.id limit 1
  ), ${sql.ref(now)})`;
  const { rows } = await sql<{ id: string; number: string; title: string }>`
    select n.id, ${was('number', 'i.number')} as number, ${was('title', 'i.title')} as title
    from item_notifications n join items i on i.id = n.item_id
    where n.id = any(${lost}::uuid[])`.execute(lagging);
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

/** What the letter needs to know of some rows: two statements, whatever their number. `told` are those whose changes it shows. */
export const knownOf = async (
  context: Context,
  judged: readonly Judged[],
  told: readonly Judged[],
): Promise<Known> => ({
  changes: await historyOf(context, told),
  former: await formerNames(context, judged),
});
