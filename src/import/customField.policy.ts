import type { Faults } from '../kernel/input.ts';
import { MAX_NAME } from '../kernel/input.ts';
import type { CustomFieldType } from '../tool/customField.policy.ts';
import { peopleOf, personOf, type SourcePerson, type SourceVendor } from './people.policy.ts';
import {
  decimalOf,
  flagOf,
  idOf,
  isRaw,
  listOf,
  objectOf,
  type Raw,
  requiredId,
  requiredText,
  textOf,
} from './raw.policy.ts';
import { referenceOf, type SourceReference } from './reference.policy.ts';

/** A custom field as a definition has it, or as a value of it shows. */
export interface SourceField {
  externalId: string;
  /** null: only values of it were seen */
  label: string | null;
  dataType: CustomFieldType;
  /** labels of the choices, in their order */
  options: { label: string; active: boolean }[];
  active: boolean;
}

/** What an item has in a custom field. */
export interface SourceValue {
  externalId: string;
  dataType: CustomFieldType;
  /** it has none: what is here goes */
  isEmpty: boolean;
  /** a text, a decimal, true or false, a day, a moment */
  plain: string | boolean | null;
  labels: string[];
  people: SourcePerson[];
  vendor: SourceVendor | null;
  location: SourceReference | null;
}

const TYPES: Record<string, CustomFieldType> = {
  string: 'STRING',
  rich_text: 'RICH_TEXT',
  number: 'DECIMAL',
  decimal: 'DECIMAL',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'DATETIME',
  lov_entry: 'SINGLE_SELECT',
  lov_entries: 'MULTI_SELECT',
  login_information: 'USER',
  login_informations: 'USERS',
  company: 'COMPANY',
  vendor: 'COMPANY',
  location: 'LOCATION',
  read_only: 'READ_ONLY',
};

/** The type that the other system's names come to; null where we have none. */
function typeOf(raw: Raw): CustomFieldType | null {
  const type = typeof raw.data_type === 'string' && Object.hasOwn(TYPES, raw.data_type) ? TYPES[raw.data_type]! : null;
  return type === 'DECIMAL' && raw.variant === 'currency' ? 'CURRENCY' : type;
}

/** A record of custom_field_definitions.json. */
export function definitionOf(faults: Faults, raw: Raw): SourceField {
  const dataType = typeOf(raw);
  if (!dataType)
    faults.add('INVALID', `data_type is none that this gateway has: ${JSON.stringify(raw.data_type)}.`, ['data_type']);
  // the highest position stands first there
  const entries = listOf(faults, raw, 'custom_field_lov_entries').toSorted(
    (a, b) => Number(b.position ?? 0) - Number(a.position ?? 0),
  );
  return {
    externalId: requiredId(faults, raw),
    label: requiredText(faults, raw, 'label'),
    dataType: dataType ?? 'STRING',
    options: entries.map((entry) => ({
      label: requiredText(faults, entry, 'label'),
      active: flagOf(faults, entry, 'active') ?? true,
    })),
    active: flagOf(faults, raw, 'active') ?? true,
  };
}

/** The values that an item has in custom fields. What is of a type that we do not have is left out, with a remark. */
export function valuesOf(faults: Faults, remarks: string[], raw: Raw): SourceValue[] {
  return Object.entries(objectOf(faults, raw, 'custom_fields') ?? {}).flatMap(([key, entry]) => {
    const externalId = idOf(key.replace(/^custom_field_/, ''));
    const dataType = isRaw(entry) ? typeOf(entry) : null;
    if (!externalId || !isRaw(entry) || dataType === 'READ_ONLY') return [];
    const isEmpty =
      entry.value == null || entry.value === '' || (Array.isArray(entry.value) && entry.value.length === 0);
    if (isEmpty) return dataType ? [{ externalId, dataType, ...EMPTY }] : [];
    if (!dataType) {
      remarks.push(
        `${key} is ${JSON.stringify(entry.data_type)}, which this gateway does not have: it is not taken over`,
      );
      return [];
    }
    return [{ externalId, dataType, ...contentOf(faults, remarks, key, dataType, entry), isEmpty: false }];
  });
}

type Value = Omit<SourceValue, 'externalId' | 'dataType'>;
const EMPTY: Value = { isEmpty: true, plain: null, labels: [], people: [], vendor: null, location: null };

function contentOf(faults: Faults, remarks: string[], key: string, dataType: CustomFieldType, entry: Raw): Value {
  const named = { [key]: entry.value };
  switch (dataType) {
    case 'DECIMAL':
    case 'CURRENCY':
      return { ...EMPTY, plain: decimalOf(faults, entry.value, key) };
    case 'BOOLEAN':
      return { ...EMPTY, plain: flagOf(faults, named, key) };
    case 'SINGLE_SELECT':
    case 'MULTI_SELECT': {
      const chosen = Array.isArray(entry.value) ? listOf(faults, named, key) : [objectOf(faults, named, key) ?? {}];
      return { ...EMPTY, labels: chosen.map((option) => requiredText(faults, option, 'label')) };
    }
    case 'USER': {
      const person = personOf(faults, named, key);
      return { ...EMPTY, people: person ? [person] : [] };
    }
    case 'USERS':
      return { ...EMPTY, people: peopleOf(faults, named, key) };
    case 'COMPANY': {
      const firm = objectOf(faults, named, key) ?? {};
      return { ...EMPTY, vendor: { externalId: idOf(firm.id), name: requiredText(faults, firm, 'name') } };
    }
    case 'LOCATION':
      return { ...EMPTY, location: referenceOf(faults, 'LOCATION', objectOf(faults, named, key) ?? {}, key) };
    case 'STRING':
      return { ...EMPTY, plain: oneLine(remarks, key, entry.value) };
    default:
      return { ...EMPTY, plain: typeof entry.value === 'string' ? entry.value : textOf(faults, named, key) };
  }
}

/** A text on one line: line breaks become spaces, and one that is too long is left out, both with a remark. */
function oneLine(remarks: string[], key: string, value: unknown): string | null {
  const text = String(value).trim();
  const line = text.replace(/\s*[\t\n\r\u2028\u2029]+\s*/g, ' ');
  if (line !== text) remarks.push(`${key} has several lines: they are one here`);
  if (line.length <= MAX_NAME) return line || null;
  remarks.push(`${key} has ${line.length} characters, more than the ${MAX_NAME} of a text: it is not taken over`);
  return null;
}
