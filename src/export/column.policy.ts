import type { ItemOrderField } from '../item/item.order.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { ItemField } from '../tool/tool.policy.ts';

/** The built-in columns of exports and views: everything that fieldsets speak of or lists are ordered by, as screens call it. */
export const COLUMN_LABELS = {
  NUMBER: 'Number',
  TITLE: 'Subject',
  STATUS: 'Status',
  GENERIC_TOOL: 'Type',
  PRIVATE: 'Private',
  DESCRIPTION: 'Description',
  ASSIGNEE: 'Assignee',
  ASSIGNEES: 'Assignees',
  DISTRIBUTION: 'Distribution',
  RECEIVED_FROM: 'Received From',
  DUE_DATE: 'Due Date',
  SCHEDULE_IMPACT: 'Schedule Impact',
  COST_IMPACT: 'Cost Impact',
  LOCATION: 'Location',
  COST_CODE: 'Cost Code',
  SPECIFICATION_SECTION: 'Specification Section',
  SUB_JOB: 'Sub Job',
  TRADES: 'Trades',
  SCHEDULE_TASKS: 'Schedule Tasks',
  QUANTITY: 'Quantity',
  ATTACHMENTS: 'Attachments',
  RESPONSES: 'Responses',
  CREATED_AT: 'Created At',
  UPDATED_AT: 'Updated At',
  ISSUED_AT: 'Issued At',
  CLOSED_AT: 'Closed At',
} satisfies Record<ItemField | ItemOrderField, string>;
export type BuiltInColumn = keyof typeof COLUMN_LABELS;

/** What a list shows that names no columns. */
export const DEFAULT_COLUMNS: readonly BuiltInColumn[] = [
  'NUMBER',
  'GENERIC_TOOL',
  'TITLE',
  'STATUS',
  'ASSIGNEES',
  'RECEIVED_FROM',
  'DUE_DATE',
  'CREATED_AT',
];

// twice what there is built in; a table of more is none that people read, and fits no page
export const MAX_COLUMNS = 50;

/** A column by what its key names: a built-in one, or the id of a custom field. */
export type Column = { key: string } & ({ builtIn: BuiltInColumn } | { customFieldId: string });

/** What is wrong with a list of keys: which of them, or (null) the list itself. */
export interface ColumnFault {
  code: 'INVALID' | 'TOO_MANY';
  message: string;
  place: number | null;
}

const CUSTOM = 'customField:';

const columnOf = (key: string): Column | null => {
  if (Object.hasOwn(COLUMN_LABELS, key)) return { key, builtIn: key as BuiltInColumn };
  const customFieldId = key.startsWith(CUSTOM) ? uuidOf('CustomField', key.slice(CUSTOM.length)) : null;
  return customFieldId === null ? null : { key, customFieldId };
};

/** Reads the keys of columns (api.md): the names of order fields and item fields, and customField:<id>. The defaults if there are none. */
export function readColumns(keys: readonly string[] | null | undefined): { columns: Column[]; faults: ColumnFault[] } {
  const wanted = keys?.length ? keys : DEFAULT_COLUMNS;
  if (wanted.length > MAX_COLUMNS) {
    const message = `${wanted.length} columns; at most ${MAX_COLUMNS} are taken.`;
    return { columns: [], faults: [{ code: 'TOO_MANY', message, place: null }] };
  }
  const columns: Column[] = [];
  const faults: ColumnFault[] = [];
  for (const [place, key] of wanted.entries()) {
    const column = columnOf(key);
    const wrong = column === null ? 'is no column' : wanted.indexOf(key) < place ? 'stands there twice' : null;
    if (wrong) faults.push({ code: 'INVALID', message: `${JSON.stringify(key.slice(0, 100))} ${wrong}.`, place });
    else columns.push(column!);
  }
  return { columns, faults };
}
