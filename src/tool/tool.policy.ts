/** The kinds of status; a custom status behaves as its category (domain.md 4). In the order in which lists go by STATUS. */
export const STATUS_CATEGORIES = ['DRAFT', 'OPEN', 'CLOSED', 'CLOSED_SUCCESSFUL', 'CLOSED_UNSUCCESSFUL'] as const;
export type StatusCategory = (typeof STATUS_CATEGORIES)[number];

export const isClosed = (category: StatusCategory): boolean => category.startsWith('CLOSED');
export const isIssued = (category: StatusCategory): boolean => category !== 'DRAFT';

/** The built-in fields that a fieldset says something about (domain.md 2, Fieldset). */
export const ITEM_FIELDS = [
  'NUMBER',
  'STATUS',
  'TITLE',
  'PRIVATE',
  'DESCRIPTION',
  'ASSIGNEES',
  'DISTRIBUTION',
  'RECEIVED_FROM',
  'DUE_DATE',
  'SCHEDULE_IMPACT',
  'COST_IMPACT',
  'LOCATION',
  'COST_CODE',
  'SPECIFICATION_SECTION',
  'SUB_JOB',
  'TRADES',
  'SCHEDULE_TASKS',
  'QUANTITY',
  'ATTACHMENTS',
  'RESPONSES',
] as const;
export type ItemField = (typeof ITEM_FIELDS)[number];

/** Never hidden, whatever a fieldset says. */
export const ALWAYS_VISIBLE: ReadonlySet<ItemField> = new Set<ItemField>(['NUMBER', 'STATUS', 'TITLE', 'PRIVATE']);
/** Required by every fieldset. */
export const ALWAYS_REQUIRED: ReadonlySet<ItemField> = new Set<ItemField>(['TITLE', 'STATUS']);
