import { isDay, readDateTime } from '../kernel/days.ts';
import { canonicalDecimal, readDecimal } from '../kernel/decimal.ts';
import type { UserError } from '../kernel/errors.ts';
import { toGlobalId, uuidOf } from '../kernel/ids.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { plainText } from '../kernel/plainText.ts';
import { type CustomFieldFacts, type CustomFieldType, isSelect, MAX_OPTIONS } from './customField.policy.ts';

/**
 * A value of a custom field as it is kept: texts, days, moments in UTC and decimals without needless zeros as text, and uuids of
 * what it refers to; options of a MULTI_SELECT in their order. A field without a value is not kept at all.
 */
export type CustomValue = string | boolean | readonly string[];

// one page; more is what a description is for
const MAX_RICH_TEXT = 10_000;
// as many people as a role of an item takes
const MAX_USERS = 200;

/** The types of what values refer to, as global ids name them. */
const REFERRED: { [Type in CustomFieldType]?: string } = {
  SINGLE_SELECT: 'CustomFieldOption',
  MULTI_SELECT: 'CustomFieldOption',
  USER: 'User',
  USERS: 'User',
  COMPANY: 'Vendor',
  LOCATION: 'Location',
};
/** The type of what values refer to, as global ids name it; undefined where they stand for themselves. */
export const referredTypeOf = (type: CustomFieldType): string | undefined => REFERRED[type];
const IS_LIST: ReadonlySet<CustomFieldType> = new Set<CustomFieldType>(['MULTI_SELECT', 'USERS']);

/** What a value of each type is, in words. */
const WANTED: Record<CustomFieldType, string> = {
  STRING: 'a text',
  RICH_TEXT: 'a text of HTML',
  DECIMAL: 'a decimal number in quotes, such as "1250.75"',
  CURRENCY: 'a decimal number in quotes, such as "1250.75"',
  BOOLEAN: 'true or false',
  DATE: 'a day, such as "2020-08-31"',
  DATETIME: 'a moment as in RFC 3339, such as "2020-08-31T14:00:00.000Z"',
  SINGLE_SELECT: 'the id of an option',
  MULTI_SELECT: 'a list of ids of options',
  USER: 'the id of a User',
  USERS: 'a list of ids of Users',
  COMPANY: 'the id of a Vendor',
  LOCATION: 'the id of a Location',
  READ_ONLY: 'nothing: it shows the text of its definition',
};

/** Judges somebody or something that a value names and that is no option: what is wrong with it goes to the faults of the call. */
export type JudgeReferred = (type: 'User' | 'Vendor' | 'Location', uuid: string, given: string, path: Path) => void;

/** The uuids in a value that somebody wants for a field, of what it refers to beside options: to be looked for before it is read. */
export function referredIn(type: CustomFieldType, given: unknown): { type: string; uuid: string }[] {
  const referred = REFERRED[type];
  if (!referred || isSelect(type)) return [];
  return (Array.isArray(given) ? given.slice(0, MAX_USERS) : [given])
    .map((id) => uuidOf(referred, id))
    .filter((uuid) => uuid !== null)
    .map((uuid) => ({ type: referred, uuid }));
}

/** Makes rich text safe, each text once: a batch gives it to 500 items. */
export interface ReadRichText {
  (given: string, what: string): { text: string | null; errors: readonly UserError[] };
  /** safe rich text as plain text */
  plain(safe: string): string;
}

/** A reader of rich texts for one act. */
export function richTextReader(): ReadRichText {
  const known = new Map<string, { text: string | null; errors: readonly UserError[] }>();
  const plain = new Map<string, string>();
  const read = (given: string, what: string) => {
    const faults = new Faults();
    const key = JSON.stringify([what, given]);
    const value = known.get(key) ?? {
      text: faults.richText(given, [], what, MAX_RICH_TEXT) ?? null,
      errors: faults.errors,
    };
    known.set(key, value);
    return value;
  };
  return Object.assign(read, {
    plain(safe: string): string {
      const text = plain.get(safe) ?? plainText(safe);
      plain.set(safe, text);
      return text;
    },
  });
}

/**
 * The value that somebody gives for a field, as it is kept; null clears it. What is wrong goes to `faults`. `there` is what the field
 * has already: what it refers to may stay, whether it could be chosen anew or not.
 */
export function readCustomValue(
  faults: Faults,
  field: CustomFieldFacts,
  given: unknown,
  path: Path,
  judge: JudgeReferred,
  there: CustomValue | null = null,
  richText: ReadRichText = richTextReader(),
): CustomValue | null {
  if (given == null) return null;
  const what = `"${field.label}"`;
  const refuse = (culprit: unknown = given, at = path): null => {
    const shown = (JSON.stringify(culprit) ?? String(culprit)).slice(0, 100);
    faults.add('INVALID', `${what} takes ${WANTED[field.dataType]}, not ${shown}.`, at);
    return null;
  };
  const referred = REFERRED[field.dataType];
  if (field.dataType === 'RICH_TEXT' && typeof given === 'string') {
    const { text, errors } = richText(given, what);
    for (const { code, message } of errors) faults.add(code, message, path);
    return text;
  }
  if (!referred) return readPlain(faults, field.dataType, given, path, what, refuse);
  const stays = Array.isArray(there) ? there : [there];
  /** The uuid of one thing that is named; null when it may not stand there, which has been told then. */
  const chosen = (id: unknown, at: Path): string | null => {
    if (typeof id !== 'string') return refuse(id, at);
    const uuid = uuidOf(referred, id);
    if (uuid !== null && stays.includes(uuid)) return uuid;
    if (isSelect(field.dataType)) {
      const option = field.options.find((known) => known.id === uuid);
      if (!option) faults.add('NOT_FOUND', `${what} has no option ${JSON.stringify(id.slice(0, 100))}.`, at);
      else if (!option.active)
        faults.add('NOT_SELECTABLE', `"${option.label}" of ${what} is out of use and cannot be chosen.`, at);
      return uuid;
    }
    if (uuid === null) faults.notFound(referred, id, at);
    else judge(referred as 'User', uuid, id, at);
    return uuid;
  };
  if (!IS_LIST.has(field.dataType)) return chosen(given, path);
  if (!Array.isArray(given)) return refuse();
  const most = isSelect(field.dataType) ? MAX_OPTIONS : MAX_USERS;
  const ids = [...new Set(given)];
  if (ids.length > most) {
    faults.add('TOO_MANY', `${what} takes at most ${most}, not ${ids.length}.`, path);
    return null;
  }
  const uuids = ids.map((id) => chosen(id, [...path, given.indexOf(id)])).filter((uuid) => uuid !== null);
  if (uuids.length === 0) return null;
  const rank = (uuid: string) => field.options.findIndex(({ id }) => id === uuid);
  return isSelect(field.dataType) ? uuids.sort((a, b) => rank(a) - rank(b)) : uuids;
}

function readPlain(
  faults: Faults,
  type: CustomFieldType,
  given: unknown,
  path: Path,
  what: string,
  refuse: () => null,
): CustomValue | null {
  if (type === 'BOOLEAN') return typeof given === 'boolean' ? given : refuse();
  if (typeof given !== 'string') return refuse();
  switch (type) {
    case 'STRING':
    case 'READ_ONLY':
      return faults.text(given, path, what) ?? null;
    case 'DATE':
      return isDay(given) ? given : refuse();
    case 'DATETIME':
      return readDateTime(given)?.toISOString() ?? refuse();
    default: {
      const decimal = readDecimal(given);
      return decimal === null ? refuse() : canonicalDecimal(decimal);
    }
  }
}

/** A kept value as the graph shows it: global ids for what it refers to. */
export function customValueInGraph(type: CustomFieldType, value: CustomValue | null): unknown {
  const referred = REFERRED[type];
  if (!referred || value === null) return value;
  return Array.isArray(value) ? value.map((uuid) => toGlobalId(referred, uuid)) : toGlobalId(referred, value as string);
}

/** What kept values refer to is called. */
export interface NamesOfValues {
  user(id: string): string;
  vendor(id: string): string;
  location(id: string): string;
}

/** A kept value as screens, history and exports show it. Rich text as plain text, decimals and days as they are kept. */
export function shownCustomValue(
  { dataType, options }: Pick<CustomFieldFacts, 'dataType' | 'options'>,
  value: CustomValue,
  names: NamesOfValues,
): string {
  const one = (id: string): string => {
    switch (dataType) {
      case 'SINGLE_SELECT':
      case 'MULTI_SELECT':
        return options.find((option) => option.id === id)?.label ?? '';
      case 'USER':
      case 'USERS':
        return names.user(id);
      case 'COMPANY':
        return names.vendor(id);
      case 'LOCATION':
        return names.location(id);
      case 'RICH_TEXT':
        return plainText(id);
      default:
        return id;
    }
  };
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'string' ? one(value) : value.map(one).join(', ');
}
