import { attachmentNames } from '../attachment/attachment.queries.ts';
import { follow, type MaybePromise } from '../database/loader.ts';
import { type ProjectRow, userById } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import { impact, yesNo } from '../item/item.history.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { displayedValue, valueIn } from '../item/item.shownValues.ts';
import { momentsIn } from '../kernel/moment.ts';
import { writtenText } from '../kernel/richText.ts';
import { referenceLabel } from '../reference/reference.policy.ts';
import { referenceNamed } from '../reference/reference.queries.ts';
import { countResponses } from '../response/response.queries.ts';
import { type CustomFieldRow, customFieldById } from '../tool/customField.queries.ts';
import { statusNamed } from '../tool/status.queries.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import { type BuiltInColumn, COLUMN_LABELS, type Column, type ColumnFault, readColumns } from './column.policy.ts';

/** Where a text is made: for whom, how moments are written in the project, what was counted and named for its items. */
interface Place {
  context: Context;
  moment(time: string): string;
  responses: ReadonlyMap<string, number>;
  attachments: ReadonlyMap<string, string>;
}

/** A column as it is written: what of an item it needs to be read (storedColumns), how wide it likes to be (in points), its text. */
interface Written {
  field?: string;
  isMoment?: boolean;
  width: number;
  text(item: ItemRow, place: Place): MaybePromise<string>;
}

// names have commas in them: "Meyer, Anna"
const BETWEEN = '; ';

const people = ({ context }: Place, ids: readonly string[]): MaybePromise<string> =>
  follow(context.loads.allAt(userById, ids), (users) => users.map(({ name }) => name).join(BETWEEN));

const references = ({ context }: Place, ids: readonly (string | null)[]): MaybePromise<string> =>
  follow(
    context.loads.allAt(
      referenceNamed,
      ids.filter((id) => id !== null),
    ),
    (rows) => rows.map(referenceLabel).join(BETWEEN),
  );

const DAY = 58;
const MOMENT = 84;
const NAME = 84;

const moment = (of: (item: ItemRow) => string | null): Written => ({
  width: MOMENT,
  isMoment: true,
  text: (item, place) => {
    const time = of(item);
    return time === null ? '' : place.moment(time);
  },
});

/** Of a field that refers to reference data: its name in the graph, and the ids. */
const reference = (field: string, ids: (item: ItemRow) => readonly (string | null)[]): Written => ({
  field,
  width: 100,
  text: (item, place) => references(place, ids(item)),
});

const COLUMNS: Record<BuiltInColumn, Written> = {
  NUMBER: { width: 70, text: ({ number }) => number },
  TITLE: { width: 170, text: ({ title }) => title },
  STATUS: {
    width: 60,
    text: ({ statusId }, { context }) => follow(context.loads.the(statusNamed, statusId), ({ name }) => name),
  },
  GENERIC_TOOL: {
    width: 80,
    text: ({ genericToolId }, { context }) => follow(context.loads.the(toolNamed, genericToolId), ({ title }) => title),
  },
  PRIVATE: { width: 40, text: (item) => yesNo(item.private) },
  DESCRIPTION: { width: 220, field: 'description', text: ({ description }) => writtenText(description ?? '') },
  ASSIGNEE: { width: NAME, text: ({ assigneeIds }, place) => people(place, assigneeIds.slice(0, 1)) },
  ASSIGNEES: { width: NAME, text: ({ assigneeIds }, place) => people(place, assigneeIds) },
  DISTRIBUTION: { width: NAME, text: ({ distributionMemberIds }, place) => people(place, distributionMemberIds) },
  RECEIVED_FROM: {
    width: NAME,
    text: ({ receivedFromId }, place) => people(place, receivedFromId ? [receivedFromId] : []),
  },
  DUE_DATE: { width: DAY, text: ({ dueDate }) => dueDate ?? '' },
  SCHEDULE_IMPACT: {
    width: 70,
    text: (item) => impact(item.scheduleImpactStatus, item.scheduleImpactDays, ' days') ?? '',
  },
  COST_IMPACT: { width: 70, text: (item) => impact(item.costImpactStatus, item.costImpactAmount, '') ?? '' },
  LOCATION: reference('location', ({ locationId }) => [locationId]),
  COST_CODE: reference('costCode', ({ costCodeId }) => [costCodeId]),
  SPECIFICATION_SECTION: reference('specificationSection', ({ specificationSectionId }) => [specificationSectionId]),
  SUB_JOB: reference('subJob', ({ subJobId }) => [subJobId]),
  TRADES: reference('trades', ({ tradeIds }) => tradeIds),
  SCHEDULE_TASKS: reference('tasks', ({ taskIds }) => taskIds),
  QUANTITY: { width: 60, text: ({ quantity, unit }) => [quantity, unit].filter((part) => part !== null).join(' ') },
  ATTACHMENTS: {
    width: 100,
    field: 'attachments',
    text: ({ attachmentIds }, { attachments }) =>
      attachmentIds.flatMap((id) => attachments.get(id) ?? []).join(BETWEEN),
  },
  RESPONSES: { width: 56, text: ({ id }, { responses }) => String(responses.get(id) ?? 0) },
  CREATED_AT: moment(({ createdAt }) => createdAt),
  UPDATED_AT: moment(({ updatedAt }) => updatedAt),
  ISSUED_AT: moment(({ issuedAt }) => issuedAt),
  CLOSED_AT: moment(({ closedAt }) => closedAt),
};

const custom = (field: CustomFieldRow): Written => ({
  field: 'customFields',
  width: 90,
  isMoment: field.dataType === 'DATETIME',
  text: (item, { context, moment }) => {
    const value = valueIn(item, field);
    if (field.dataType === 'DATETIME') return typeof value === 'string' ? moment(value) : '';
    return displayedValue(context, { field, value });
  },
});

/** Reads keys of columns as readColumns does; a custom field that the company does not have is a fault too. */
export async function columnsNamed(
  { loads }: Context,
  keys: readonly string[] | null | undefined,
): Promise<{ columns: Column[]; faults: ColumnFault[] }> {
  const { columns, faults } = readColumns(keys);
  const known = await Promise.all(
    columns.map(
      async (column) => 'builtIn' in column || (await loads.load(customFieldById, column.customFieldId)) !== null,
    ),
  );
  for (const { key } of columns.filter((_, n) => !known[n]))
    faults.push({ code: 'INVALID', message: `${JSON.stringify(key)} is no column.`, place: keys!.indexOf(key) });
  return { columns: columns.filter((_, n) => known[n]), faults: faults.sort((a, b) => a.place! - b.place!) };
}

/** Columns ready to be written: their labels, what of items they need, and the texts of items in them. */
export interface Table {
  /** as screens call them */
  labels: string[];
  /** which of them are moments: they are written in the time zone of the project */
  moments: boolean[];
  /** how wide they like to be on paper, in points */
  widths: number[];
  fields: ReadonlySet<string>;
  /** a row for each item; names come from the process's memory, or are read for all items together */
  texts(items: readonly ItemRow[]): Promise<string[][]>;
}

const NONE: ReadonlyMap<string, number> = new Map();

/** The table of these columns, for whoever asks, of items of that project. Columns of what is gone are left out. */
export async function tableOf(context: Context, project: ProjectRow, columns: readonly Column[]): Promise<Table> {
  const made = await Promise.all(
    columns.map(async (column) => {
      if ('builtIn' in column) return { label: COLUMN_LABELS[column.builtIn], written: COLUMNS[column.builtIn] };
      const field = await context.loads.load(customFieldById, column.customFieldId);
      return field && { label: field.label, written: custom(field) };
    }),
  );
  const there = made.filter((one) => one !== null);
  const written = there.map((one) => one.written);
  const moment = momentsIn(project.timeZone);
  const countsResponses = written.includes(COLUMNS.RESPONSES);
  const namesAttachments = written.includes(COLUMNS.ATTACHMENTS);
  return {
    labels: there.map(({ label }) => label),
    moments: written.map(({ isMoment }) => isMoment ?? false),
    widths: written.map(({ width }) => width),
    fields: new Set(written.flatMap(({ field }) => field ?? [])),
    async texts(items) {
      const responses = countsResponses ? await countResponses(context, items) : NONE;
      const attachmentIds = namesAttachments ? items.flatMap((item) => item.attachmentIds) : [];
      const attachments = await attachmentNames(context, attachmentIds);
      const place = { context, moment, responses, attachments };
      const rows = items.map((item) => written.map((column) => column.text(item, place)));
      // once the names are known there is nothing to wait for
      return Promise.all(
        rows.map((row) => (row.some((text) => text instanceof Promise) ? Promise.all(row) : (row as string[]))),
      );
    },
  };
}
