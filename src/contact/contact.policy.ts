import { sortKey, textFault } from '../kernel/text.ts';

/** What another system keeps of a contact beside what there are fields for: any JSON object. */
export type ContactFields = Record<string, unknown>;

/** An address book has a handful for a person. */
export const MAX_EMAILS = 20;
// written out as JSON: some hundred fields
const MAX_FIELDS = 10_000;
const MAX_DEPTH = 5;

/** What words are looked for in: name and addresses, without case and accents. */
export const contactSearchKey = (name: string, emails: readonly string[]): string =>
  sortKey([name, ...emails].join('\n'));

/** The fields of a contact as they may be kept, keys in one order so that equal ones are written alike; or what is wrong with them. */
export function readFields(
  value: unknown,
): { fields: ContactFields; written: string } | { code: 'INVALID' | 'TOO_LONG'; message: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'INVALID', message: 'The fields of a contact are a JSON object.' };
  const fault = faultIn(value, 1);
  if (fault) return { code: 'INVALID', message: `The fields ${fault}.` };
  const fields = ordered(value) as ContactFields;
  const written = JSON.stringify(fields);
  if (written.length <= MAX_FIELDS) return { fields, written };
  const message = `The fields have ${written.length} characters as JSON; at most ${MAX_FIELDS} are kept.`;
  return { code: 'TOO_LONG', message };
}

/** What no JSON of ours has, or null: controls in texts and names, numbers beyond all bounds, what is nested without end. */
function faultIn(value: unknown, depth: number): string | null {
  if (typeof value === 'string') {
    const fault = textFault(value, { multiline: true });
    return fault && `hold a text that ${fault}: ${JSON.stringify(value.slice(0, 60))}`;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'hold a number that is too large';
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return `are nested deeper than ${MAX_DEPTH} levels`;
  for (const [key, inner] of Object.entries(value)) {
    const fault = faultIn(key, depth) ?? faultIn(inner, depth + 1);
    if (fault) return fault;
  }
  return null;
}

/** The same with the names of every object in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

/** Fields that were kept, written as readFields writes them. */
export const writtenFields = (fields: ContactFields | null): string | null => fields && JSON.stringify(ordered(fields));
