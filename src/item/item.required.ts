import type { Faults, Path } from '../kernel/input.ts';
import { type ItemField, isIssued } from '../tool/tool.policy.ts';
import { lackingFields } from './item.customValues.ts';
import type { ItemContent, ItemPatch, Surroundings } from './item.patch.ts';

/** Whether an item lacks what a required field asks for, and the part of a patch that would give it. */
const LACKS: readonly { field: ItemField; part: keyof ItemPatch; lacks: (item: ItemContent) => boolean }[] = [
  { field: 'TITLE', part: 'title', lacks: (item) => item.title === '' },
  { field: 'DESCRIPTION', part: 'description', lacks: (item) => item.description === null },
  { field: 'ASSIGNEES', part: 'assigneeIds', lacks: (item) => item.assigneeIds.length === 0 },
  { field: 'DISTRIBUTION', part: 'distributionMemberIds', lacks: (item) => item.distributionMemberIds.length === 0 },
  { field: 'RECEIVED_FROM', part: 'receivedFromId', lacks: (item) => item.receivedFromId === null },
  { field: 'DUE_DATE', part: 'dueDate', lacks: (item) => item.dueDate === null },
  { field: 'SCHEDULE_IMPACT', part: 'scheduleImpact', lacks: (item) => item.scheduleImpactStatus === null },
  { field: 'COST_IMPACT', part: 'costImpact', lacks: (item) => item.costImpactStatus === null },
  { field: 'QUANTITY', part: 'quantity', lacks: (item) => item.quantity === null },
  { field: 'LOCATION', part: 'locationId', lacks: (item) => item.locationId === null },
  { field: 'COST_CODE', part: 'costCodeId', lacks: (item) => item.costCodeId === null },
  {
    field: 'SPECIFICATION_SECTION',
    part: 'specificationSectionId',
    lacks: (item) => item.specificationSectionId === null,
  },
  { field: 'SUB_JOB', part: 'subJobId', lacks: (item) => item.subJobId === null },
  { field: 'TRADES', part: 'tradeIds', lacks: (item) => item.tradeIds.length === 0 },
  { field: 'SCHEDULE_TASKS', part: 'taskIds', lacks: (item) => item.taskIds.length === 0 },
  { field: 'ATTACHMENTS', part: 'uploadIds', lacks: (item) => item.attachmentIds.length === 0 },
];

/** The status and what follows from it. */
const OF_STATUS: ReadonlySet<keyof ItemContent> = new Set<keyof ItemContent>([
  'statusId',
  'category',
  'issuedAt',
  'closedAt',
]);

/**
 * Required fields (domain.md 2, Fieldset): enforced when an item leaves Draft or is made issued, and when an Open item changes in
 * anything but its status. A Draft may be incomplete; a change of status alone is never refused for them, whatever else the patch
 * repeats. `differences` are those of the two states; null while the item is being created.
 */
export function enforceRequired(
  faults: Faults,
  before: ItemContent,
  after: ItemContent,
  path: Path,
  { rules, customFields }: Pick<Surroundings, 'rules' | 'customFields'>,
  differences: ReadonlySet<keyof ItemContent> | null,
): void {
  const issuing = (!differences || !isIssued(before.category)) && isIssued(after.category);
  const editing = before.category === 'OPEN' && [...(differences ?? [])].some((part) => !OF_STATUS.has(part));
  for (const { field, part, lacks } of LACKS) {
    // a title is what an issued item is known by: it cannot be taken away from a closed one either
    const enforced =
      issuing || editing || (field === 'TITLE' && isIssued(after.category) && after.title !== before.title);
    if (enforced && rules[field].required && lacks(after))
      faults.add('REQUIRED', `${field} is required of issued items here, and ${after.number || 'the item'} has none.`, [
        ...path,
        part,
      ]);
  }
  if (!issuing && !editing) return;
  for (const { label } of lackingFields(after, customFields))
    faults.add('REQUIRED', `"${label}" is required of issued items here, and ${after.number || 'the item'} has none.`, [
      ...path,
      'customFields',
    ]);
}
