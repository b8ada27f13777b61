import { follow, type MaybePromise } from '../database/loader.ts';
import { userById, vendorById } from '../directory/directory.queries.ts';
import { placeOf } from '../directory/standing.queries.ts';
import type { Context } from '../graph/context.ts';
import { referenceLabel } from '../reference/reference.policy.ts';
import { referenceNamed } from '../reference/reference.queries.ts';
import { type CustomFieldRow, customFieldById } from '../tool/customField.queries.ts';
import { type CustomValue, shownCustomValue } from '../tool/customValue.policy.ts';
import { customFieldsAt } from '../tool/fieldset.queries.ts';
import { customFieldOf, customValueOf } from './item.customValues.ts';
import { type Change, HISTORY_LABELS, type HistoryField } from './item.history.ts';
import type { ItemRow } from './item.queries.ts';

/** A custom field of an item, and what the item has in it. */
export interface ShownValue {
  field: CustomFieldRow;
  value: CustomValue | null;
}

/**
 * The custom fields of an item in the order of its fieldset: those in use and visible, with or without a value; of those that are hidden
 * or out of use, such as have one. What the fieldset does not have is kept and not shown.
 */
export function customFieldsOf(
  { loads }: Context,
  item: Pick<ItemRow, 'projectId' | 'genericToolId' | 'customValues'>,
): MaybePromise<ShownValue[]> {
  return follow(loads.at(customFieldsAt, placeOf(item.projectId, item.genericToolId)), (placed) => {
    const shown = (placed ?? []).filter(
      ({ id, visible, active }) => (visible && active) || customValueOf(item.customValues, id) !== null,
    );
    return follow(
      loads.allAt(
        customFieldById,
        shown.map(({ id }) => id),
      ),
      (fields) => fields.map((field) => ({ field, value: valueIn(item, field) })),
    );
  });
}

/** What an item has in a custom field; null when nothing. */
export const valueIn = ({ customValues }: Pick<ItemRow, 'customValues'>, field: CustomFieldRow): CustomValue | null =>
  field.dataType === 'READ_ONLY' ? field.defaultValue : customValueOf(customValues, field.id);

/** A value as screens show it; empty when there is none. */
export function displayedValue({ loads }: Context, { field, value }: ShownValue): MaybePromise<string> {
  if (value === null) return '';
  const ids = [value].flat() as string[];
  const show = (names: Map<string, string>) => {
    const called = (id: string) => names.get(id) ?? '';
    return shownCustomValue(field, value, { user: called, vendor: called, location: called });
  };
  const named = <Row extends { id: string }>(rows: Row[], nameOf: (row: Row) => string) =>
    show(new Map(rows.map((row) => [row.id, nameOf(row)])));
  switch (field.dataType) {
    case 'USER':
    case 'USERS':
      return follow(loads.allAt(userById, ids), (users) => named(users, ({ name }) => name));
    case 'COMPANY':
      return follow(loads.allAt(vendorById, ids), (vendors) => named(vendors, ({ name }) => name));
    case 'LOCATION':
      return follow(loads.allAt(referenceNamed, ids), (locations) => named(locations, referenceLabel));
    default:
      return show(new Map());
  }
}

/** What screens call a field that history speaks of: a custom one by its label now, one of imported history that we do not know as it is. */
export function labelOf({ loads }: Context, field: Change['field']): MaybePromise<string> {
  const id = customFieldOf(field);
  return id === null
    ? (HISTORY_LABELS[field as HistoryField] ?? field)
    : follow(loads.the(customFieldById, id), ({ label }) => label);
}
