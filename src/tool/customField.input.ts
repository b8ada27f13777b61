import { uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';
import { type CustomFieldFacts, type CustomFieldType, isSelect, MAX_OPTIONS } from './customField.policy.ts';

const MAX_DESCRIPTION = 2_000;

/** Two labels that mean the same, of fields and of options. */
export const labelKey = (label: string): string => label.toLowerCase();

/** What a definition is called and how it is explained: what is undefined stays as it is. */
export function readNames(
  faults: Faults,
  input: { label?: string | null; description?: string | null },
  isNew: boolean,
): { label: string | undefined; description: string | null | undefined } {
  return {
    label: input.label === undefined && !isNew ? undefined : faults.requiredText(input.label, ['label'], 'the label'),
    description: faults.text(input.description, ['description'], 'the description', {
      max: MAX_DESCRIPTION,
      multiline: true,
    }),
  };
}

/** Labels of options to add to a field that has `known` already; each must be there once. */
export function readOptions(
  faults: Faults,
  labels: readonly string[],
  dataType: CustomFieldType,
  known: number,
  path: Path,
): string[] {
  if (labels.length > 0 && !isSelect(dataType)) {
    faults.add('INVALID', `Only SINGLE_SELECT and MULTI_SELECT have options, not ${dataType}.`, path);
    return [];
  }
  if (known + labels.length > MAX_OPTIONS) {
    faults.add('TOO_MANY', `${known + labels.length} options are too many; a field has at most ${MAX_OPTIONS}.`, path);
    return [];
  }
  const seen = new Set<string>();
  return labels.map((given, i) => {
    const at = [...path, i];
    const label = faults.requiredText(given, at, 'the label of an option');
    if (label && seen.has(labelKey(label))) faults.add('INVALID', `The option "${label}" stands there twice.`, at);
    seen.add(labelKey(label));
    return label;
  });
}

/** The ids of options that somebody wants out of use, among those of a field. */
export function readDeactivated(faults: Faults, ids: readonly string[], field: CustomFieldFacts): string[] {
  return ids.flatMap((given, i) => {
    const id = uuidOf('CustomFieldOption', given);
    if (id !== null && field.options.some((option) => option.id === id)) return [id];
    faults.notFound('CustomFieldOption', given, ['deactivateOptionIds', i]);
    return [];
  });
}
