import { batch, byId } from '../database/loader.ts';
import { projectById } from '../directory/directory.queries.ts';
import { placeOf, rightAt } from '../directory/standing.queries.ts';
import { emailById } from '../email/email.queries.ts';
import { threadById } from '../email/thread.queries.ts';
import { type EventRow, eventsNamed } from '../event/event.queries.ts';
import type { FieldChange } from '../event/event.ts';
import type { Context } from '../graph/context.ts';
import { canSeeDraftChanges } from '../item/item.policy.ts';
import { type ItemRow, itemById } from '../item/item.queries.ts';
import { toGlobalId, uuidOf } from '../kernel/ids.ts';
import { grantOn } from '../permission/permission.queries.ts';
import { responseById } from '../response/response.queries.ts';
import { customFieldById } from '../tool/customField.queries.ts';
import { customValueInGraph } from '../tool/customValue.policy.ts';
import { genericToolById } from '../tool/tool.queries.ts';
import { topicById } from '../topic/topic.queries.ts';
import { fitted, type Payload, type PayloadData, toldChanges } from './payload.policy.ts';

/** An event of the viewer's company, whether or not they see what it is about: only to be told by payloadFor. */
const eventById = batch<Context, string, EventRow>(async ({ db, viewer }, ids) =>
  byId((await eventsNamed(db, ids)).filter(({ companyId }) => companyId === viewer.companyId)),
);

/** A payload as somebody may see it, and whether that is all that there is to it. */
export interface ShownPayload {
  payload: Payload;
  whole: boolean;
}

/**
 * What an event says to the viewer of the context, by what they see now; null if they do not see what it is about, or nobody knows
 * of it any more. The same for what is sent (to the owner) and for what is shown of it.
 */
export async function payloadFor(context: Context, eventId: string): Promise<ShownPayload | null> {
  const event = await context.loads.load(eventById, eventId);
  const subject = event && (await subjectOf(context, event));
  if (!subject) return null;
  const { item } = subject;
  const all = event.payload.changes ?? [];
  const seen = item ? await seenChanges(context, event, item, all) : all;
  const changes = toldChanges(event.type, seen, await customTellings(context, seen));
  const data: PayloadData = {
    ...idsOf(event),
    ...subject.more,
    ...(hasChanges(event) && { changes }),
  };
  const { type, createdAt } = event;
  const payload = fitted({ type, timestamp: new Date(createdAt).toISOString(), data });
  return { payload, whole: seen.length === all.length };
}

/** What was made, came or went has none. */
const hasChanges = ({ type, emailId, emailCommunicationId }: EventRow): boolean =>
  type !== 'import.finished' && type !== 'response.created' && !emailId && !emailCommunicationId;

const gid = (type: string, id: string | null): string | null => id && toGlobalId(type, id);

function idsOf(event: EventRow) {
  const { companyId, projectId, genericToolId, itemId, responseId, emailCommunicationId, emailId, actorId } = event;
  const ids = {
    companyId: gid('Company', companyId),
    projectId: gid('Project', projectId),
    genericToolId: gid('GenericTool', genericToolId),
    itemId: gid('Item', itemId),
    responseId: gid('Response', responseId),
    emailCommunicationId: gid('EmailCommunication', emailCommunicationId),
    emailId: gid('Email', emailId),
  };
  const told = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== null));
  return { ...told, actorId: gid('User', actorId) };
}

/** What an event is about, if the viewer sees it: the item, if it is one, and what is told of it beside ids and changes. */
async function subjectOf(
  context: Context,
  event: EventRow,
): Promise<{ item?: ItemRow; more: Record<string, unknown> } | null> {
  const { loads, viewer } = context;
  const { payload, itemId, responseId, genericToolId, emailCommunicationId, emailId } = event;
  if (emailId) return (await loads.load(emailById, emailId)) && { more: {} };
  if (emailCommunicationId) return (await loads.load(threadById, emailCommunicationId)) && { more: {} };
  if (responseId) {
    if (!(await loads.load(responseById, responseId))) return null;
    const { official, attachmentIds } = payload as { official?: boolean; attachmentIds?: string[] };
    return {
      more:
        event.type === 'response.created'
          ? { official, attachmentIds: (attachmentIds ?? []).map((id) => toGlobalId('Attachment', id)) }
          : {},
    };
  }
  if (itemId) {
    const item = await loads.load(itemById, itemId);
    return item && { item, more: { version: payload.version } };
  }
  if (genericToolId) return (await seesTool(context, event)) ? { more: {} } : null;
  if (event.type === 'import.finished') return viewer.isCompanyAdmin ? { more: { counts: payload.counts } } : null;
  return null;
}

/** Whether the viewer sees a tool, and, where it is about what was set for one project, that as well. */
async function seesTool(context: Context, { genericToolId, projectId }: EventRow): Promise<boolean> {
  const { loads, viewer } = context;
  if (!(await loads.load(genericToolById, genericToolId!))) return false;
  if (projectId === null) return true;
  if (!(await loads.load(projectById, projectId))) return false;
  return viewer.isCompanyAdmin || (await loads.load(rightAt, placeOf(projectId, genericToolId!))) !== null;
}

/**
 * The changes of an item that the viewer sees: those made in Draft only its creator and ADMINs (domain.md 2, ItemChange), but that it
 * was issued; and that it comes from elsewhere only whoever sees where from.
 */
async function seenChanges(
  context: Context,
  event: EventRow,
  item: ItemRow,
  changes: readonly FieldChange[],
): Promise<readonly FieldChange[]> {
  const { loads, viewer } = context;
  // nobody goes back to Draft, and the act that issued it has the time of that
  const [time, issued] = [Date.parse(event.createdAt), item.issuedAt === null ? null : Date.parse(item.issuedAt)];
  const inDraft = issued === null || time <= issued;
  const seesDrafts =
    !inDraft || canSeeDraftChanges(viewer, await grantOn(context, item.projectId, item.genericToolId), item);
  const origin = item.originItemId
    ? await loads.load(itemById, item.originItemId)
    : item.originTopicId && (await loads.load(topicById, item.originTopicId));
  return changes.filter(
    ({ field }) => (seesDrafts || (field === 'status' && time === issued)) && (field !== 'origin' || Boolean(origin)),
  );
}

// as it is kept, a text says so by its type alone
const TEXTS: ReadonlySet<string> = new Set(['STRING', 'RICH_TEXT', 'READ_ONLY']);

/** How the values of the custom fields among some changes are told. */
async function customTellings({ loads }: Context, changes: readonly FieldChange[]) {
  const ids = changes.map(({ field }) => uuidOf('CustomField', field.slice('customField:'.length)));
  const fields = await loads.loadAll(
    customFieldById,
    ids.filter((id) => id !== null),
  );
  const types = new Map(fields.map(({ id, dataType }) => [`customField:${toGlobalId('CustomField', id)}`, dataType]));
  return (field: string) => {
    const type = types.get(field);
    if (type === undefined || TEXTS.has(type)) return null;
    return (value: unknown) => customValueInGraph(type, value as Parameters<typeof customValueInGraph>[1]);
  };
}

/** The same for what is shown: once for all fields of a delivery, and for many together, of which one that fails spoils no other. */
export const shownPayload = batch<Context, string, ShownPayload>(async (context, eventIds) => {
  const found = new Map<string, ShownPayload>();
  await Promise.all(
    eventIds.map(async (eventId) => {
      try {
        const shown = await payloadFor(context, eventId);
        if (shown) found.set(eventId, shown);
      } catch (error) {
        context.world.log.error({ err: error, eventId }, 'the payload of an event cannot be shown');
      }
    }),
  );
  return found;
});
