import { sql } from 'kysely';
import { readingOf } from '../database/orm.ts';
import { transaction } from '../database/transaction.ts';
import { type CustomValues, putValue } from '../item/item.customValues.ts';
import { refuse } from '../kernel/errors.ts';
import { toGlobalId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { createCustomField, updateCustomField } from '../tool/customField.commands.ts';
import { isSelect } from '../tool/customField.policy.ts';
import { type CustomFieldRow, customFieldsWhere } from '../tool/customField.queries.ts';
import { type CustomValue, type ReadRichText, readCustomValue } from '../tool/customValue.policy.ts';
import { placeCustomFields } from '../tool/fieldset.commands.ts';
import { definitionOf, type SourceField, type SourceValue } from './customField.policy.ts';
import { nameKey, readAll } from './directory.commands.ts';
import { pages } from './folder.ts';
import { contextFor, type HereProject, type HereTool, type Importing } from './importing.ts';
import { keyOf } from './reference.commands.ts';
import { count, type Place, remark, skip } from './report.ts';
import { refusalOf } from './tool.commands.ts';

/** The definitions that the folder lists. Those out of use are made only when an item has a value in them. */
export async function importCustomFields(importing: Importing): Promise<void> {
  const { folder, report, definitions } = importing;
  const known = new Set<string>();
  for await (const page of pages(folder, '.', 'custom_field_definitions', report)) {
    for (const { read, place } of readAll(importing, 'customFields', page, definitionOf, known)) {
      definitions.set(read.externalId, read);
      if (read.active) await ensureField(importing, read, place);
    }
  }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
export const unmadeKey = (externalId: string): string => `custom field ${externalId}`;

async function readFields(importing: Importing, id?: string): Promise<CustomFieldRow[]> {
  const { companyId } = importing.viewer;
  const { rows } = await customFieldsWhere(
    id ? sql`f.id = ${id}` : sql`f.company_id = ${companyId} order by f.active desc, f.created_at, f.id`,
  ).execute(readingOf(importing.world.orm));
  return rows;
}

/**
 * Sees to it that a custom field is here with these choices: the one of its label and type, or a new one; where that label is another
 * field's, the id stands behind it. Definitions here have no ids of the other system.
 */
async function ensureField(importing: Importing, source: SourceField, place: Place, mayMake = true): Promise<void> {
  const { customFields, unmade, report } = importing;
  const { externalId, dataType } = source;
  const known = customFields.get(externalId);
  const missing = (field: CustomFieldRow) =>
    source.options.filter(({ label }) => !field.options.some((option) => same(option.label, label)));
  if (unmade.has(unmadeKey(externalId)) || (known && missing(known).length === 0)) return;
  try {
    const label = source.label ?? `Custom field ${externalId}`;
    const taken = new Set([...customFields.values()].map(({ id }) => id));
    const here = known ? [] : await readFields(importing);
    let [field, made] = [known, false];
    for (const name of known ? [] : [label, `${label} (${externalId})`]) {
      const namesakes = here.filter((one) => same(one.label, name));
      field = namesakes.find((one) => one.dataType === dataType && !taken.has(one.id));
      if (field) break;
      if (namesakes.some(({ active }) => active)) continue;
      if (!mayMake) return;
      field = await makeField(importing, source, name);
      made = true;
      break;
    }
    if (!field && !mayMake) return;
    if (!field) refuse('TAKEN', `two other custom fields are called "${label}".`);
    const added = isSelect(field.dataType) ? missing(field).map((option) => option.label) : [];
    if (added.length > 0) {
      await updateCustomField(contextFor(importing), { id: toGlobalId('CustomField', field.id), addOptions: added });
      [field] = (await readFields(importing, field.id)) as [CustomFieldRow];
    }
    customFields.set(externalId, field);
    if (!known || added.length > 0)
      count(report, 'customFields', made ? 'made' : added.length > 0 ? 'changed' : 'unchanged');
  } catch (error) {
    const reason = refusalOf(error);
    unmade.set(unmadeKey(externalId), reason);
    skip(report, 'customFields', place, reason);
  }
}

async function makeField(
  importing: Importing,
  { dataType, options }: SourceField,
  label: string,
): Promise<CustomFieldRow> {
  const companyId = toGlobalId('Company', importing.viewer.companyId);
  const labels = isSelect(dataType) ? options.map((option) => option.label) : [];
  const id = await createCustomField(contextFor(importing), { companyId, label, dataType, options: labels });
  const [made] = (await readFields(importing, id)) as [CustomFieldRow];
  const gone = made.options.filter((option) => options.some((one) => !one.active && same(one.label, option.label)));
  if (gone.length === 0) return made;
  const deactivateOptionIds = gone.map((option) => toGlobalId('CustomFieldOption', option.id));
  await updateCustomField(contextFor(importing), { id: toGlobalId('CustomField', id), deactivateOptionIds });
  const [left] = (await readFields(importing, id)) as [CustomFieldRow];
  return left;
}

/** Sees to it that the fields that items of a tool in a project have values in are here, and in its fieldset there. */
export async function ensureFields(
  importing: Importing,
  project: HereProject,
  tool: HereTool,
  named: readonly { value: SourceValue; place: Place }[],
): Promise<void> {
  const { definitions, customFields, world, viewer, report } = importing;
  const byField = Map.groupBy(named, ({ value }) => value.externalId);
  for (const [externalId, values] of byField) {
    const { value, place } = values.find((one) => !one.value.isEmpty) ?? values[0]!;
    const definition = definitions.get(externalId) ?? {
      externalId,
      label: null,
      dataType: value.dataType,
      options: [],
      active: true,
    };
    const chosen = values.flatMap((one) => one.value.labels.map((label) => ({ label, active: true })));
    const options = [...definition.options, ...chosen];
    const once = options.filter((option, n) => options.findIndex(({ label }) => same(label, option.label)) === n);
    // of one that is empty everywhere nothing is known but that what is here goes
    await ensureField(importing, { ...definition, options: once }, { ...place, id: externalId }, !value.isEmpty);
  }
  const fields = [...byField].flatMap(([externalId, values]) => {
    const one = values.find(({ value }) => !value.isEmpty);
    const field = customFields.get(externalId);
    const key = `${project.id} ${tool.id} ${field?.id}`;
    return field && one && !importing.placed.has(key) ? [{ field, key, place: one.place }] : [];
  });
  if (fields.length === 0) return;
  const left = await transaction(world, (act) =>
    placeCustomFields(
      act,
      viewer.companyId,
      project.id,
      tool.id,
      fields.map(({ field }) => field.id),
    ),
  );
  for (const { field, key, place } of fields) {
    importing.placed.add(key);
    if (left.includes(field.id))
      remark(
        report,
        'customFields',
        place,
        `the fieldset of ${tool.title} in ${project.name} is full: "${field.label}" is kept there and not shown.`,
      );
  }
}

/** The values that an item has of custom fields, as they are kept; what is wrong goes to the faults. */
export function customValuesOf(
  importing: Importing,
  project: HereProject,
  values: readonly SourceValue[],
  faults: Faults,
  richText: ReadRichText,
): CustomValues | null {
  const kept: Record<string, CustomValue> = {};
  for (const value of values) {
    const field = importing.customFields.get(value.externalId);
    if (value.isEmpty) continue;
    if (!field) {
      const reason = importing.unmade.get(unmadeKey(value.externalId));
      faults.add(
        'INVALID',
        `it has a value in custom field ${value.externalId}, which could not be made: ${reason}`,
        [],
      );
      continue;
    }
    const [type, ids] = referredBy(importing, project, field, value);
    const gids = ids.map((id) => toGlobalId(type, id));
    const isList = field.dataType === 'MULTI_SELECT' || field.dataType === 'USERS';
    const given = type === '' ? value.plain : isList ? gids : gids[0];
    // who and what is named there may be out of use here: it is what the item has
    const read = readCustomValue(faults, field, given, [field.label], () => {}, ids, richText);
    putValue(kept, field, read, richText);
  }
  return Object.keys(kept).length > 0 ? kept : null;
}

/** What a value refers to: the type in global ids, and the ids here; no type when it stands for itself. */
function referredBy(
  { users, vendorIds, vendors, references }: Importing,
  project: HereProject,
  field: CustomFieldRow,
  { labels, people, vendor, location }: SourceValue,
): [type: string, ids: string[]] {
  const found = (ids: (string | undefined)[]) => ids.filter((id) => id !== undefined);
  switch (field.dataType) {
    case 'SINGLE_SELECT':
    case 'MULTI_SELECT':
      return [
        'CustomFieldOption',
        found(labels.map((label) => field.options.find((option) => same(option.label, label))?.id)),
      ];
    case 'USER':
    case 'USERS':
      return ['User', found(people.map(({ externalId }) => users.get(externalId)))];
    case 'COMPANY':
      return [
        'Vendor',
        found([vendor ? vendorIds.get(vendors.get(vendor.externalId ?? nameKey(vendor.name)) ?? '') : undefined]),
      ];
    case 'LOCATION':
      return ['Location', found([location ? references.get(keyOf(project, location)) : undefined])];
    default:
      return ['', []];
  }
}
