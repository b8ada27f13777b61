import { shownCustomValue } from '../tool/customValue.policy.ts';
import { isIssued } from '../tool/tool.policy.ts';
import { changedFields, customFieldKey, customValueOf } from './item.customValues.ts';
import type { ItemContent, Names } from './item.patch.ts';

/** One changed field of an item, old and new as they were shown. */
export interface Change {
  field: HistoryField | `customField:${string}`;
  oldValue: string | null;
  newValue: string | null;
  inDraft: boolean;
  /** what events tell of it: values that are neither text nor people, and ids of people; nothing of texts */
  event: { old?: unknown; new?: unknown };
}

/** The fields that history speaks of, and their names on screens. */
export const HISTORY_LABELS = {
  number: 'Number',
  title: 'Subject',
  description: 'Description',
  status: 'Status',
  private: 'Private',
  dueDate: 'Due Date',
  scheduleImpact: 'Schedule Impact',
  costImpact: 'Cost Impact',
  receivedFrom: 'Received From',
  assignees: 'Assignees',
  distributionMembers: 'Distribution',
  quantity: 'Quantity',
  unit: 'Unit',
  location: 'Location',
  costCode: 'Cost Code',
  specificationSection: 'Specification Section',
  subJob: 'Sub Job',
  trades: 'Trades',
  tasks: 'Schedule Tasks',
  attachments: 'Attachments',
  externalId: 'External ID',
  archived: 'Archived',
} as const;
export type HistoryField = keyof typeof HISTORY_LABELS;

const IMPACTS = { YES_KNOWN: 'Yes', YES_UNKNOWN: 'Yes (Unknown)', NO_IMPACT: 'No Impact', TBD: 'TBD', N_A: 'N/A' };
/** An impact as it is shown: whether there is one and, if it is known, of how much. */
export const impact = (
  status: keyof typeof IMPACTS | null,
  value: string | number | null,
  unit: string,
): string | null => status && (value === null ? IMPACTS[status] : `${IMPACTS[status]}: ${value}${unit}`);
/** A yes or no as it is shown. */
export const yesNo = (value: boolean): string => (value ? 'Yes' : 'No');

/** Fields that hold several: the part of an item that has their ids, and the name of one. */
const LISTS = {
  assignees: { part: 'assigneeIds', name: (id: string, names: Names) => names.person(id) },
  distributionMembers: { part: 'distributionMemberIds', name: (id: string, names: Names) => names.person(id) },
  trades: { part: 'tradeIds', name: (id: string, names: Names) => names.reference(id) },
  tasks: { part: 'taskIds', name: (id: string, names: Names) => names.reference(id) },
  attachments: {
    part: 'attachmentIds',
    // those that come are not stored yet
    name: (id: string, names: Names, after: ItemContent) =>
      after.attaching?.added.find((attachment) => attachment.id === id)?.name ?? names.attachment(id),
  },
} as const;
type Lists = keyof typeof LISTS;

/** Whether a field holds several, so that its history tells of each one that came or went. */
export const holdsSeveral = (field: string): boolean => Object.hasOwn(LISTS, field);

/** What history says of a field: the parts of an item that it is about, and how their values are shown. */
interface Shown {
  parts: readonly (keyof ItemContent)[];
  shown(item: ItemContent, names: Names): string | null;
  /** what events tell of it: nothing of texts */
  told?(item: ItemContent): unknown;
}

/** A field that refers to reference data. */
const reference = (part: 'locationId' | 'costCodeId' | 'specificationSectionId' | 'subJobId'): Shown => ({
  parts: [part],
  shown: (item, names) => item[part] && names.reference(item[part]),
  told: (item) => item[part],
});

/** Every field but the lists. */
const FIELDS: Record<Exclude<HistoryField, Lists>, Shown> = {
  number: { parts: ['number'], shown: ({ number }) => number },
  title: { parts: ['title'], shown: ({ title }) => title || null },
  description: { parts: ['description'], shown: ({ description }) => description },
  status: {
    parts: ['statusId'],
    shown: ({ statusId }, names) => names.status(statusId),
    told: ({ statusId }) => statusId,
  },
  private: { parts: ['private'], shown: (item) => yesNo(item.private), told: (item) => item.private },
  dueDate: { parts: ['dueDate'], shown: ({ dueDate }) => dueDate, told: ({ dueDate }) => dueDate },
  scheduleImpact: {
    parts: ['scheduleImpactStatus', 'scheduleImpactDays'],
    shown: (item) => impact(item.scheduleImpactStatus, item.scheduleImpactDays, ' days'),
    told: ({ scheduleImpactStatus: status, scheduleImpactDays: days }) => status && { status, days },
  },
  costImpact: {
    parts: ['costImpactStatus', 'costImpactAmount'],
    shown: (item) => impact(item.costImpactStatus, item.costImpactAmount, ''),
    told: ({ costImpactStatus: status, costImpactAmount: amount }) => status && { status, amount },
  },
  receivedFrom: {
    parts: ['receivedFromId'],
    shown: ({ receivedFromId }, names) => receivedFromId && names.person(receivedFromId),
    told: ({ receivedFromId }) => receivedFromId,
  },
  quantity: { parts: ['quantity'], shown: ({ quantity }) => quantity, told: ({ quantity }) => quantity },
  unit: { parts: ['unit'], shown: ({ unit }) => unit },
  location: reference('locationId'),
  costCode: reference('costCodeId'),
  specificationSection: reference('specificationSectionId'),
  subJob: reference('subJobId'),
  externalId: { parts: ['externalId'], shown: ({ externalId }) => externalId },
  archived: {
    parts: ['archivedAt'],
    shown: ({ archivedAt }) => yesNo(archivedAt !== null),
    told: ({ archivedAt }) => archivedAt !== null,
  },
};
const SHOWN = Object.entries(FIELDS) as [HistoryField, Shown][];

/** What has changed between two states of an item that differ in these parts: one row a field, one for each of a list added or removed. */
export function changesOf(
  before: ItemContent,
  after: ItemContent,
  differences: ReadonlySet<keyof ItemContent>,
  names: Names,
): Change[] {
  const inDraft = !isIssued(before.category);
  const changes: Change[] = [];
  for (const [field, { parts, shown, told }] of SHOWN) {
    if (!parts.some((part) => differences.has(part))) continue;
    changes.push({
      field,
      oldValue: shown(before, names),
      newValue: shown(after, names),
      // that it was issued is no secret of the Draft
      inDraft: inDraft && !(field === 'status' && isIssued(after.category)),
      event: told ? { old: told(before), new: told(after) } : {},
    });
  }
  for (const field of Object.keys(LISTS) as Lists[]) {
    const { part, name } = LISTS[field];
    if (!differences.has(part)) continue;
    const [old, now] = [before[part], after[part]];
    for (const id of old.filter((one) => !now.includes(one)))
      changes.push({ field, oldValue: name(id, names, after), newValue: null, inDraft, event: { old: id } });
    for (const id of now.filter((one) => !old.includes(one)))
      changes.push({ field, oldValue: null, newValue: name(id, names, after), inDraft, event: { new: id } });
  }
  return [...changes, ...customChangesOf(before, after, names, inDraft)];
}

/** The same of custom fields: one row for each, whatever it holds. */
function customChangesOf(before: ItemContent, after: ItemContent, names: Names, inDraft: boolean): Change[] {
  const called = { user: names.person, vendor: names.vendor, location: names.reference };
  return changedFields(before.customValues, after.customValues).map((id): Change => {
    const field = names.customField(id);
    const [old, now] = [before, after].map(({ customValues }) => customValueOf(customValues, id));
    const shown = (value: typeof old) => (value == null ? null : shownCustomValue(field, value, called));
    const isText = field.dataType === 'STRING' || field.dataType === 'RICH_TEXT';
    return {
      field: customFieldKey(id),
      oldValue: shown(old),
      newValue: shown(now),
      inDraft,
      event: isText ? {} : { old, new: now },
    };
  });
}
