import type { Faults } from '../kernel/input.ts';
import { STATUS_CATEGORIES, type StatusCategory } from '../tool/tool.policy.ts';
import { flagOf, type Raw, requiredId, requiredText, textOf } from './raw.policy.ts';

/** A tool as generic_tools.json or an item has it; what is undefined was not said. */
export interface SourceTool {
  externalId: string;
  title: string;
  abbreviation: string | null | undefined;
  privateByDefault: boolean | undefined;
  enabledOnNewProjects: boolean | undefined;
  sendsOverdueNotifications: boolean | undefined;
  adminsSeePrivateItems: boolean | undefined;
}

export const toolOf = (faults: Faults, raw: Raw): SourceTool => ({
  externalId: requiredId(faults, raw),
  title: requiredText(faults, raw, 'title'),
  abbreviation: raw.abbreviation === undefined ? undefined : textOf(faults, raw, 'abbreviation'),
  privateByDefault: flagOf(faults, raw, 'private_by_default') ?? undefined,
  enabledOnNewProjects: flagOf(faults, raw, 'new_project_default') ?? undefined,
  sendsOverdueNotifications: flagOf(faults, raw, 'send_overdue_notifications') ?? undefined,
  adminsSeePrivateItems: flagOf(faults, raw, 'allow_admin_view_private_item') ?? undefined,
});

const plain = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[^A-Z]+/g, '_')
    .replace(/^_|_$/g, '');

/** The category that the other system means by "Open", "Closed - Successful" and the like; null when it is none of ours. */
export const categoryOf = (text: string): StatusCategory | null =>
  STATUS_CATEGORIES.find((category) => category === plain(text)) ?? null;

/** A record of statuses.json: its name, and the default status that it maps to. */
export function statusOf(faults: Faults, raw: Raw): { externalId: string; name: string; category: StatusCategory } {
  const mapped = requiredText(faults, raw, 'status');
  const category = categoryOf(mapped);
  if (mapped && !category)
    faults.add(
      'INVALID',
      `status is none of Draft, Open, Closed, Closed - Successful, Closed - Unsuccessful: "${mapped}".`,
      ['status'],
    );
  return {
    externalId: requiredId(faults, raw),
    name: requiredText(faults, raw, 'status_name'),
    category: category ?? 'OPEN',
  };
}
