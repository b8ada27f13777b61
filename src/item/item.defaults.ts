import { workingDaysAfter } from '../kernel/days.ts';
import type { Start } from '../permission/defaults.queries.ts';
import type { FieldRules } from '../tool/tool.policy.ts';
import type { ItemContent } from './item.patch.ts';

/**
 * A blank item with what its project says that new ones start with; what its author says, null included, is applied to that. Fields
 * that the fieldset hides start with nothing.
 */
export function withDefaults(blank: ItemContent, start: Start | null, rules: FieldRules): ItemContent {
  if (start === null) return blank;
  const { description, dueInWorkingDays, today, distributionMemberIds } = start;
  return {
    ...blank,
    ...(rules.DESCRIPTION.visible && { description }),
    ...(rules.DUE_DATE.visible && dueInWorkingDays !== null && { dueDate: workingDaysAfter(today, dueInWorkingDays) }),
    ...(rules.DISTRIBUTION.visible && { distributionMemberIds }),
  };
}
