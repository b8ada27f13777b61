import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { sectionKey, type WantedField } from './fieldset.input.ts';
import { FieldsetFieldSchema, FieldsetSectionSchema } from './tool.entity.ts';
import { type FieldRule, ITEM_FIELDS, type ItemField, unsaidRule } from './tool.policy.ts';

/** A fieldset to write to; its row is there. */
export interface FieldsetFacts {
  id: string;
  companyId: string;
  genericToolId: string;
}

/**
 * Gives a fieldset these sections, in this order. One of a name that was there stays the same one; fields under one that goes are
 * under none then.
 */
export async function writeSections({ em, now }: Act, fieldset: FieldsetFacts, names: string[]): Promise<void> {
  const { id: fieldsetId, companyId } = fieldset;
  const old = new Map(
    (await em.find(FieldsetSectionSchema, { fieldsetId })).map((section) => [sectionKey(section.name), section]),
  );
  names.forEach((name, i) => {
    const known = old.get(sectionKey(name));
    old.delete(sectionKey(name));
    if (known) Object.assign(known, { name, position: i + 1 });
    else em.create(FieldsetSectionSchema, { id: newId(now, i), companyId, fieldsetId, name, position: i + 1 });
  });
  for (const gone of old.values()) em.remove(gone);
  await em.flush();
}

const keyOf = ({ field, customFieldId }: { field?: ItemField | null; customFieldId?: string | null }): string =>
  field ?? customFieldId!;

/**
 * Says what a fieldset says about all fields: this about those listed, the usual about the other built-in ones, which come after them;
 * custom fields that are not listed are no longer in it. Write its sections first. INVALID when a field names none of them.
 */
export async function writeFields({ em, now }: Act, fieldset: FieldsetFacts, wanted: WantedField[]): Promise<void> {
  const { id: fieldsetId, companyId } = fieldset;
  const sections = await em.find(FieldsetSectionSchema, { fieldsetId });
  const sectionIds = new Map(sections.map(({ id, name }) => [sectionKey(name), id]));
  const faults = new Faults();
  for (const { section, path } of wanted) {
    if (section !== null && !sectionIds.has(sectionKey(section)))
      faults.add('INVALID', `The fieldset has no section "${section}".`, [...path, 'section']);
  }
  faults.refuse();
  const said = rulesFrom(wanted, (section) => (section === null ? null : sectionIds.get(sectionKey(section))!));
  // sections are written by now: what the database has cleared with a section must not be taken for what it was before
  const old = new Map(
    (await em.find(FieldsetFieldSchema, { fieldsetId }, { refresh: true })).map((row) => [keyOf(row), row]),
  );
  said.forEach((rule, i) => {
    const known = old.get(keyOf(rule));
    if (known) Object.assign(known, rule);
    else em.create(FieldsetFieldSchema, { id: newId(now, i), companyId, fieldsetId, ...rule });
  });
  const listed = new Set(said.map(keyOf));
  for (const [key, row] of old) if (!listed.has(key)) em.remove(row);
  await em.flush();
}

interface PlacedRule extends FieldRule {
  field: ItemField | null;
  customFieldId: string | null;
  position: number;
  sectionId: string | null;
}

function rulesFrom(wanted: WantedField[], sectionIdOf: (section: string | null) => string | null): PlacedRule[] {
  const last = Math.max(0, ...wanted.map(({ position }) => position));
  const unsaid = ITEM_FIELDS.filter((field) => wanted.every((listed) => listed.field !== field));
  return [
    ...wanted.map(({ field, customFieldId, visible, required, position, section }) => ({
      field,
      customFieldId,
      visible,
      required,
      position,
      sectionId: sectionIdOf(section),
    })),
    ...unsaid.map((field, i) => ({
      field,
      customFieldId: null,
      ...unsaidRule(field),
      position: last + 1 + i,
      sectionId: null,
    })),
  ];
}

/** What a fieldset says, in plain values to compare and to tell. */
export async function describeFieldset({ db }: Act, id: string): Promise<Record<string, unknown>> {
  const { name } = await db.selectFrom('fieldsets').select('name').where('id', '=', id).executeTakeFirstOrThrow();
  const sections = await db
    .selectFrom('fieldset_sections')
    .select('name')
    .where('fieldsetId', '=', id)
    .orderBy('position')
    .execute();
  const fields = await db
    .selectFrom('fieldset_fields as said')
    .leftJoin('fieldset_sections as section', 'section.id', 'said.sectionId')
    .select([
      'said.field',
      'said.customFieldId',
      'said.visible',
      'said.required',
      'said.position',
      'section.name as section',
    ])
    .where('said.fieldsetId', '=', id)
    .execute();
  return {
    name,
    sections: sections.map((section) => section.name),
    ...Object.fromEntries(
      fields.map(({ field, customFieldId, ...rule }) => [field ?? `customField:${customFieldId}`, rule]),
    ),
  };
}
