import { newId, uuidOf } from '../../src/kernel/ids.ts';
import type { CustomFieldType } from '../../src/tool/customField.policy.ts';
import type { Person, TestWorld, Thing, Tool } from './world.ts';

/** A custom field that there shall be, and what the Default fieldset of a tool says of it. */
export interface WantedCustomField {
  dataType: CustomFieldType;
  options?: string[];
  defaultValue?: unknown;
  required?: boolean;
  visible?: boolean;
}

/** A custom field, with its options by their labels. */
export type CustomThing = Thing & { label: string; dataType: CustomFieldType; options: Record<string, Thing> };

/** Defines custom fields through the front door, by their labels, and puts them into the Default fieldset of a tool in that order. */
export async function putCustomFields<Label extends string>(
  world: TestWorld,
  admin: Person,
  tool: Tool | null,
  wanted: Record<Label, WantedCustomField>,
): Promise<Record<Label, CustomThing>> {
  const things: Partial<Record<Label, CustomThing>> = {};
  const source = `mutation ($input: CreateCustomFieldInput!) {
    createCustomField(input: $input) { customField { id options { id label } } userErrors { message } } }`;
  for (const [label, { dataType, options, defaultValue, ...rule }] of Object.entries<WantedCustomField>(wanted)) {
    const input = { companyId: world.home.gid, label, dataType, options, defaultValue };
    const { customField, userErrors } = (await world.get(admin, source, { input })).createCustomField;
    if (!customField) throw new Error(`no ${label}: ${JSON.stringify(userErrors)}`);
    const own = Object.fromEntries(
      customField.options.map((option: { id: string; label: string }) => [
        option.label,
        { id: uuidOf('CustomFieldOption', option.id)!, gid: option.id },
      ]),
    );
    const id = uuidOf('CustomField', customField.id)!;
    things[label as Label] = { id, gid: customField.id, label, dataType, options: own };
    if (tool) await place(world, tool, id, rule);
  }
  return things as Record<Label, CustomThing>;
}

async function place(
  { db, sql, clock }: TestWorld,
  tool: Tool,
  id: string,
  { required = false, visible = true }: { required?: boolean; visible?: boolean },
): Promise<void> {
  await sql`
    insert into fieldset_fields (id, company_id, created_at, updated_at, fieldset_id, custom_field_id, visible, required, position)
    select ${newId(clock.now())}, company_id, now(), now(), id, ${id}, ${visible}, ${required},
      (select max(position) + 1 from fieldset_fields said where said.fieldset_id = fieldsets.id)
    from fieldsets where generic_tool_id = ${tool.id} and is_default`.execute(db);
}
