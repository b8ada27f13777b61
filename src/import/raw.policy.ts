import { isDay, readDateTime } from '../kernel/days.ts';
import { canonicalDecimal, readDecimal } from '../kernel/decimal.ts';
import type { Faults } from '../kernel/input.ts';

/** A record as a file has it. */
export type Raw = Record<string, unknown>;

export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MAX_ID = 255;

/** An id of the other system as text, numbers and texts alike; null when it is none. */
export function idOf(value: unknown): string | null {
  if (Number.isSafeInteger(value)) return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return text && text.length <= MAX_ID && /^[\x21-\x2E\x30-\x5B\x5D-\x7E]+$/.test(text) ? text : null;
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 100);

/** What none of a record's fields may be. What is wrong is added to the faults, with the field named; the value is then null. */
function refuse(faults: Faults, field: string, what: string, value: unknown): null {
  faults.add('INVALID', `${field} is ${what}: ${shown(value)}.`, [field]);
  return null;
}

/** The id in a field; a fault when there is none. */
export function requiredId(faults: Faults, raw: Raw, field = 'id'): string {
  const id = idOf(raw[field]);
  if (id === null) faults.add('REQUIRED', `${field} is missing or no id: ${shown(raw[field])}.`, [field]);
  return id ?? '';
}

/** A text, trimmed, or null. Numbers are taken for the texts that they look like. */
export function textOf(faults: Faults, raw: Raw, field: string, options: { max?: number } = {}): string | null {
  const value = raw[field];
  if (value == null) return null;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return refuse(faults, field, 'no text', value);
  return faults.text(value, [field], field, options) ?? null;
}

/** A text that must be there. */
export function requiredText(faults: Faults, raw: Raw, field: string, options: { max?: number } = {}): string {
  const before = faults.errors.length;
  const text = textOf(faults, raw, field, options);
  if (text === null && faults.errors.length === before) faults.add('REQUIRED', `${field} is missing.`, [field]);
  return text ?? '';
}

/** A text of HTML, made safe, or null. */
export function richTextOf(faults: Faults, raw: Raw, field: string): string | null {
  const value = raw[field];
  if (value == null) return null;
  if (typeof value !== 'string') return refuse(faults, field, 'no text', value);
  return faults.richText(value, [field], field) ?? null;
}

export function flagOf(faults: Faults, raw: Raw, field: string): boolean | null {
  const value = raw[field];
  if (value == null) return null;
  return typeof value === 'boolean' ? value : refuse(faults, field, 'neither true nor false', value);
}

/** A day as ISO writes it. Anything else ("08/31/2020") is a fault: nothing is silently turned to null. */
export function dayOf(faults: Faults, raw: Raw, field: string): string | null {
  const value = raw[field];
  if (value == null) return null;
  return typeof value === 'string' && isDay(value) ? value : refuse(faults, field, 'no day (YYYY-MM-DD)', value);
}

/** A moment as RFC 3339 writes it, in UTC to the millisecond. */
export function momentOf(faults: Faults, raw: Raw, field: string): string | null {
  const value = raw[field];
  if (value == null) return null;
  const moment = typeof value === 'string' ? readDateTime(value) : null;
  return moment?.toISOString() ?? refuse(faults, field, 'no moment (RFC 3339)', value);
}

export function requiredMoment(faults: Faults, raw: Raw, field: string): string {
  const before = faults.errors.length;
  const moment = momentOf(faults, raw, field);
  if (moment === null && faults.errors.length === before) faults.add('REQUIRED', `${field} is missing.`, [field]);
  return moment ?? '';
}

/** A decimal number, written as a number or as a text. `field` is what messages call it. */
export function decimalOf(faults: Faults, value: unknown, field: string): string | null {
  if (value == null || value === '') return null;
  const decimal = readDecimal(
    typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '',
  );
  return decimal === null ? refuse(faults, field, 'no decimal number', value) : canonicalDecimal(decimal);
}

/** An object inside of a record, or null. */
export function objectOf(faults: Faults, raw: Raw, field: string): Raw | null {
  const value = raw[field];
  if (value == null) return null;
  return isRaw(value) ? value : refuse(faults, field, 'no object', value);
}

/** The objects of a list inside of a record; none when there is no list. */
export function listOf(faults: Faults, raw: Raw, field: string): Raw[] {
  const value = raw[field];
  if (value == null) return [];
  if (Array.isArray(value) && value.every(isRaw)) return value;
  refuse(faults, field, 'no list of objects', value);
  return [];
}
