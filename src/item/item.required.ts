import type { Faults, Path } from '../kernel/input.ts';
import { type FieldRules, type ItemField, isIssued } from '../tool/tool.policy.ts';
import type { ItemContent, ItemPatch } from './item.patch.ts';

/** Whether an item lacks what a required field asks for, and the part of a patch that would give it. */
const LACKS: Partial<Record<ItemField, { part: keyof ItemPatch; lacks: (item: ItemContent) => boolean }>> = {
  TITLE: { part: 'title', lacks: (item) => item.title === '' },
  DESCRIPTION: { part: 'description', lacks: (item) => item.description === null },
  ASSIGNEES: { part: 'assigneeIds', lacks: (item) => item.assigneeIds.length === 0 },
  DISTRIBUTION: { part: 'distributionMemberIds', lacks: (item) => item.distributionMemberIds.length === 0 },
  RECEIVED_FROM: { part: 'receivedFromId', lacks: (item) => item.receivedFromId === null },
  DUE_DATE: { part: 'dueDate', lacks: (item) => item.dueDate === null },
  SCHEDULE_IMPACT: { part: 'scheduleImpact', lacks: (item) => item.scheduleImpactStatus === null },
  COST_IMPACT: { part: 'costImpact', lacks: (item) => item.costImpactStatus === null },
  QUANTITY: { part: 'quantity', lacks: (item) => item.quantity === null },
};

/** Whether anything but the status, and what follows from it, differs. */
const differsBeyondStatus = (before: ItemContent, after: ItemContent): boolean => {
  const { statusId, category, issuedAt, closedAt } = before;
  return JSON.stringify({ ...after, statusId, category, issuedAt, closedAt }) !== JSON.stringify(before);
};

/**
 * Required fields (domain.md 2, Fieldset): enforced when an item leaves Draft or is made issued, and when an Open item changes in
 * anything but its status. A Draft may be incomplete; a change of status alone is never refused for them, whatever else the patch
 * repeats.
 */
export function enforceRequired(
  faults: Faults,
  before: ItemContent,
  after: ItemContent,
  path: Path,
  rules: FieldRules,
  isNew: boolean,
): void {
  const issuing = (isNew || !isIssued(before.category)) && isIssued(after.category);
  const editing = !isNew && before.category === 'OPEN' && differsBeyondStatus(before, after);
  for (const [field, { part, lacks }] of Object.entries(LACKS)) {
    // a title is what an issued item is known by: it cannot be taken away from a closed one either
    const enforced =
      issuing || editing || (field === 'TITLE' && isIssued(after.category) && after.title !== before.title);
    if (enforced && rules[field as ItemField].required && lacks(after))
      faults.add('REQUIRED', `${field} is required of issued items here, and ${after.number || 'the item'} has none.`, [
        ...path,
        part,
      ]);
  }
}
