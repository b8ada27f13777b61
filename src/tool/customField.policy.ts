/** What a field that a company defines itself can hold (domain.md 2, CustomField). */
export const CUSTOM_FIELD_TYPES = [
  'STRING',
  'RICH_TEXT',
  'DECIMAL',
  'CURRENCY',
  'BOOLEAN',
  'DATE',
  'DATETIME',
  'SINGLE_SELECT',
  'MULTI_SELECT',
  'USER',
  'USERS',
  'COMPANY',
  'LOCATION',
  'READ_ONLY',
] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

/** What can be chosen in a select. */
export interface CustomFieldOption {
  id: string;
  label: string;
  position: number;
  active: boolean;
}

/** What the rules want to know of a custom field. Its options are in their order. */
export interface CustomFieldFacts {
  id: string;
  label: string;
  dataType: CustomFieldType;
  active: boolean;
  options: readonly CustomFieldOption[];
}

/** Whether a field of this type has options to choose from. */
export const isSelect = (type: CustomFieldType): boolean => type === 'SINGLE_SELECT' || type === 'MULTI_SELECT';

/** Of those that one fieldset can have (domain.md 2). */
export const MAX_CUSTOM_FIELDS = 15;

// what a person finds in a list of choices; beyond that it is reference data of a project, or a vendor
export const MAX_OPTIONS = 500;
