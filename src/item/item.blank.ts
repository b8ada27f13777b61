import { NO_ORIGIN } from './item.origin.ts';
import type { ItemContent } from './item.patch.ts';
import { NO_REFERENCES } from './item.references.ts';

/** What an item is before anything is said about it, beside who makes it where and when. */
export const BLANK = {
  externalId: null,
  position: '',
  number: '',
  title: '',
  description: null,
  dueDate: null,
  scheduleImpactStatus: null,
  scheduleImpactDays: null,
  costImpactStatus: null,
  costImpactAmount: null,
  receivedFromId: null,
  assigneeIds: [],
  distributionMemberIds: [],
  quantity: null,
  unit: null,
  ...NO_REFERENCES,
  customValues: null,
  ...NO_ORIGIN,
  attachmentIds: [],
  issuedAt: null,
  closedAt: null,
  archivedAt: null,
  version: 1,
} as const satisfies Readonly<Partial<ItemContent>>;
