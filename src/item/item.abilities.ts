import { companyById } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import { grantOn } from '../permission/permission.queries.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import { refuseArchive, refuseEdit, refuseFrozen, refuseRespond } from './item.policy.ts';
import { factsOf, type ItemRow } from './item.queries.ts';
import { responsesHidden } from './item.rules.ts';

/** What the viewer may do to an item that they see: the answers of the rules that the commands go by. */
export async function abilitiesOf(context: Context, item: ItemRow) {
  const [grant, facts, tool, company, hidden] = await Promise.all([
    grantOn(context, item.projectId, item.genericToolId),
    factsOf(context, item),
    context.loads.load(toolNamed, item.genericToolId),
    context.loads.load(companyById, item.companyId),
    context.loads.load(responsesHidden, `${item.projectId} ${item.genericToolId}`),
  ]);
  const { viewer } = context;
  const changeStatus = refuseEdit(viewer, grant, tool!, facts) === null;
  return {
    changeStatus,
    edit: changeStatus && refuseFrozen(company!.issuedItemsAreFrozen, facts, '') === null,
    respond: refuseRespond(viewer, grant, tool!, facts) === null && !hidden,
    archive: refuseArchive(grant, tool!, facts) === null,
  };
}

/** Open and due before today, where the project is. */
export function isOverdue({ category, dueDate }: ItemRow, timeZone: string, now: Date): boolean {
  return category === 'OPEN' && dueDate !== null && dueDate < dayIn(timeZone, now);
}

// making one takes longer than all else about an item; there are some 600 time zones
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The day that it is in a time zone, YYYY-MM-DD: what the Swedish write. */
export function dayIn(timeZone: string, now: Date): string {
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
  calendars.set(timeZone, calendar);
  return calendar.format(now);
}
