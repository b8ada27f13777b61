import { type Faults, NOBODY, type Path } from '../kernel/input.ts';
import { MAX_CUSTOM_FIELDS } from './customField.policy.ts';
import { type ItemField, refuseRule } from './tool.policy.ts';

export interface FieldsetFieldInput {
  field?: ItemField | null;
  customFieldId?: string | null;
  visible: boolean;
  required: boolean;
  section?: string | null;
  position?: number | null;
}

export interface SaveFieldsetInput {
  id?: string | null;
  genericToolId?: string | null;
  name?: string | null;
  sections?: { name: string }[] | null;
  fields?: FieldsetFieldInput[] | null;
  projectIds?: string[] | null;
}

// headings on one form; there are 20 fields to put under them
const MAX_SECTIONS = 50;
// as many rows as one syncDirectory makes
const MAX_PROJECTS = 5_000;
// far more than the fields that there are, and room to number them in tens
const MAX_POSITION = 1_000;

export interface WantedField {
  /** a built-in field, or else a custom one */
  field: ItemField | null;
  customFieldId: string | null;
  visible: boolean;
  required: boolean;
  position: number;
  /** the name of a section, as it was written */
  section: string | null;
  /** where it stands in the input */
  path: Path;
}

/** What an input wants of a fieldset: what is undefined stays as it is. */
export interface WantedFieldset {
  /** the fieldset to change; null makes one */
  id: string | null;
  toolId: string | null;
  name: string | undefined;
  sections: string[] | undefined;
  fields: WantedField[] | undefined;
  projectIds: string[] | undefined;
}

/** Two names of sections that mean the same one. */
export const sectionKey = (name: string): string => name.toLowerCase();

/** Reads an input and tells what is wrong with it by itself, before the database is asked. A list that is null is an empty one. */
export function readFieldset(faults: Faults, input: SaveFieldsetInput): WantedFieldset {
  const id = input.id == null ? null : faults.id('Fieldset', input.id, ['id']);
  const toolId = input.genericToolId == null ? null : faults.id('GenericTool', input.genericToolId, ['genericToolId']);
  if (id === null && toolId === null)
    faults.add('REQUIRED', 'Either id or genericToolId says which fieldset is meant, or whose a new one is.', [
      'genericToolId',
    ]);
  const name =
    id !== null && input.name === undefined ? undefined : faults.requiredText(input.name, ['name'], 'the name');
  return {
    id,
    toolId,
    name,
    sections: input.sections === undefined ? undefined : sectionsOf(faults, input.sections ?? []),
    fields: input.fields === undefined ? undefined : fieldsOf(faults, input.fields ?? []),
    projectIds: input.projectIds === undefined ? undefined : projectIdsOf(faults, input.projectIds ?? []),
  };
}

function sectionsOf(faults: Faults, sections: { name: string }[]): string[] {
  if (sections.length > MAX_SECTIONS)
    faults.add('TOO_MANY', `${sections.length} sections are too many; a fieldset has at most ${MAX_SECTIONS}.`, [
      'sections',
    ]);
  const known = new Set<string>();
  return sections.slice(0, MAX_SECTIONS).map((section, i) => {
    const path = ['sections', i, 'name'];
    const name = faults.requiredText(section.name, path, 'the name of the section');
    if (name && known.has(sectionKey(name))) faults.add('INVALID', `There are two sections "${name}".`, path);
    known.add(sectionKey(name));
    return name;
  });
}

function fieldsOf(faults: Faults, fields: FieldsetFieldInput[]): WantedField[] {
  const known = new Set<string>();
  const custom = fields.filter(({ customFieldId }) => customFieldId != null).length;
  if (custom > MAX_CUSTOM_FIELDS)
    faults.add('TOO_MANY', `${custom} custom fields are too many; a fieldset has at most ${MAX_CUSTOM_FIELDS}.`, [
      'fields',
    ]);
  return fields.flatMap(({ field = null, customFieldId: given, visible, required, ...place }, i) => {
    const path = ['fields', i];
    if ((field === null) === (given == null)) {
      const [code, what, culprit] =
        field === null
          ? (['REQUIRED', 'is meant', 'field'] as const)
          : (['INVALID', 'of two is meant', 'customFieldId'] as const);
      faults.add(code, `It is not said which field ${what}.`, [...path, culprit]);
      return [];
    }
    const customFieldId = given == null ? null : faults.id('CustomField', given, [...path, 'customFieldId']);
    const name = field ?? 'The custom field';
    const key = field ?? customFieldId!;
    if (known.has(key) && key !== NOBODY)
      faults.add('INVALID', `${name} is listed twice.`, [...path, field === null ? 'customFieldId' : 'field']);
    known.add(key);
    const refusal = refuseRule(field, { visible, required });
    if (refusal) faults.add('INVALID', refusal.message, [...path, refusal.culprit]);
    const position = place.position ?? i + 1;
    if (position < 0 || position > MAX_POSITION)
      faults.add(
        'INVALID',
        `The position of ${field ?? 'a custom field'} is from 0 to ${MAX_POSITION}, not ${position}.`,
        [...path, 'position'],
      );
    const section = faults.text(place.section, [...path, 'section'], 'the section') ?? null;
    return { field, customFieldId, visible, required, position, section, path };
  });
}

function projectIdsOf(faults: Faults, ids: string[]): string[] {
  if (ids.length > MAX_PROJECTS)
    faults.add('TOO_MANY', `${ids.length} projects are too many; at most ${MAX_PROJECTS} go into one call.`, [
      'projectIds',
    ]);
  return ids.slice(0, MAX_PROJECTS).map((id, i) => faults.id('Project', id, ['projectIds', i]));
}
