import type { ProjectRow } from '../directory/directory.queries.ts';
import type { Context } from '../graph/context.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { customFieldsOf } from '../item/item.shownValues.ts';
import {
  type FieldsetFieldRow,
  type FieldsetSectionRow,
  fieldsOfFieldset,
  listApplied,
  sectionsOfFieldset,
} from '../tool/fieldset.queries.ts';
import type { ItemField } from '../tool/tool.policy.ts';
import type { Column } from './column.policy.ts';
import { tableOf } from './column.queries.ts';

/** A field of an item as it is shown: its name on screens, and its text; under which heading. */
export interface ShownField {
  field: ItemField | null;
  label: string;
  text: string;
  sectionId: string | null;
}

// what stands elsewhere, wherever an item is shown as a whole
const ELSEWHERE = new Set(['NUMBER', 'TITLE', 'STATUS', 'PRIVATE', 'DESCRIPTION', 'ATTACHMENTS', 'RESPONSES']);

/** The fields of an item that its fieldset has visible, in its order, with its headings; and whether it has others visible. */
export async function shownFields(
  context: Context,
  item: ItemRow,
  project: ProjectRow,
): Promise<{ fields: ShownField[]; headings: FieldsetSectionRow[]; isVisible(field: ItemField): boolean }> {
  const { loads } = context;
  const [fieldset] = await listApplied(context, item.projectId, item.genericToolId);
  const rows = fieldset ? ((await loads.load(fieldsOfFieldset, fieldset.id)) ?? []) : [];
  const headings = fieldset ? ((await loads.load(sectionsOfFieldset, fieldset.id)) ?? []) : [];
  const custom = new Set((await customFieldsOf(context, item)).map(({ field }) => field.id));
  const shown = rows.filter(
    ({ visible, field, customFieldId }) => visible && (field ? !ELSEWHERE.has(field) : custom.has(customFieldId!)),
  );
  const table = await tableOf(context, project, shown.map(columnOf));
  const [texts] = await table.texts([item]);
  return {
    fields: shown.map(({ field, sectionId }, n) => ({
      field,
      label: table.labels[n]!,
      text: texts![n]!,
      sectionId,
    })),
    headings,
    isVisible: (name) => rows.some(({ field, visible }) => field === name && visible),
  };
}

const columnOf = ({ field, customFieldId }: FieldsetFieldRow): Column =>
  field === null ? { key: '', customFieldId: customFieldId! } : { key: field, builtIn: field };
