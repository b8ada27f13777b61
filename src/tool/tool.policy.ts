import { naturalKey, sortKey } from '../kernel/text.ts';

/** The kinds of status; a custom status behaves as its category (domain.md 4). In the order in which lists go by STATUS. */
export const STATUS_CATEGORIES = ['DRAFT', 'OPEN', 'CLOSED', 'CLOSED_SUCCESSFUL', 'CLOSED_UNSUCCESSFUL'] as const;
export type StatusCategory = (typeof STATUS_CATEGORIES)[number];

export const isClosed = (category: StatusCategory): boolean => category.startsWith('CLOSED');
export const isIssued = (category: StatusCategory): boolean => category !== 'DRAFT';

/** What statuses are ordered by: the category first, then the name. */
export const statusSortKey = (category: StatusCategory, name: string): string =>
  `${STATUS_CATEGORIES.indexOf(category)}${sortKey(name)}`;

/** The statuses that every tool is made with; they can be renamed, not deleted. */
export const BUILT_IN_STATUSES = [
  { name: 'Draft', category: 'DRAFT' },
  { name: 'Open', category: 'OPEN' },
  { name: 'Closed', category: 'CLOSED' },
] as const satisfies { name: string; category: StatusCategory }[];

/** What stands before the position in the numbers of a tool's items: nothing without an abbreviation. */
export const prefixOf = (abbreviation: string | null): string => (abbreviation === null ? '' : `${abbreviation}-`);

/** The number of an item: "DR-interior-002". */
export const numberOf = (abbreviation: string | null, position: string): string => prefixOf(abbreviation) + position;

/**
 * The key that an item's number sorts by: naturalKey of the number, made of the keys of its two parts. That they can be made
 * apart is what lets a new abbreviation rewrite the keys of all items without reading their positions; the hyphen sees to it.
 */
export const numberKeyOf = (abbreviation: string | null, position: string): string =>
  naturalKey(prefixOf(abbreviation)) + naturalKey(position);

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

/** Fields that no fieldset can require, and why: an item could never be issued. */
export const NOT_REQUIRABLE: ReadonlyMap<ItemField, string> = new Map<ItemField, string>([
  ['RESPONSES', 'it is what others add to an item, no content of it'],
]);

/** What a fieldset says about one field. */
export interface FieldRule {
  visible: boolean;
  required: boolean;
}
export type FieldRules = Record<ItemField, FieldRule>;

/** The rule of a field that nothing was said about: visible, and required only where every fieldset requires it. */
export const unsaidRule = (field: ItemField): FieldRule => ({ visible: true, required: ALWAYS_REQUIRED.has(field) });

/** The rules of all fields, from what a fieldset says about some of them. */
export const fieldRulesOf = (said: readonly ({ field: ItemField } & FieldRule)[]): FieldRules => {
  const rules = Object.fromEntries(ITEM_FIELDS.map((field) => [field, unsaidRule(field)])) as FieldRules;
  for (const { field, visible, required } of said) rules[field] = { visible, required };
  return rules;
};

/** Why a fieldset cannot say this about a field (null: a custom one), and which half of it is wrong; null when it can. */
export function refuseRule(
  field: ItemField | null,
  { visible, required }: FieldRule,
): { culprit: keyof FieldRule; message: string } | null {
  const hidden = (name: string) => `${name} cannot be required and hidden: nobody could fill it in.`;
  if (field === null) return required && !visible ? { culprit: 'required', message: hidden('A custom field') } : null;
  if (!visible && ALWAYS_VISIBLE.has(field))
    return { culprit: 'visible', message: `${field} is visible in every fieldset.` };
  if (!required && ALWAYS_REQUIRED.has(field))
    return { culprit: 'required', message: `${field} is required in every fieldset.` };
  if (required && NOT_REQUIRABLE.has(field))
    return { culprit: 'required', message: `${field} cannot be required: ${NOT_REQUIRABLE.get(field)}.` };
  if (required && !visible) return { culprit: 'required', message: hidden(field) };
  return null;
}
