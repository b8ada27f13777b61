import { type RawBuilder, sql } from 'kysely';
import { batch, byId, groupBy, names } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';
import type { CustomFieldFacts, CustomFieldOption } from './customField.policy.ts';
import type { CustomValue } from './customValue.policy.ts';

/** A custom field with its options in their order. */
export interface CustomFieldRow extends CustomFieldFacts {
  companyId: string;
  description: string | null;
  defaultValue: CustomValue | null;
  options: CustomFieldOption[];
}

/** Custom fields with their options; `where` is over f, the field. */
export const customFieldsWhere = (where: RawBuilder<unknown>): RawBuilder<CustomFieldRow> => sql`
  select f.id, f.company_id as "companyId", f.label, f.description, f.data_type as "dataType", f.default_value as "defaultValue",
    f.active, coalesce((
      select json_agg(json_build_object('id', o.id, 'label', o.label, 'position', o.position, 'active', o.active)
        order by o.position, o.id)
      from custom_field_options o where o.custom_field_id = f.id
    ), '[]') as options
  from custom_fields f where ${where}`;

/** A custom field of the viewer's company: its people know all of them. */
export const customFieldById = names<Context, string, CustomFieldRow>(async ({ db, viewer }, ids) => {
  const { rows } = await customFieldsWhere(
    sql`f.id = any(${ids}::uuid[]) and f.company_id = ${viewer.companyId}`,
  ).execute(db);
  return byId(rows);
});

/** The custom fields of a company by label, those out of use too; none of a company that the request does not act for. */
export const customFieldsOfCompany = batch<Context, string, CustomFieldRow[]>(async (context, companyIds) => {
  const where = sql`f.company_id = any(${companyIds}::uuid[]) and f.company_id = ${context.viewer.companyId}`;
  const { rows } = await sql<CustomFieldRow>`${customFieldsWhere(where)} order by f.label_key, f.id`.execute(
    context.db,
  );
  return groupBy(rows, ({ companyId }) => companyId);
});
