import { type RawBuilder, sql } from 'kysely';
import { batch, byId, groupBy, names } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { prepared, unseen } from '../database/prepared.ts';
import type { Context } from '../graph/context.ts';
import { sortKey } from '../kernel/text.ts';
import type { CustomFieldType } from './customField.policy.ts';
import {
  type FieldRule,
  type FieldRules,
  fieldRulesOf,
  ITEM_FIELDS,
  type ItemField,
  unsaidRule,
} from './tool.policy.ts';
import { seesAvailable, seesTool } from './tool.queries.ts';

export interface FieldsetRow {
  id: string;
  companyId: string;
  genericToolId: string;
  name: string;
}

/** What a fieldset says about a built-in field or, where `field` is null, about a custom one. */
export interface FieldsetFieldRow {
  fieldsetId: string;
  field: ItemField | null;
  customFieldId: string | null;
  visible: boolean;
  required: boolean;
  position: number;
  sectionId: string | null;
}

export interface FieldsetSectionRow {
  id: string;
  fieldsetId: string;
  name: string;
  position: number;
}

const FIELDSET_COLUMNS = ['fieldset.id', 'fieldset.companyId', 'fieldset.genericToolId', 'fieldset.name'] as const;

const visibleFieldsets = (context: Context) =>
  context.db
    .selectFrom('fieldsets as fieldset')
    .innerJoin('generic_tools as tool', 'tool.id', 'fieldset.genericToolId')
    .select(FIELDSET_COLUMNS)
    .where(seesTool(context, 'tool'));

/** Rows by the sort key of a name, as lists go; those with the same key by id. */
const byNameOf = <Row extends { id: string }>(rows: Row[], nameOf: (row: Row) => string): Row[] => {
  const keys = new Map(rows.map((row) => [row, `${sortKey(nameOf(row))}\0${row.id}`]));
  return rows.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1));
};

/** A fieldset, if the viewer sees its tool. */
export const fieldsetById = batch<Context, string, FieldsetRow>(async (context, ids) =>
  byId(await visibleFieldsets(context).where('fieldset.id', 'in', ids).execute()),
);

/** The fieldsets of a tool that the viewer sees, by name. */
export const fieldsetsOfTool = batch<Context, string, FieldsetRow[]>(async (context, toolIds) =>
  groupBy(
    byNameOf(
      await visibleFieldsets(context).where('fieldset.genericToolId', 'in', toolIds).execute(),
      ({ name }) => name,
    ),
    ({ genericToolId }) => genericToolId,
  ),
);

/** The fieldsets that are applied to a project, by the title of their tool, as far as the viewer may read the tool there. */
const fieldsetsInProject = batch<Context, string, FieldsetRow[]>(async (context, projectIds) =>
  groupBy(
    await context.db
      .selectFrom('fieldset_projects as available')
      .innerJoin('fieldsets as fieldset', 'fieldset.id', 'available.fieldsetId')
      .innerJoin('generic_tools as tool', 'tool.id', 'available.genericToolId')
      .select([...FIELDSET_COLUMNS, 'available.projectId'])
      .where('available.projectId', 'in', projectIds)
      .where(seesAvailable(context, 'available'))
      .orderBy('tool.titleKey')
      .orderBy('tool.id')
      .execute(),
    ({ projectId }) => projectId,
  ),
);

/** The fieldsets that are applied to a project, or only that of one tool. */
export async function listApplied(
  { loads }: Context,
  projectId: string,
  toolId: string | null,
): Promise<FieldsetRow[]> {
  const applied = (await loads.load(fieldsetsInProject, projectId)) ?? [];
  return toolId === null ? applied : applied.filter(({ genericToolId }) => genericToolId === toolId);
}

/** What a fieldset says about each field, in its order; fields that it says nothing about come last. */
export const fieldsOfFieldset = batch<Context, string, FieldsetFieldRow[]>(async ({ db, viewer }, ids) => {
  const said = groupBy(
    await db
      .selectFrom('fieldset_fields')
      .select(['fieldsetId', 'field', 'customFieldId', 'visible', 'required', 'position', 'sectionId'])
      .where('companyId', '=', viewer.companyId)
      .where('fieldsetId', 'in', ids)
      .execute(),
    ({ fieldsetId }) => fieldsetId,
  );
  return new Map(ids.map((id) => [id, allFields(id, said.get(id) ?? [])]));
});

function allFields(fieldsetId: string, said: FieldsetFieldRow[]): FieldsetFieldRow[] {
  const last = Math.max(0, ...said.map(({ position }) => position));
  const unsaid = ITEM_FIELDS.filter((field) => said.every((row) => row.field !== field));
  const places = new Map<string | null, number>(ITEM_FIELDS.map((field, n) => [field, n]));
  // custom ones behind built-in ones of the same position
  const rank = ({ position, field }: FieldsetFieldRow) => position * 100 + (places.get(field) ?? ITEM_FIELDS.length);
  return [
    ...said.sort((a, b) => rank(a) - rank(b) || (a.customFieldId! < b.customFieldId! ? -1 : 1)),
    ...unsaid.map((field, i) => ({
      fieldsetId,
      field,
      customFieldId: null,
      ...unsaidRule(field),
      position: last + 1 + i,
      sectionId: null,
    })),
  ];
}

/** The sections of a fieldset, in their order. */
export const sectionsOfFieldset = batch<Context, string, FieldsetSectionRow[]>(async ({ db, viewer }, ids) =>
  groupBy(
    await db
      .selectFrom('fieldset_sections')
      .select(['id', 'fieldsetId', 'name', 'position'])
      .where('companyId', '=', viewer.companyId)
      .where('fieldsetId', 'in', ids)
      .orderBy('position')
      .orderBy('id')
      .execute(),
    ({ fieldsetId }) => fieldsetId,
  ),
);

/** A custom field of a fieldset, and what is said about it. */
export interface PlacedCustomField extends FieldRule {
  id: string;
  label: string;
  dataType: CustomFieldType;
  active: boolean;
}

/** What a fieldset says about some fields, and where: "project tool"; its custom ones in their order. */
export interface Said {
  pair: string;
  said: ({ field: ItemField } & FieldRule)[];
  custom: PlacedCustomField[];
}

/** What the fieldsets say where tools are (`toolIds[i]` in `projectIds[i]`), as rows; none where a tool is not available. */
export const whatIsSaid = (projectIds: readonly string[], toolIds: readonly string[]): RawBuilder<Said> => sql`
  select place.project_id || ' ' || place.generic_tool_id as pair, coalesce((
    select json_agg(json_build_object('field', said.field, 'visible', said.visible, 'required', said.required))
    from fieldset_fields said where said.fieldset_id = applied.fieldset_id and said.field is not null
  ), '[]') as said, coalesce((
    select json_agg(json_build_object('id', f.id, 'label', f.label, 'dataType', f.data_type, 'active', f.active,
      'visible', said.visible, 'required', said.required) order by said.position, f.id)
    from fieldset_fields said join custom_fields f on f.id = said.custom_field_id
    where said.fieldset_id = applied.fieldset_id and said.custom_field_id is not null
  ), '[]') as custom
  from unnest(${unseen(projectIds)}, ${unseen(toolIds)}) place(project_id, generic_tool_id)
  -- the limit has each looked up by its key; joined, all places of the company were read
  cross join lateral (
    select fieldset_id from fieldset_projects here
    where here.project_id = place.project_id and here.generic_tool_id = place.generic_tool_id limit 1
  ) applied`;

/** The rules of all fields, by place: "project tool". */
export const rulesByPlace = (rows: readonly Said[]): Map<string, FieldRules> =>
  new Map(rows.map(({ pair, said }) => [pair, fieldRulesOf(said)]));

/**
 * The rules of the fields of items, for pairs of project and tool (`toolIds[i]` in `projectIds[i]`): one statement for any number.
 * The answer's keys are `${projectId} ${toolId}`; a tool that is not available in the project is missing.
 */
export async function loadFieldRules(
  db: Db,
  projectIds: readonly string[],
  toolIds: readonly string[],
): Promise<Map<string, FieldRules>> {
  return rulesByPlace((await prepared(whatIsSaid(projectIds, toolIds)).execute(db)).rows);
}

/** What the fieldset of a tool in a project has of custom fields, in its order: for whoever sees an item there; keys are "project tool". */
export const customFieldsAt = names<Context, string, PlacedCustomField[]>(async ({ db, viewer }, places) => {
  const pairs = places.map((place) => place.split(' '));
  const { rows } = await sql<{ place: string; custom: PlacedCustomField[] }>`
    select place.project_id || ' ' || place.generic_tool_id as place, coalesce(
      json_agg(json_build_object('id', f.id, 'label', f.label, 'dataType', f.data_type, 'active', f.active,
        'visible', said.visible, 'required', said.required) order by said.position, f.id) filter (where f.id is not null), '[]') as custom
    from unnest(
      ${pairs.map(([projectId]) => projectId)}::uuid[], ${pairs.map(([, toolId]) => toolId)}::uuid[]
    ) place(project_id, generic_tool_id)
    join fieldset_projects here on here.project_id = place.project_id and here.generic_tool_id = place.generic_tool_id
      and here.company_id = ${viewer.companyId}
    left join fieldset_fields said on said.fieldset_id = here.fieldset_id and said.custom_field_id is not null
    left join custom_fields f on f.id = said.custom_field_id
    group by 1`.execute(db);
  return new Map(rows.map(({ place, custom }) => [place, custom]));
});
