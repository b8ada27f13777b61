import type { Batch } from '../database/loader.ts';
import { projectById, userById, vendorById } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import type { ItemFilterInput } from '../item/item.filter.ts';
import { fromGlobalId } from '../kernel/ids.ts';
import { referenceLabel } from '../reference/reference.policy.ts';
import { referenceById } from '../reference/reference.queries.ts';
import { customFieldById } from '../tool/customField.queries.ts';
import { statusById } from '../tool/status.queries.ts';
import { genericToolById } from '../tool/tool.queries.ts';

/** What fields of filters are called, where that is not what they are spelled like. */
const CALLED: Record<string, string> = {
  genericTool: 'type',
  title: 'subject',
  query: 'words',
  distributionMember: 'distribution',
  customFieldId: 'custom field',
};

/** What a comparison says between the field and the value. */
const SAYS: Record<string, string> = {
  eq: 'is',
  in: 'is one of',
  notIn: 'is none of',
  contains: 'contains',
  startsWith: 'begins with',
  gte: 'from',
  gt: 'after',
  lte: 'until',
  lt: 'before',
};

// of a longer list nobody reads the rest above a table
const MOST_VALUES = 5;
const MOST_CHARACTERS = 400;

const wordsOf = (name: string): string =>
  CALLED[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
const STATES: Record<string, [yes: string, no: string]> = {
  private: ['private', 'not private'],
  overdue: ['overdue', 'not overdue'],
};

/** What has an id, by its type: as far as the reader sees it, or a filter would tell them the name of what they do not. */
const name =
  <Row>(of: Batch<Context, string, Row>, nameOf: (row: Row) => string) =>
  async ({ loads }: Context, id: string): Promise<string | undefined> => {
    const row = await loads.load(of, id);
    return row === null ? undefined : nameOf(row);
  };
const reference = name(referenceById, referenceLabel);
const NAMES: Record<string, (context: Context, id: string) => Promise<string | undefined>> = {
  Project: name(projectById, (row) => row.name),
  GenericTool: name(genericToolById, ({ title }) => title),
  GenericToolStatus: name(statusById, (row) => row.name),
  User: name(userById, (row) => row.name),
  Vendor: name(vendorById, (row) => row.name),
  CustomField: name(customFieldById, ({ label }) => label),
  ...{ Location: reference, CostCode: reference, SpecificationSection: reference, SubJob: reference, Trade: reference },
};

async function valueIn(context: Context, value: unknown): Promise<string> {
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = String(value);
  const id = fromGlobalId(text);
  if (id) return (await NAMES[id.type]?.(context, id.uuid)) ?? '?';
  // days, numbers, and the names of categories
  return /^[\d.-]+$|^[A-Z_]+$/.test(text) ? text.toLowerCase().replaceAll('_', ' ') : `"${text}"`;
}

async function valuesIn(context: Context, values: readonly unknown[]): Promise<string> {
  const shown = await Promise.all(values.slice(0, MOST_VALUES).map((value) => valueIn(context, value)));
  const more = values.length - shown.length;
  return shown.length === 0 ? 'nothing' : shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

async function comparison(context: Context, field: string, filter: object): Promise<string[]> {
  const called = wordsOf(field);
  const said = Object.entries(filter).filter(([, value]) => value != null);
  return Promise.all(
    said.map(async ([operator, value]) => {
      if (operator === 'isMe') return `${called} is ${value ? '' : 'not '}${context.viewer.name}`;
      if (operator === 'null') return `${called} is ${value ? '' : 'not '}empty`;
      if (operator === 'eq' && STATES[field]) return STATES[field][value ? 0 : 1];
      if (Array.isArray(value)) return `${called} ${SAYS[operator] ?? operator} ${await valuesIn(context, value)}`;
      if (typeof value === 'object' && !(value instanceof Date))
        return (await comparison(context, operator, value)).join(', ');
      return `${called} ${SAYS[operator] ?? wordsOf(operator)} ${await valueIn(context, value)}`;
    }),
  );
}

async function parts(context: Context, filter: ItemFilterInput): Promise<string[]> {
  const nested = (list: readonly ItemFilterInput[]) =>
    Promise.all(list.map(async (inner) => (await parts(context, inner)).join(' and ') || 'anything'));
  const said = await Promise.all(
    Object.entries(filter)
      .filter(([, value]) => value != null)
      .map(async ([field, value]) => {
        if (field === 'and') return nested(value as ItemFilterInput[]);
        if (field === 'or') return value.length === 0 ? [] : [`(${(await nested(value)).join(' or ')})`];
        if (field === 'not') return [`not (${(await nested([value])).join()})`];
        if (field === 'archived') return value ? ['archived'] : [];
        if (field === 'ids') return [`${value.length} chosen items`];
        if (field === 'customFields')
          return Promise.all(
            (value as object[]).map(async (one) => (await comparison(context, field, one)).join(', ')),
          );
        return typeof value === 'object'
          ? comparison(context, field, value)
          : [`${wordsOf(field)} ${await valueIn(context, value)}`];
      }),
  );
  return said.flat();
}

/** A filter as a sentence for people, such as stands above a list on paper: "Status category is open; subject contains "door"". */
export async function filterInWords(context: Context, filter: ItemFilterInput | null | undefined): Promise<string> {
  const said = (await parts(context, filter ?? {})).join('; ');
  const short = said.length > MOST_CHARACTERS ? `${said.slice(0, MOST_CHARACTERS)}…` : said;
  return short && short[0]!.toUpperCase() + short.slice(1);
}
