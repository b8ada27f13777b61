import type { Context } from '../src/graph/context.ts';
import { toGlobalId } from '../src/kernel/ids.ts';
import { type CreateCustomFieldInput, createCustomField } from '../src/tool/customField.commands.ts';
import { customFieldById } from '../src/tool/customField.queries.ts';

/** The fields that the company has defined; design reviews have them. */
export const CUSTOM_FIELDS = {
  sheet: { label: 'Sheet', dataType: 'STRING', description: 'The sheet of the drawings that it is about.' },
  discipline: {
    label: 'Discipline',
    dataType: 'SINGLE_SELECT',
    options: ['Architecture', 'Interiors', 'Structure', 'Services'],
  },
} as const satisfies Record<string, Omit<CreateCustomFieldInput, 'companyId'>>;
export type CustomKey = keyof typeof CUSTOM_FIELDS;

/** A custom field by its global id, and its options by their labels. */
export interface CustomFieldIds {
  id: string;
  options: ReadonlyMap<string, string>;
}

/** Defines them. */
export async function defineCustomFields(
  context: Context,
  companyId: string,
): Promise<Record<CustomKey, CustomFieldIds>> {
  const ids: Partial<Record<CustomKey, CustomFieldIds>> = {};
  for (const [key, field] of Object.entries(CUSTOM_FIELDS)) {
    const id = await createCustomField(context, { companyId, ...field });
    const { options } = (await context.loads.load(customFieldById, id))!;
    ids[key as CustomKey] = {
      id: toGlobalId('CustomField', id),
      options: new Map(options.map((option) => [option.label, toGlobalId('CustomFieldOption', option.id)])),
    };
  }
  return ids as Record<CustomKey, CustomFieldIds>;
}
