import type { FieldChange } from '../event/event.ts';
import { toGlobalId } from '../kernel/ids.ts';

/** A changed field as it is told: by its name alone where its values are text. */
export type ToldChange = { field: string } & Partial<Omit<FieldChange, 'field'>>;

/** What a payload says beside its type and time: ids, and what is no text. */
export interface PayloadData {
  changes?: ToldChange[];
  /** of some changed fields only the names are told: with all values it would be too long */
  changesCut?: true;
  [more: string]: unknown;
}

/** What an endpoint is posted (Standard Webhooks): its type, when it happened, and the rest. */
export interface Payload {
  type: string;
  timestamp: string;
  data: PayloadData;
}

// domain.md 6, and what Standard Webhooks recommends
const MAX_BYTES = 20_000;

type Telling = (value: unknown) => unknown;
const plain: Telling = (value) => value;
const refer =
  (type: string): Telling =>
  (value) =>
    Array.isArray(value) ? value.map(refer(type)) : typeof value === 'string' ? toGlobalId(type, value) : null;
/** Of a thing that is told with all that it is: its id, and what else is no text. */
const thing =
  (type: string, ...more: string[]): Telling =>
  (value) => {
    if (typeof value !== 'object' || value === null) return null;
    const of = value as Record<string, unknown>;
    return { id: refer(type)(of.id), ...Object.fromEntries(more.map((name) => [name, of[name]])) };
  };

/** How the values of fields are told; of what is not here the name alone, so that no text goes out because nobody thought of it. */
const ITEM: Record<string, Telling> = {
  status: refer('GenericToolStatus'),
  private: plain,
  dueDate: plain,
  scheduleImpact: plain,
  costImpact: plain,
  receivedFrom: refer('User'),
  assignees: refer('User'),
  distributionMembers: refer('User'),
  quantity: plain,
  location: refer('Location'),
  costCode: refer('CostCode'),
  specificationSection: refer('SpecificationSection'),
  subJob: refer('SubJob'),
  trades: refer('Trade'),
  tasks: refer('Task'),
  attachments: refer('Attachment'),
  archived: plain,
};
const RESPONSE: Record<string, Telling> = { official: plain };
const TOOL: Record<string, Telling> = {
  privateByDefault: plain,
  enabledOnNewProjects: plain,
  sendsOverdueNotifications: plain,
  adminsSeePrivateItems: plain,
  status: thing('GenericToolStatus', 'category'),
  fieldset: thing('Fieldset'),
  customField: thing('CustomField'),
  'defaults.dueInWorkingDays': plain,
  'defaults.distributionMemberIds': refer('User'),
  'defaults.notifications': plain,
};
const TELLINGS: Record<string, Record<string, Telling>> = { item: ITEM, response: RESPONSE, genericTool: TOOL };

/**
 * The changes of an event as they are told. `custom` tells the value of a custom field, by its key; null where it is text, or the
 * field is not known any more.
 */
export function toldChanges(
  type: string,
  changes: readonly FieldChange[],
  custom: (field: string) => Telling | null,
): ToldChange[] {
  const known = TELLINGS[type.split('.')[0]!] ?? {};
  return changes.map(({ field, old, new: now }) => {
    const tell = field.startsWith('customField:') ? custom(field) : Object.hasOwn(known, field) ? known[field] : null;
    return tell ? { field, old: tell(old ?? null), new: tell(now ?? null) } : { field };
  });
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * A payload that is short enough: where it would be too long, some changes are told by the names of their fields alone. Those of which
 * there is most go first: long lists of people, and not the date beside them.
 */
export function fitted(payload: Payload): Payload {
  const { changes, ...rest } = payload.data;
  if (!changes || bytesOf(payload) <= MAX_BYTES) return payload;
  const sizes = new Map<string, number>();
  for (const change of changes) sizes.set(change.field, (sizes.get(change.field) ?? 0) + bytesOf(change) + 1);
  const names = [...sizes.keys()].map((field) => ({ field }));
  // room for all names is kept from the beginning
  let left = MAX_BYTES - bytesOf({ ...payload, data: { ...rest, changes: names, changesCut: true } });
  const whole = new Set<ToldChange>();
  for (const change of changes.toSorted((a, b) => sizes.get(a.field)! - sizes.get(b.field)!)) {
    left -= bytesOf(change) + 1;
    if (left < 0) break;
    whole.add(change);
  }
  const cut = new Set(changes.filter((change) => !whole.has(change)).map(({ field }) => field));
  const told = [...changes.filter((change) => whole.has(change)), ...names.filter(({ field }) => cut.has(field))];
  return { ...payload, data: { ...rest, changes: told, changesCut: true } };
}
