import type { Upload } from '../file/attach.policy.ts';
import { canonicalDecimal } from '../kernel/decimal.ts';
import type { UserError } from '../kernel/errors.ts';
import { uuidOf } from '../kernel/ids.ts';
import { Faults, type Path } from '../kernel/input.ts';
import type { CustomFieldFacts } from '../tool/customField.policy.ts';
import {
  type FieldRules,
  type ItemField,
  isClosed,
  isIssued,
  numberOf,
  type StatusCategory,
} from '../tool/tool.policy.ts';
import { type AttachmentsPatch, applyAttachments } from './item.attachments.ts';
import { applyCustomFields, type CustomFieldsAround, type CustomFieldsPatch } from './item.customValues.ts';
import { applyOrigin, type OriginPatch, type TopicFound } from './item.origin.ts';
import type { ImpactStatus } from './item.policy.ts';
import type { ItemRow } from './item.queries.ts';
import { applyReferences, type Reference, type ReferencesPatch } from './item.references.ts';

/** What may be said about an item on create, update and batch alike: absent leaves, null clears, a list replaces the list. */
export interface ItemPatch extends ReferencesPatch, CustomFieldsPatch, OriginPatch, AttachmentsPatch {
  externalId?: string | null;
  position?: string | null;
  title?: string | null;
  description?: string | null;
  statusId?: string | null;
  statusName?: string | null;
  private?: boolean | null;
  dueDate?: string | null;
  scheduleImpact?: { status: ImpactStatus; days?: number | null } | null;
  costImpact?: { status: ImpactStatus; amount?: string | null } | null;
  receivedFromId?: string | null;
  assigneeIds?: readonly string[] | null;
  distributionMemberIds?: readonly string[] | null;
  quantity?: string | null;
  unit?: string | null;
}

/** An item as it is stored: what a patch starts from and ends in. */
export type ItemContent = Omit<ItemRow, 'seenAs'>;

export interface Status {
  id: string;
  name: string;
  category: StatusCategory;
  isBuiltIn: boolean;
}

/** Somebody who is on an item, or whom a patch wants there. */
export interface Candidate {
  id: string;
  name: string;
  active: boolean;
}

/** How history shows what an item refers to by id. */
export interface Names {
  status(id: string): string;
  person(id: string): string;
  reference(id: string): string;
  vendor(id: string): string;
  /** one that has changed */
  customField(id: string): CustomFieldFacts;
  attachment(id: string): string;
}

/** What a patch of one item is judged against. */
export interface Surroundings extends CustomFieldsAround {
  tool: { id: string; title: string; abbreviation: string | null };
  statuses: readonly Status[];
  rules: FieldRules;
  person(id: string): Candidate | undefined;
  /** whether somebody can be chosen: active, and READ_ONLY or more on the tool in the project */
  selectable(id: string): boolean;
  /** reference data of the project */
  reference(id: string): Reference | undefined;
  /** an item or external topic that the patches name, by topicKey, if the viewer sees it */
  topic(key: string): TopicFound | undefined;
  /** an upload that the viewer may use */
  upload(id: string): Upload | undefined;
  description(html: string | null): Description;
  now: Date;
  names: Names;
}

// nobody reads a longer list of people, and the whole company is a group of its own
const MAX_PEOPLE = 200;
const MAX_POSITION = 50;
const MAX_UNIT = 50;
// ten thousand years of delay
const MAX_DAYS = 3_652_425;

/** The built-in field that each part of a patch writes; hidden ones cannot be written. */
const FIELD_OF: Record<keyof ItemPatch, ItemField | null> = {
  externalId: null,
  position: 'NUMBER',
  title: 'TITLE',
  description: 'DESCRIPTION',
  statusId: 'STATUS',
  statusName: 'STATUS',
  private: 'PRIVATE',
  dueDate: 'DUE_DATE',
  scheduleImpact: 'SCHEDULE_IMPACT',
  costImpact: 'COST_IMPACT',
  receivedFromId: 'RECEIVED_FROM',
  assigneeIds: 'ASSIGNEES',
  distributionMemberIds: 'DISTRIBUTION',
  quantity: 'QUANTITY',
  unit: 'QUANTITY',
  locationId: 'LOCATION',
  costCodeId: 'COST_CODE',
  specificationSectionId: 'SPECIFICATION_SECTION',
  subJobId: 'SUB_JOB',
  tradeIds: 'TRADES',
  taskIds: 'SCHEDULE_TASKS',
  // each is judged by itself
  customFields: null,
  originItemId: null,
  originTopic: null,
  uploadIds: 'ATTACHMENTS',
  references: 'ATTACHMENTS',
  removeAttachmentIds: 'ATTACHMENTS',
};

export const partsOf = (patch: ItemPatch): (keyof ItemPatch)[] =>
  (Object.keys(patch) as (keyof ItemPatch)[]).filter((key) => patch[key] !== undefined);

/** The parts of a patch that a frozen item does not take: all but the status. */
export const frozenParts = (patch: ItemPatch): (keyof ItemPatch)[] =>
  partsOf(patch).filter((key) => FIELD_OF[key] !== 'STATUS');

/** Whether a patch speaks of people. */
export const isAboutPeople = (patch: ItemPatch): boolean =>
  patch.assigneeIds !== undefined || patch.distributionMemberIds !== undefined || patch.receivedFromId !== undefined;

/** The users whom a patch names, as uuids; others are found out by `applyPatch`, which takes no longer lists either. */
export const peopleNamed = ({ receivedFromId, assigneeIds, distributionMemberIds }: ItemPatch): string[] =>
  [receivedFromId, ...[assigneeIds, distributionMemberIds].flatMap((ids) => ids?.slice(0, MAX_PEOPLE) ?? [])]
    .map((id) => uuidOf('User', id))
    .filter((id) => id !== null);

/** The parts of an item that are not the same in two of its states. */
export function differences(before: ItemContent, after: ItemContent): Set<keyof ItemContent> {
  const fields = new Set<keyof ItemContent>();
  for (const key in before) {
    const field = key as keyof ItemContent;
    if (!isSame(before[field], after[field])) fields.add(field);
  }
  return fields;
}

/** Lists are the same when they hold the same in the same order. */
const isSame = (a: unknown, b: unknown): boolean => a === b || (Array.isArray(a) && String(a) === String(b));

/** A description as it is kept, and what is wrong with it. */
export interface Description {
  text: string | null;
  errors: readonly UserError[];
}

/** Reads the descriptions of an act, each text once: making one safe takes up to 60 ms, and a batch gives it to 500 items. */
export function descriptionReader(): (html: string | null) => Description {
  const known = new Map<string | null, Description>();
  return (html) => {
    const faults = new Faults();
    const read = known.get(html) ?? {
      text: faults.richText(html, [], 'the description') ?? null,
      errors: faults.errors,
    };
    known.set(html, read);
    return read;
  };
}

/**
 * What an item becomes by a patch. Everything that is wrong goes to `faults`, with paths below `path`.
 * `isNew` when it is being created: left-out parts are then as `before` has them.
 */
export function applyPatch(
  faults: Faults,
  before: ItemContent,
  patch: ItemPatch,
  path: Path,
  around: Surroundings,
  isNew: boolean,
): ItemContent {
  const next: ItemContent = { ...before };
  const at = (part: keyof ItemPatch): Path => [...path, part];
  for (const part of partsOf(patch)) {
    const field = FIELD_OF[part];
    if (field && !around.rules[field].visible)
      faults.add('INVALID', `${field} is hidden in ${around.tool.title} here and cannot be written.`, at(part));
  }
  if (patch.externalId !== undefined)
    next.externalId = faults.text(patch.externalId, at('externalId'), 'the external id') ?? null;
  if (patch.title !== undefined) next.title = faults.text(patch.title, at('title'), 'the title') ?? '';
  if (patch.description !== undefined) {
    const { text, errors } = around.description(patch.description);
    next.description = text;
    for (const { code, message } of errors) faults.add(code, message, at('description'));
  }
  if (patch.private === null) faults.add('REQUIRED', 'private is true or false.', at('private'));
  else if (patch.private !== undefined) next.private = patch.private;
  if (patch.dueDate !== undefined) next.dueDate = patch.dueDate;
  if (patch.quantity !== undefined) next.quantity = patch.quantity === null ? null : canonicalDecimal(patch.quantity);
  if (patch.unit !== undefined) next.unit = faults.text(patch.unit, at('unit'), 'the unit', { max: MAX_UNIT }) ?? null;
  applyImpacts(faults, next, patch, path);
  applyPosition(faults, next, patch, at('position'), around, isNew);
  applyPeople(faults, next, before, patch, at, around);
  applyReferences(faults, next, before, patch, path, around.reference);
  applyCustomFields(faults, next, before, patch, path, around);
  applyOrigin(faults, next, patch, path, around.topic);
  applyAttachments(faults, next, patch, path, around.upload, around.now);
  applyStatus(faults, next, before, patch, path, around, isNew);
  return next;
}

function applyImpacts(faults: Faults, next: ItemContent, { scheduleImpact, costImpact }: ItemPatch, path: Path): void {
  const onlyKnown = (status: ImpactStatus, name: string, culprit: Path) => {
    if (status !== 'YES_KNOWN')
      faults.add('INVALID', `${name} go only with status YES_KNOWN, not with ${status}.`, culprit);
  };
  if (scheduleImpact !== undefined) {
    const days = scheduleImpact?.days ?? null;
    next.scheduleImpactStatus = scheduleImpact?.status ?? null;
    next.scheduleImpactDays = days;
    const culprit = [...path, 'scheduleImpact', 'days'];
    if (days !== null) onlyKnown(scheduleImpact!.status, 'Days', culprit);
    if (days !== null && Math.abs(days) > MAX_DAYS)
      faults.add('INVALID', `${days} days are more than an impact can have.`, culprit);
  }
  if (costImpact !== undefined) {
    const amount = costImpact?.amount ?? null;
    next.costImpactStatus = costImpact?.status ?? null;
    next.costImpactAmount = amount === null ? null : canonicalDecimal(amount);
    if (amount !== null) onlyKnown(costImpact!.status, 'Amounts', [...path, 'costImpact', 'amount']);
  }
}

/** A number given by hand; on a new item null or nothing means the next free one, which creation fills in. */
function applyPosition(
  faults: Faults,
  next: ItemContent,
  patch: ItemPatch,
  path: Path,
  around: Surroundings,
  isNew: boolean,
): void {
  if (patch.position === undefined || (isNew && patch.position === null)) return;
  next.position = faults.requiredText(patch.position, path, 'the number', { max: MAX_POSITION });
  next.number = numberOf(around.tool.abbreviation, next.position);
}

function applyPeople(
  faults: Faults,
  next: ItemContent,
  before: ItemContent,
  patch: ItemPatch,
  at: (part: keyof ItemPatch) => Path,
  around: Surroundings,
): void {
  /** The uuid of somebody who may be named there: only whom the patch adds is judged. */
  const chosen = (id: string, there: readonly (string | null)[], path: Path): string | null => {
    const uuid = uuidOf('User', id);
    if (uuid !== null && there.includes(uuid)) return uuid;
    const person = uuid === null ? undefined : around.person(uuid);
    if (!person) faults.notFound('User', id, path);
    else if (!around.selectable(person.id)) {
      const why = person.active ? `has no access to ${around.tool.title} in this project` : 'is not active';
      faults.add('NOT_SELECTABLE', `${person.name} ${why} and cannot be chosen.`, path);
    }
    return uuid;
  };
  const list = (part: 'assigneeIds' | 'distributionMemberIds'): string[] => {
    const given = patch[part] ?? [];
    if (given.length > MAX_PEOPLE) {
      faults.add('TOO_MANY', `${given.length} people; at most ${MAX_PEOPLE} are taken.`, at(part));
      return [];
    }
    return [...new Set(given)]
      .map((id) => chosen(id, before[part], [...at(part), given.indexOf(id)]))
      .filter((id) => id !== null);
  };
  if (patch.receivedFromId !== undefined) {
    next.receivedFromId =
      patch.receivedFromId === null
        ? null
        : chosen(patch.receivedFromId, [before.receivedFromId], at('receivedFromId'));
  }
  if (patch.assigneeIds !== undefined) next.assigneeIds = list('assigneeIds');
  if (patch.distributionMemberIds !== undefined) next.distributionMemberIds = list('distributionMemberIds');
}

/** The status that a patch asks for, and what follows from it (domain.md 4). */
function applyStatus(
  faults: Faults,
  next: ItemContent,
  before: ItemContent,
  patch: ItemPatch,
  path: Path,
  around: Surroundings,
  isNew: boolean,
): void {
  const { statusId, statusName } = patch;
  if (statusId === undefined && statusName === undefined) return;
  const culprit = [...path, statusId === undefined ? 'statusName' : 'statusId'];
  const wanted = statusId === undefined ? statusName : statusId;
  const status = around.statuses.find(({ id, name }) =>
    statusId === undefined
      ? name.toLowerCase() === wanted?.trim().toLowerCase()
      : id === uuidOf('GenericToolStatus', wanted),
  );
  if (statusId !== undefined && statusName !== undefined) {
    faults.add('INVALID', 'Give statusId or statusName, not both.', [...path, 'statusName']);
  } else if (wanted == null) {
    faults.add('REQUIRED', 'An item always has a status.', culprit);
  } else if (!status) {
    faults.add('NOT_FOUND', `${around.tool.title} has no status ${JSON.stringify(wanted.slice(0, 100))}.`, culprit);
  } else if (!isNew && isIssued(before.category) && !isIssued(status.category)) {
    faults.add('INVALID', `${before.number} is issued and cannot go back to ${status.name}, a Draft.`, culprit);
  } else {
    moveTo(next, status, around.now);
  }
}

/** Issuing sets issuedAt; closing sets closedAt, moving among closed ones keeps it, reopening clears it. */
function moveTo(item: ItemContent, status: Status, now: Date): void {
  const time = now.toISOString();
  if (!isIssued(item.category) && isIssued(status.category)) item.issuedAt = time;
  if (!isClosed(item.category) && isClosed(status.category)) item.closedAt = time;
  if (!isClosed(status.category)) item.closedAt = null;
  item.statusId = status.id;
  item.category = status.category;
}
