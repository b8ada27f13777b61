import type { UserErrorCode } from '../kernel/errors.ts';
import { canRead, type Grant, type GranularPermission, holds } from '../permission/permission.policy.ts';
import { isClosed, isIssued, type StatusCategory } from '../tool/tool.policy.ts';

/** How a change of plan bears on schedule or cost. */
export const IMPACT_STATUSES = ['YES_KNOWN', 'YES_UNKNOWN', 'NO_IMPACT', 'TBD', 'N_A'] as const;
export type ImpactStatus = (typeof IMPACT_STATUSES)[number];

/** The person asking, as far as the rules want to know them. */
export interface Person {
  id: string;
  vendorId: string | null;
}

/** What most rules want to know of an item. */
export interface ItemState {
  number: string;
  category: StatusCategory;
  private: boolean;
  archived: boolean;
  createdById: string;
}

/** What all rules want to know of it. `involved` = creator, received-from, assignees and distribution members. */
export interface ItemFacts extends ItemState {
  involved: readonly Person[];
}

/** What the rules want to know of its tool. */
export interface ToolFacts {
  title: string;
  adminsSeePrivateItems: boolean;
}

/**
 * Who a row of item_audiences is for: a class of people, or one user, or one vendor. All are uuids, so that the index stays
 * small; the three classes use ids that no row can have.
 */
export const READERS = '00000000-0000-0000-0000-000000000001';
export const ADMINS = '00000000-0000-0000-0000-000000000002';
export const ADMINS_OF_PRIVATE = '00000000-0000-0000-0000-000000000003';
export type Audience = string;

/** The three classes. */
export const CLASSES: readonly Audience[] = [READERS, ADMINS, ADMINS_OF_PRIVATE];

/** Whether an audience is one of the classes, and nobody in particular. */
export const isClass = (audience: Audience): boolean => CLASSES.includes(audience);

/** Who an item is for (domain.md 3, "See an item"): the rows kept for it in item_audiences. */
export function audiencesOf(item: Pick<ItemFacts, 'category' | 'private' | 'createdById' | 'involved'>): Audience[] {
  if (!isIssued(item.category)) return [item.private ? ADMINS_OF_PRIVATE : ADMINS, item.createdById];
  if (!item.private) return [READERS];
  const audiences = new Set<Audience>([ADMINS_OF_PRIVATE]);
  for (const { id, vendorId } of item.involved) {
    audiences.add(id);
    if (vendorId) audiences.add(vendorId);
  }
  return [...audiences];
}

/** Which of these somebody belongs to on one tool in one project. */
export function audiencesHeld(
  viewer: Person,
  grant: Grant,
  tool: Pick<ToolFacts, 'adminsSeePrivateItems'>,
): Audience[] {
  if (!canRead(grant)) return [];
  const held = [READERS, viewer.id];
  if (grant.accessLevel === 'ADMIN') held.push(ADMINS);
  if (grant.accessLevel === 'ADMIN' && tool.adminsSeePrivateItems) held.push(ADMINS_OF_PRIVATE);
  if (viewer.vendorId && holds(grant, 'VIEW_VENDOR_ITEMS')) held.push(viewer.vendorId);
  return held;
}

/** The audiences held, by which all that somebody sees is found: whoever holds every class sees nothing more as user or vendor. */
export function audiencesSought(
  viewer: Person,
  grant: Grant,
  tool: Pick<ToolFacts, 'adminsSeePrivateItems'>,
): readonly Audience[] {
  const held = audiencesHeld(viewer, grant, tool);
  return CLASSES.every((one) => held.includes(one)) ? CLASSES : held;
}

/** Whether somebody sees an item. Archived ones: only ADMINs, by the same table. */
export function canSee(
  viewer: Person,
  grant: Grant,
  tool: Pick<ToolFacts, 'adminsSeePrivateItems'>,
  item: ItemFacts,
): boolean {
  if (item.archived && grant.accessLevel !== 'ADMIN') return false;
  const held = audiencesHeld(viewer, grant, tool);
  return audiencesOf(item).some((audience) => held.includes(audience));
}

/** Why something may not be done to an item that is seen: code and a sentence that names what is missing. */
export interface Refusal {
  code: UserErrorCode;
  message: string;
}

const refusal = (code: UserErrorCode, message: string): Refusal => ({ code, message });

/** Those involved in an item, as far as only they themselves count. */
type Involved = { involved: readonly Pick<Person, 'id'>[] };

export const isInvolved = (viewer: Pick<Person, 'id'>, item: Involved): boolean =>
  item.involved.some(({ id }) => id === viewer.id);

/** Somebody else of the viewer's vendor is involved, whatever that person's own level, membership or activity. */
export const isColleagueInvolved = (viewer: Person, item: ItemFacts): boolean =>
  viewer.vendorId !== null &&
  item.involved.some(({ id, vendorId }) => id !== viewer.id && vendorId === viewer.vendorId);

const needs = (right: GranularPermission, tool: ToolFacts): string =>
  `this takes ${right}, STANDARD or ADMIN on ${tool.title}`;

/** Why nobody may create an item of a tool with this grant, or null. */
export const refuseCreate = (grant: Grant, tool: ToolFacts): Refusal | null =>
  holds(grant, 'CREATE')
    ? null
    : refusal('FORBIDDEN', `You may not create items of ${tool.title}: ${needs('CREATE', tool)}.`);

/** Why somebody may not edit an item or change its status, or null when they may. Freezing is judged by field: refuseFrozen. */
export function refuseEdit(viewer: Person, grant: Grant, tool: ToolFacts, item: ItemState): Refusal | null {
  if (item.archived) return refusal('CLOSED', `${item.number} is archived; restore it first.`);
  if (grant.accessLevel === 'ADMIN') return null;
  if (isClosed(item.category))
    return refusal('FORBIDDEN', `${item.number} is closed; only ADMINs of ${tool.title} may change it.`);
  if (item.createdById !== viewer.id)
    return refusal('FORBIDDEN', `Somebody else created ${item.number}; only ADMINs of ${tool.title} may change it.`);
  const right: GranularPermission = isIssued(item.category) ? 'EDIT_ITEMS_THEY_CREATED' : 'CREATE';
  return holds(grant, right) ? null : refusal('FORBIDDEN', `You may not change ${item.number}: ${needs(right, tool)}.`);
}

/** Why an item that a company froze when it was issued may not be edited (only its status changed), or null. */
export const refuseFrozen = (issuedItemsAreFrozen: boolean, item: ItemState, culprit: string): Refusal | null =>
  issuedItemsAreFrozen && isIssued(item.category)
    ? refusal(
        'FROZEN',
        `${item.number} is issued, and this company freezes issued items: ${culprit} can no longer be changed.`,
      )
    : null;

/** Why somebody may not respond to an item, or null. */
export function refuseRespond(viewer: Person, grant: Grant, tool: ToolFacts, item: ItemFacts): Refusal | null {
  if (item.archived) return refusal('CLOSED', `${item.number} is archived; restore it first.`);
  if (isClosed(item.category)) return refusal('CLOSED', `${item.number} is closed; nobody may respond to it.`);
  if (!isIssued(item.category))
    return refusal('INVALID', `${item.number} is a Draft; it can be answered once it is issued.`);
  if (grant.accessLevel === 'ADMIN') return null;
  if (holds(grant, 'CREATE_RESPONSE') && isInvolved(viewer, item)) return null;
  if (holds(grant, 'RESPOND_TO_VENDOR_ITEMS') && isColleagueInvolved(viewer, item)) return null;
  return refusal(
    'FORBIDDEN',
    `You may not respond to ${item.number}: this takes CREATE_RESPONSE and being involved, RESPOND_TO_VENDOR_ITEMS and an involved colleague, or ADMIN on ${tool.title}.`,
  );
}

/** Why somebody may not archive or restore an item, or null. */
export const refuseArchive = (grant: Grant, tool: ToolFacts, item: ItemState): Refusal | null =>
  grant.accessLevel === 'ADMIN'
    ? null
    : refusal('FORBIDDEN', `Only ADMINs of ${tool.title} may archive or restore ${item.number}.`);

/** Why nothing may be added to what an item is related to, or taken away, whoever asks, or null. Freezing does not matter. */
export const refuseRelating = (item: ItemState): Refusal | null =>
  item.archived ? refusal('CLOSED', `${item.number} is archived; restore it first.`) : null;

/** Why somebody may not relate an item to what they see, or null: this takes the right on one of the two ends only. */
export const refuseRelate = (viewer: Person, grant: Grant, tool: ToolFacts, item: ItemState): Refusal | null =>
  grant.accessLevel === 'ADMIN' || (grant.accessLevel === 'STANDARD' && item.createdById === viewer.id)
    ? null
    : refusal(
        'FORBIDDEN',
        `You may not relate ${item.number} to anything: this takes ADMIN on ${tool.title}, or STANDARD and having created it, here or at the other end.`,
      );

/** Why somebody may not switch `official` of a response of an item, or null: its creator and ADMINs may. */
export function refuseSwitchOfficial(viewer: Person, grant: Grant, tool: ToolFacts, item: ItemState): Refusal | null {
  if (item.archived) return refusal('CLOSED', `${item.number} is archived; restore it first.`);
  return grant.accessLevel === 'ADMIN' || item.createdById === viewer.id
    ? null
    : refusal(
        'FORBIDDEN',
        `Only the creator of ${item.number} and ADMINs of ${tool.title} may say which responses are official.`,
      );
}

/** Whether somebody who sees an item sees a response to it: unofficial ones are for their author, everybody involved, and ADMINs. */
export const canSeeResponse = (
  viewer: Pick<Person, 'id'>,
  grant: Grant,
  item: Involved,
  response: { official: boolean; createdById: string },
): boolean =>
  response.official || response.createdById === viewer.id || grant.accessLevel === 'ADMIN' || isInvolved(viewer, item);

/** Changes made while an item was a Draft are shown only to its creator and ADMINs. */
export const canSeeDraftChanges = (viewer: Person, grant: Grant, item: { createdById: string }): boolean =>
  item.createdById === viewer.id || grant.accessLevel === 'ADMIN';
