import { fromGlobalId, toGlobalId, uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';
import { plainText } from '../kernel/plainText.ts';
import { sortKey } from '../kernel/text.ts';
import { type CustomFieldType, MAX_CUSTOM_FIELDS } from '../tool/customField.policy.ts';
import type { CustomFieldRow } from '../tool/customField.queries.ts';
import {
  type CustomValue,
  type JudgeReferred,
  type ReadRichText,
  readCustomValue,
} from '../tool/customValue.policy.ts';
import type { PlacedCustomField } from '../tool/fieldset.queries.ts';
import type { Candidate } from './item.patch.ts';
import type { Reference } from './item.references.ts';

/**
 * The values that an item has, by the id of their field, and under `~id` what texts are ordered by (the sort key of a STRING) or looked
 * into (the plain text of a RICH_TEXT). null: none at all.
 */
export type CustomValues = Readonly<Record<string, CustomValue>>;

/** What a patch may say of custom fields: those listed change, null clears them, and null for the list all that can be written. */
export interface CustomFieldsPatch {
  customFields?: readonly { customFieldId: string; value?: unknown }[] | null;
}

/** What values of custom fields are judged against in one place. */
export interface CustomFieldsAround {
  tool: { title: string };
  /** those of the fieldset, in its order */
  customFields: readonly PlacedCustomField[];
  /** one that a patch names, whether the fieldset has it or not; of new items all of the fieldset */
  customField(id: string): CustomFieldRow | undefined;
  person(id: string): Candidate | undefined;
  selectable(id: string): boolean;
  vendor(id: string): { name: string } | undefined;
  reference(id: string): Reference | undefined;
  richText: ReadRichText;
}

/** Where the companion of a value stands. */
export const companionKey = (id: string): string => `~${id}`;

/** Of an item that somebody does not give it, or whose fieldset does not have it: no value. */
export const customValueOf = (values: CustomValues | null, id: string): CustomValue | null => values?.[id] ?? null;

/** The fields that a patch names. */
export const customFieldsNamed = ({ customFields }: CustomFieldsPatch): string[] =>
  (customFields ?? []).map(({ customFieldId }) => uuidOf('CustomField', customFieldId)).filter((id) => id !== null);

/** What the values in a patch refer to, of one type. */
export function referredByPatch({ customFields }: CustomFieldsPatch, type: 'User' | 'Vendor' | 'Location'): string[] {
  return (customFields ?? [])
    .slice(0, MAX_CUSTOM_FIELDS)
    .flatMap(({ value }) => (Array.isArray(value) ? value : [value]))
    .map((id) => (typeof id === 'string' ? fromGlobalId(id) : null))
    .filter((id) => id?.type === type)
    .map((id) => id!.uuid);
}

/** All uuids that values may refer to: people, vendors and locations, for their names. */
export const referredByValues = (values: CustomValues | null): string[] =>
  Object.entries(values ?? {}).flatMap(([key, value]) =>
    key.startsWith('~') ? [] : [value].flat().filter((one) => typeof one === 'string' && UUID.test(one)),
  ) as string[];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Why a field cannot be written here, or null when it can. */
function refuseWrite(field: CustomFieldRow, { customFields, tool }: CustomFieldsAround): string | null {
  const what = `"${field.label}"`;
  const placed = customFields.find(({ id }) => id === field.id);
  if (!placed) return `${tool.title} has no ${what} here.`;
  if (!placed.visible) return `${what} is hidden in ${tool.title} here and cannot be written.`;
  if (!field.active) return `${what} is out of use and cannot be written.`;
  return field.dataType === 'READ_ONLY' ? `${what} is read only: it shows the text of its definition.` : null;
}

const isWritable = ({ visible, active, dataType }: PlacedCustomField): boolean =>
  visible && active && dataType !== 'READ_ONLY';

/** Gives an item the values that a patch asks for; those that it does not list stay. What is wrong goes to `faults`. */
export function applyCustomFields(
  faults: Faults,
  next: { customValues: CustomValues | null },
  before: { customValues: CustomValues | null },
  { customFields: given }: CustomFieldsPatch,
  path: Path,
  around: CustomFieldsAround,
): void {
  if (given === undefined) return;
  const values: Record<string, CustomValue> = { ...before.customValues };
  const at = [...path, 'customFields'];
  if (given && given.length > MAX_CUSTOM_FIELDS) {
    faults.add('TOO_MANY', `${given.length} custom fields; an item has at most ${MAX_CUSTOM_FIELDS}.`, at);
    return;
  }
  if (given === null) for (const field of around.customFields) if (isWritable(field)) putValue(values, field, null);
  const judge = judgeIn(faults, around);
  given?.forEach(({ customFieldId, value }, i) => {
    const id = uuidOf('CustomField', customFieldId);
    const field = id === null ? undefined : around.customField(id);
    const culprit = [...at, i, 'customFieldId'];
    const isTwice = given.findIndex((other) => other.customFieldId === customFieldId) < i;
    const refusal = field && (isTwice ? `"${field.label}" is listed twice.` : refuseWrite(field, around));
    if (!field) faults.notFound('CustomField', customFieldId, culprit);
    else if (refusal) faults.add('INVALID', refusal, culprit);
    else if (value === undefined)
      faults.add('REQUIRED', `"${field.label}" is given no value; null clears it.`, [...at, i, 'value']);
    else {
      const there = customValueOf(before.customValues, field.id);
      const read = readCustomValue(faults, field, value, [...at, i, 'value'], judge, there, around.richText);
      putValue(values, field, read, around.richText);
    }
  });
  // the same object where nothing has changed: so are compared what an item was and is
  if (changedFields(before.customValues, values).length > 0)
    next.customValues = Object.keys(values).length > 0 ? values : null;
}

/** Judges whom and what values name, as the roles and references of an item are judged. */
const judgeIn =
  (faults: Faults, around: CustomFieldsAround): JudgeReferred =>
  (type, uuid, given, path) => {
    const refusal = refuseReferred(type, uuid, around);
    if (refusal === 'unknown') faults.notFound(type, given, path);
    else if (refusal) faults.add('NOT_SELECTABLE', `${refusal} and cannot be chosen.`, path);
  };

function refuseReferred(
  type: Parameters<JudgeReferred>[0],
  uuid: string,
  around: CustomFieldsAround,
): 'unknown' | string | null {
  if (type === 'Vendor') return around.vendor(uuid) ? null : 'unknown';
  if (type === 'Location') {
    const location = around.reference(uuid);
    if (location?.kind !== 'LOCATION') return 'unknown';
    return location.active ? null : `${location.name} is no longer in use`;
  }
  const person = around.person(uuid);
  if (!person) return 'unknown';
  if (around.selectable(uuid)) return null;
  return `${person.name} ${person.active ? `has no access to ${around.tool.title} in this project` : 'is not active'}`;
}

/** Puts the value of a field among the values of an item, with its companion; null takes it away. */
export function putValue(
  values: Record<string, CustomValue>,
  { id, dataType }: { id: string; dataType: CustomFieldType },
  value: CustomValue | null,
  richText?: ReadRichText,
): void {
  delete values[id];
  delete values[companionKey(id)];
  if (value === null) return;
  values[id] = value;
  if (dataType === 'STRING') values[companionKey(id)] = sortKey(value as string);
  if (dataType === 'RICH_TEXT')
    values[companionKey(id)] = richText?.plain(value as string) ?? plainText(value as string);
}

/** The fields whose values are not the same. */
export function changedFields(before: CustomValues | null, after: CustomValues | null): string[] {
  const ids = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...ids].filter((id) => !id.startsWith('~') && JSON.stringify(before?.[id]) !== JSON.stringify(after?.[id]));
}

/** The values that a new item has before anybody says anything: the defaults of what is visible, as far as they can be chosen here. */
export function defaultValues(around: CustomFieldsAround): CustomValues | null {
  const values: Record<string, CustomValue> = {};
  for (const placed of around.customFields) {
    const field = around.customField(placed.id);
    if (!field || !isWritable(placed) || field.defaultValue === null) continue;
    const fits = (id: string) =>
      field.dataType === 'USER' || field.dataType === 'USERS' ? around.selectable(id) : isChoosable(field, id);
    const value = Array.isArray(field.defaultValue) ? field.defaultValue.filter(fits) : field.defaultValue;
    if (Array.isArray(value) ? value.length > 0 : typeof value !== 'string' || fits(value))
      putValue(values, field, value);
  }
  return Object.keys(values).length > 0 ? values : null;
}

const isChoosable = ({ dataType, options }: CustomFieldRow, id: string): boolean =>
  (dataType !== 'SINGLE_SELECT' && dataType !== 'MULTI_SELECT') ||
  options.some((option) => option.id === id && option.active);

/** The required fields of a place that an item has no value of: those that somebody could fill in. */
export const lackingFields = (
  { customValues }: { customValues: CustomValues | null },
  placed: readonly PlacedCustomField[],
): PlacedCustomField[] =>
  placed.filter((field) => field.required && isWritable(field) && customValueOf(customValues, field.id) === null);

/** The field that such a key names, or null. */
export const customFieldOf = (key: string): string | null =>
  key.startsWith('customField:') ? uuidOf('CustomField', key.slice('customField:'.length)) : null;

/** What history and column keys call a custom field. */
export const customFieldKey = (id: string): `customField:${string}` => `customField:${toGlobalId('CustomField', id)}`;
