import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { ownCompany, requireAdmin } from '../directory/admin.commands.ts';
import type { Viewer } from '../directory/viewer.ts';
import { recordEvents } from '../event/event.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import { readDefault } from './customField.default.ts';
import { labelKey, readDeactivated, readNames, readOptions } from './customField.input.ts';
import type { CustomFieldOption, CustomFieldType } from './customField.policy.ts';
import { type CustomFieldRow, customFieldsWhere } from './customField.queries.ts';
import type { CustomValue } from './customValue.policy.ts';
import { changesBetween } from './toolChange.commands.ts';

export const ADMINS_CHANGE_FIELDS = 'Only company admins may define custom fields.';

// they are listed as a whole; a fieldset has 15 of them
const MAX_DEFINITIONS = 500;

export interface CreateCustomFieldInput {
  companyId: string;
  label: string;
  description?: string | null;
  dataType: CustomFieldType;
  defaultValue?: unknown;
  options?: readonly string[] | null;
}

/** Defines a field of the company, in no fieldset yet; gives its id. Company admins only. */
export async function createCustomField({ world, viewer }: Context, input: CreateCustomFieldInput): Promise<string> {
  const { dataType } = input;
  const faults = new Faults();
  const companyId = ownCompany(faults, viewer, input.companyId, ['companyId']);
  const { label, description } = readNames(faults, input, true);
  const labels = readOptions(faults, input.options ?? [], dataType, 0, ['options']);
  faults.refuse();
  return transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_FIELDS);
    await refuseTooMany(act, companyId);
    await refuseTaken(act, companyId, label!);
    const id = newId(act.now);
    const options = labels.map((name, i) => ({ id: newId(act.now, i), label: name, position: i + 1, active: true }));
    const field = { id, companyId, label: label!, description: description ?? null, dataType, active: true, options };
    const defaultValue = await readDefault(act, faults, field, input.defaultValue);
    faults.refuse();
    await sql`
      insert into custom_fields (id, company_id, created_at, updated_at, label, label_key, description, data_type, default_value)
      values (${id}, ${companyId}, ${act.now}, ${act.now}, ${field.label}, ${sortKey(field.label)}, ${field.description}, ${dataType},
        ${jsonOf(defaultValue)}::jsonb)`.execute(act.db);
    await writeOptions(act, field, options);
    return id;
  });
}

export interface UpdateCustomFieldInput {
  id: string;
  label?: string | null;
  description?: string | null;
  active?: boolean | null;
  defaultValue?: unknown;
  addOptions?: readonly string[] | null;
  deactivateOptionIds?: readonly string[] | null;
}

/**
 * Changes a definition; gives its id. Whoever has an option that goes out of use keeps it; one that is added again is in use again.
 * All tools that have the field in a fieldset are told of as changed. Company admins only.
 */
export async function updateCustomField({ world, viewer }: Context, input: UpdateCustomFieldInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('CustomField', input.id, ['id']);
  const names = readNames(faults, input, false);
  if (input.active === null) faults.add('REQUIRED', 'active is true or false.', ['active']);
  faults.refuse();
  await transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_FIELDS);
    const old = await fieldToChange(act, viewer, id, input.id);
    const { defaultValue: given } = input;
    const gone = new Set(readDeactivated(faults, input.deactivateOptionIds ?? [], old));
    const labels = readOptions(faults, input.addOptions ?? [], old.dataType, old.options.length, ['addOptions']);
    faults.refuse();
    const options = optionsAfter(act, faults, old, gone, labels);
    const next = { ...old, options, active: input.active ?? old.active };
    if (names.label !== undefined) next.label = names.label;
    if (names.description !== undefined) next.description = names.description;
    next.defaultValue =
      given === undefined ? withoutGone(old.defaultValue, gone) : await readDefault(act, faults, next, given);
    faults.refuse();
    if (next.active) await refuseTaken(act, viewer.companyId, next.label, id);
    await sql`
      update custom_fields set updated_at = ${act.now}, label = ${next.label}, label_key = ${sortKey(next.label)},
        description = ${next.description}, active = ${next.active}, default_value = ${jsonOf(next.defaultValue)}::jsonb
      where id = ${id}`.execute(act.db);
    const before = new Map(old.options.map((option) => [option.id, JSON.stringify(option)]));
    await writeOptions(
      act,
      next,
      options.filter((option) => before.get(option.id) !== JSON.stringify(option)),
    );
    await tellFieldChanged(act, viewer, old, next);
  });
  return id;
}

const jsonOf = (value: CustomValue | null): string | null => (value === null ? null : JSON.stringify(value));

/** A default that names an option is none once the option is out of use. */
function withoutGone(value: CustomValue | null, gone: ReadonlySet<string>): CustomValue | null {
  if (!Array.isArray(value)) return typeof value === 'string' && gone.has(value) ? null : value;
  const left = value.filter((id) => !gone.has(id));
  return left.length > 0 ? left : null;
}

/** The options of a field once some are out of use and some are added: last, or in their place where they were before. */
function optionsAfter(
  { now }: Act,
  faults: Faults,
  field: CustomFieldRow,
  gone: ReadonlySet<string>,
  labels: readonly string[],
): CustomFieldOption[] {
  const options = field.options.map((option) => (gone.has(option.id) ? { ...option, active: false } : { ...option }));
  labels.forEach((label, i) => {
    const known = options.find((option) => labelKey(option.label) === labelKey(label));
    if (known?.active) faults.add('TAKEN', `There is an option "${known.label}" already.`, ['addOptions', i]);
    else if (known) Object.assign(known, { label, active: true });
    else options.push({ id: newId(now, i), label, position: (options.at(-1)?.position ?? 0) + 1, active: true });
  });
  return options;
}

/** A definition of the company, held until the act ends; `gid` is what the input calls it. NOT_FOUND when there is none. */
async function fieldToChange({ db }: Act, { companyId }: Viewer, id: string, gid: string): Promise<CustomFieldRow> {
  await sql`select from custom_fields where id = ${id} and company_id = ${companyId} for no key update`.execute(db);
  const { rows } = await customFieldsWhere(sql`f.id = ${id} and f.company_id = ${companyId}`).execute(db);
  const faults = new Faults();
  if (!rows[0]) faults.notFound('CustomField', gid, ['id']);
  faults.refuse();
  return rows[0]!;
}

async function writeOptions(
  { db, now }: Act,
  field: { id: string; companyId: string },
  options: readonly CustomFieldOption[],
): Promise<void> {
  if (options.length === 0) return;
  await sql`
    insert into custom_field_options (id, company_id, created_at, updated_at, custom_field_id, label, position, active)
    select o.id, ${field.companyId}, ${now}, ${now}, ${field.id}, o.label, o.position, o.active
    from jsonb_to_recordset(${JSON.stringify(options)}::jsonb) as o(id uuid, label text, position integer, active boolean)
    on conflict (id) do update set label = excluded.label, active = excluded.active, updated_at = excluded.updated_at`.execute(
    db,
  );
}

async function refuseTooMany({ db }: Act, companyId: string): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from custom_fields where company_id = ${companyId}`.execute(db);
  if (rows[0]!.count >= MAX_DEFINITIONS)
    refuse('TOO_MANY', `The company has ${rows[0]!.count} custom fields already; at most ${MAX_DEFINITIONS} are kept.`);
}

async function refuseTaken({ db }: Act, companyId: string, label: string, ownId = NOBODY): Promise<void> {
  const { rows } = await sql<{ label: string }>`
    select label from custom_fields
    where company_id = ${companyId} and id <> ${ownId} and active
      and lower(label collate "pg_c_utf8") = lower(${label}::text collate "pg_c_utf8")`.execute(db);
  if (rows[0]) refuse('TAKEN', `The company has a custom field "${rows[0].label}" already.`, ['label']);
}

/** What is told of a definition. */
const told = ({ label, description, active, defaultValue, options }: CustomFieldRow) => ({
  label,
  description,
  active,
  defaultValue,
  options: options.map((option) => ({ id: option.id, label: option.label, active: option.active })),
});

/** Tells of a changed definition as a change of each tool that has it in a fieldset; of what nobody uses nobody hears. */
async function tellFieldChanged(act: Act, viewer: Viewer, old: CustomFieldRow, next: CustomFieldRow): Promise<void> {
  const changes = changesBetween(told(old), told(next));
  if (changes.length === 0) return;
  const { rows } = await sql<{ toolId: string }>`
    select distinct fieldset.generic_tool_id as "toolId"
    from fieldset_fields said join fieldsets fieldset on fieldset.id = said.fieldset_id
    where said.custom_field_id = ${old.id} order by 1`.execute(act.db);
  const side = (of: 'old' | 'new') => ({ id: old.id, ...Object.fromEntries(changes.map((c) => [c.field, c[of]])) });
  const change = { field: 'customField', old: side('old'), new: side('new') };
  await recordEvents(
    act,
    viewer.companyId,
    viewer.id,
    rows.map(({ toolId }) => ({
      type: 'genericTool.updated',
      genericToolId: toolId,
      payload: { changes: [change] },
    })),
  );
}
