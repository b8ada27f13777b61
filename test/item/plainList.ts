import type { IDFilter, RangeFilter, StringFilter } from '../../src/item/item.comparators.ts';
import type { ItemFilterInput } from '../../src/item/item.filter.ts';
import type { ItemOrderField, ItemOrderInput } from '../../src/item/item.order.ts';
import { STATUS_CATEGORIES } from '../../src/tool/tool.policy.ts';
import type { PlainItem } from './manyItems.ts';

/** As filters come in: moments are texts. */
export type Filter = Omit<
  ItemFilterInput,
  'and' | 'or' | 'not' | 'createdAt' | 'updatedAt' | 'issuedAt' | 'closedAt'
> & {
  and?: Filter[] | null;
  or?: Filter[] | null;
  not?: Filter | null;
} & { [Field in 'createdAt' | 'updatedAt' | 'issuedAt' | 'closedAt']?: RangeFilter<string> | null };

interface Asker {
  me: string;
  now: Date;
}

const given = <T>(value: T | null | undefined, holds: (value: T) => boolean): boolean => value == null || holds(value);

/** Whether a filter holds for an item, read off api.md: two-valued, whatever is missing. */
export function holds(item: PlainItem, filter: Filter, asker: Asker): boolean {
  const at = (moment: string | null | undefined) => (moment == null ? null : Date.parse(moment));
  const moment = (value: string | null, range?: RangeFilter<string> | null) =>
    inRange(
      at(value),
      range && { ...range, gte: at(range.gte), gt: at(range.gt), lte: at(range.lte), lt: at(range.lt), eq: null },
    );
  // only when it is asked: making a calendar takes longer than all else here together
  const overdue = () =>
    item.status.category === 'OPEN' &&
    item.dueDate !== null &&
    item.dueDate < new Intl.DateTimeFormat('sv-SE', { timeZone: item.project.timeZone }).format(asker.now);
  const involved = [item.createdBy, item.receivedFrom, ...item.assignees, ...item.distribution].filter(
    (one) => one !== null,
  );
  const vendors = involved.map(({ vendor }) => vendor?.gid).filter((gid) => gid !== undefined);
  const one = (value: { gid: string } | null, ids?: IDFilter | null) => byIds(value ? [value.gid] : [], ids, asker);
  const many = (values: { gid: string }[], ids?: IDFilter | null) =>
    byIds(
      values.map(({ gid }) => gid),
      ids,
      asker,
    );
  return (
    given(filter.and, (list) => list.every((inner) => holds(item, inner, asker))) &&
    given(filter.or, (list) => list.length === 0 || list.some((inner) => holds(item, inner, asker))) &&
    given(filter.not, (inner) => !holds(item, inner, asker)) &&
    given(filter.ids, (ids) => ids.includes(item.gid)) &&
    one(item.project, filter.project) &&
    one(item.tool, filter.genericTool) &&
    one(item.status, filter.status) &&
    byText(item.status.name, filter.statusName) &&
    given(filter.statusCategory, ({ eq, in: some, notIn }) => {
      const { category } = item.status;
      return (
        given(eq, (it) => it === category) &&
        given(some, (list) => list.includes(category)) &&
        given(notIn, (list) => !list.includes(category))
      );
    }) &&
    byText(item.number, filter.number) &&
    byText(item.title, filter.title) &&
    given(
      filter.query,
      (query) => query.trim() === '' || hasWords([item.number, item.title, item.description ?? ''], query),
    ) &&
    given(filter.private?.eq, (it) => it === item.private) &&
    given(filter.overdue?.eq, (it) => it === overdue()) &&
    one(item.createdBy, filter.createdBy) &&
    one(item.receivedFrom, filter.receivedFrom) &&
    many(item.assignees, filter.assignee) &&
    many(item.distribution, filter.distributionMember) &&
    byIds(vendors, filter.vendor, asker) &&
    inRange(item.dueDate, filter.dueDate) &&
    moment(item.createdAt, filter.createdAt) &&
    moment(item.updatedAt, filter.updatedAt) &&
    moment(item.issuedAt, filter.issuedAt) &&
    moment(item.closedAt, filter.closedAt)
  );
}

/** The words of a text: letters and digits that stand together, as a person looks them up; what stands in < > is no text. */
export const wordsIn = (text: string): string[] =>
  plain(
    text
      .replace(/<\/?b>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&amp;', '&'),
  ).match(/[\u3400-\u9fff]|(?:(?![\u3400-\u9fff])[\p{L}\p{N}])+/gu) ?? [];

/** Whether each word of a query, if it has any, begins a word of these texts; 2 is 002 as well. */
export function hasWords(texts: readonly string[], query: string): boolean {
  const there = texts.flatMap(wordsIn);
  const wanted = wordsIn(query);
  const begins = (word: string) => there.some((one) => one.startsWith(word));
  return (
    wanted.length > 0 && wanted.every((word) => begins(word) || (/^\d+$/.test(word) && begins(word.padStart(3, '0'))))
  );
}

const low = (text: string): string => text.toLowerCase();

/** What a text must be. */
export function byText(value: string, filter: StringFilter | null | undefined): boolean {
  if (!filter) return true;
  return (
    given(filter.eq, (text) => low(text) === low(value)) &&
    given(filter.in, (list) => list.some((text) => low(text) === low(value))) &&
    given(filter.contains, (text) => low(value).includes(low(text))) &&
    given(filter.startsWith, (text) => low(value).startsWith(low(text))) &&
    given(filter.null, (missing) => !missing)
  );
}

/** What ids there must be. */
export function byIds(values: string[], filter: IDFilter | null | undefined, { me }: Asker): boolean {
  if (!filter) return true;
  return (
    given(filter.eq, (id) => values.includes(id)) &&
    given(filter.in, (list) => list.some((id) => values.includes(id))) &&
    given(filter.notIn, (list) => !list.some((id) => values.includes(id))) &&
    given(filter.isMe, (it) => it === values.includes(me)) &&
    given(filter.null, (none) => none === (values.length === 0))
  );
}

/** Between what a value must be. */
export function inRange<T extends string | number>(value: T | null, range: RangeFilter<T> | null | undefined): boolean {
  if (!range) return true;
  return (
    given(range.eq, (it) => value === it) &&
    given(range.gte, (it) => value !== null && value >= it) &&
    given(range.gt, (it) => value !== null && value > it) &&
    given(range.lte, (it) => value !== null && value <= it) &&
    given(range.lt, (it) => value !== null && value < it) &&
    given(range.null, (none) => none === (value === null))
  );
}

/** Without case and accents, as a person looks names up. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
/** By letters, without case and accents. */
export const byLetters = (a: string, b: string): number => Buffer.compare(Buffer.from(plain(a)), Buffer.from(plain(b)));
/** As they stand. */
export const byValue = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers in texts by their value, all else letter by letter. */
export function naturally(a: string, b: string): number {
  const parts = [a, b].map((text) => plain(text).match(/\d+|\D/g) ?? []);
  for (let n = 0; ; n += 1) {
    const [one, other] = [parts[0]![n], parts[1]![n]];
    if (one === undefined || other === undefined) return byValue(parts[0]!.length, parts[1]!.length);
    const order =
      /^\d/.test(one) && /^\d/.test(other) ? byValue(Number(one), Number(other)) : byValue(one[0]!, other[0]!);
    if (order !== 0) return order;
  }
}

/** What an item has of each key (null is none), and how two values compare. */
const KEYS: {
  [Field in ItemOrderField]: [of: (item: PlainItem) => string | null, compare: (a: string, b: string) => number];
} = {
  NUMBER: [({ number }) => number, naturally],
  TITLE: [({ title }) => title, byLetters],
  STATUS: [
    ({ status }) => `${STATUS_CATEGORIES.indexOf(status.category)} ${status.name}`,
    (a, b) => byValue(a[0]!, b[0]!) || byLetters(a, b),
  ],
  DUE_DATE: [({ dueDate }) => dueDate, byValue],
  CREATED_AT: [({ createdAt }) => createdAt, byValue],
  UPDATED_AT: [({ updatedAt }) => updatedAt, byValue],
  ISSUED_AT: [({ issuedAt }) => issuedAt, byValue],
  CLOSED_AT: [({ closedAt }) => closedAt, byValue],
  GENERIC_TOOL: [({ tool }) => tool.title, byLetters],
  ASSIGNEE: [({ assignees }) => assignees[0]?.name ?? null, byLetters],
};

/** Items in an order, read off api.md; where all keys are the same the id decides, in the direction of the last key. */
export function inOrder(items: readonly PlainItem[], orderBy: readonly ItemOrderInput[] = []): PlainItem[] {
  const keys = orderBy.length > 0 ? orderBy : [{ field: 'CREATED_AT' as const, direction: 'DESC' as const }];
  const turn = (direction: ItemOrderInput['direction'], order: number) => (direction === 'DESC' ? -order : order);
  return items.toSorted((a, b) => {
    for (const { field, direction, nulls } of keys) {
      const [of, compare] = KEYS[field!];
      const [x, y] = [of(a), of(b)];
      if (x === null && y === null) continue;
      if (x === null || y === null) return (x === null) === (nulls === 'FIRST') ? -1 : 1;
      const order = turn(direction, compare(x, y));
      if (order !== 0) return order;
    }
    return turn(keys.at(-1)!.direction, byValue(a.id, b.id));
  });
}
