import { isIssued } from '../tool/tool.policy.ts';
import type { ItemContent } from './item.patch.ts';

/** One changed field of an item, old and new as they were shown. */
export interface Change {
  field: HistoryField;
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
  externalId: 'External ID',
  archived: 'Archived',
} as const;
export type HistoryField = keyof typeof HISTORY_LABELS;

/** How history shows what an item refers to by id. */
export interface Names {
  status(id: string): string;
  person(id: string): string;
}

const IMPACTS = { YES_KNOWN: 'Yes', YES_UNKNOWN: 'Yes (Unknown)', NO_IMPACT: 'No Impact', TBD: 'TBD', N_A: 'N/A' };
const impact = (status: keyof typeof IMPACTS | null, value: string | number | null, unit: string): string | null =>
  status && (value === null ? IMPACTS[status] : `${IMPACTS[status]}: ${value}${unit}`);
const yesNo = (value: boolean): string => (value ? 'Yes' : 'No');

const TEXTS: ReadonlySet<HistoryField> = new Set<HistoryField>([
  'title',
  'description',
  'unit',
  'number',
  'externalId',
]);

/** Every field but the lists of people, as it is shown. */
const shown = (item: ItemContent, names: Names): Partial<Record<HistoryField, string | null>> => ({
  number: item.number,
  title: item.title || null,
  description: item.description,
  status: names.status(item.statusId),
  private: yesNo(item.private),
  dueDate: item.dueDate,
  scheduleImpact: impact(item.scheduleImpactStatus, item.scheduleImpactDays, ' days'),
  costImpact: impact(item.costImpactStatus, item.costImpactAmount, ''),
  receivedFrom: item.receivedFromId && names.person(item.receivedFromId),
  quantity: item.quantity,
  unit: item.unit,
  externalId: item.externalId,
  archived: yesNo(item.archivedAt !== null),
});

/** The same as events tell it. */
const told = (item: ItemContent): Partial<Record<HistoryField, unknown>> => ({
  status: item.statusId,
  private: item.private,
  dueDate: item.dueDate,
  scheduleImpact: item.scheduleImpactStatus && { status: item.scheduleImpactStatus, days: item.scheduleImpactDays },
  costImpact: item.costImpactStatus && { status: item.costImpactStatus, amount: item.costImpactAmount },
  receivedFrom: item.receivedFromId,
  quantity: item.quantity,
  archived: item.archivedAt !== null,
});

/** What has changed between two states of an item: one row a field, and one for each person added or removed. */
export function changesOf(before: ItemContent, after: ItemContent, names: Names): Change[] {
  const [old, now] = [shown(before, names), shown(after, names)];
  const [oldTold, newTold] = [told(before), told(after)];
  const inDraft = !isIssued(before.category);
  const scalars = (Object.keys(old) as HistoryField[])
    .filter((field) => different(field, old, now, before, after))
    .map(
      (field): Change => ({
        field,
        oldValue: old[field] ?? null,
        newValue: now[field] ?? null,
        // that it was issued is no secret of the Draft
        inDraft: inDraft && !(field === 'status' && isIssued(after.category)),
        event: TEXTS.has(field) ? {} : { old: oldTold[field], new: newTold[field] },
      }),
    );
  return [
    ...scalars,
    ...people('assignees', before.assigneeIds, after.assigneeIds, names, inDraft),
    ...people('distributionMembers', before.distributionMemberIds, after.distributionMemberIds, names, inDraft),
  ];
}

/** Two statuses or people may have the same name: what they are called does not say whether they are the same. */
function different(
  field: HistoryField,
  old: Partial<Record<HistoryField, string | null>>,
  now: Partial<Record<HistoryField, string | null>>,
  before: ItemContent,
  after: ItemContent,
): boolean {
  if (field === 'status') return before.statusId !== after.statusId;
  if (field === 'receivedFrom') return before.receivedFromId !== after.receivedFromId;
  return old[field] !== now[field];
}

function people(
  field: HistoryField,
  before: readonly string[],
  after: readonly string[],
  names: Names,
  inDraft: boolean,
): Change[] {
  const removed = before.filter((id) => !after.includes(id));
  const added = after.filter((id) => !before.includes(id));
  return [
    ...removed.map(
      (id): Change => ({ field, oldValue: names.person(id), newValue: null, inDraft, event: { old: id } }),
    ),
    ...added.map((id): Change => ({ field, oldValue: null, newValue: names.person(id), inDraft, event: { new: id } })),
  ];
}
