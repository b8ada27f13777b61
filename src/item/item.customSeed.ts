import { type RawBuilder, sql } from 'kysely';
import { canonicalDecimal } from '../kernel/decimal.ts';
import { uuidOf } from '../kernel/ids.ts';
import { sortKey } from '../kernel/text.ts';
import type { CustomFieldRow } from '../tool/customField.queries.ts';
import { referredTypeOf } from '../tool/customValue.policy.ts';
import type { IDFilter } from './item.comparators.ts';
import type { CustomFieldFilter, CustomFieldsAsked } from './item.customFilter.ts';
import { companionKey } from './item.customValues.ts';

const ASCII = /^[ -~]*$/;

/** The values that eq or in restrict to; undefined when they do not. */
const restricted = (filter: Pick<IDFilter, 'eq' | 'in'> | null | undefined): readonly string[] | undefined =>
  filter?.eq != null ? [filter.eq] : (filter?.in ?? undefined);

/** What the values of an item must contain, one of these, for a comparison to hold; null when nothing like that can be said. */
function contained(field: CustomFieldRow, filter: CustomFieldFilter, me: string): unknown[] | null {
  const { id, dataType } = field;
  const type = referredTypeOf(dataType);
  const isList = dataType === 'MULTI_SELECT' || dataType === 'USERS';
  if (type) {
    const ids: IDFilter | null | undefined = filter.option ?? filter.user ?? filter.vendor ?? filter.location;
    const wanted = restricted(ids)?.map((gid) => uuidOf(type, gid)) ?? (ids?.isMe ? [me] : null);
    return wanted?.map((uuid) => ({ [id]: isList ? [uuid] : uuid })) ?? null;
  }
  if (dataType === 'STRING') {
    const texts = restricted(filter.string);
    // keys fold more than the filter does, of letters beyond ASCII not each (item.seed.ts)
    return texts?.every((text) => ASCII.test(text))
      ? texts.map((text) => ({ [companionKey(id)]: sortKey(text) }))
      : null;
  }
  const value = filter.decimal?.eq == null ? filter.date?.eq : canonicalDecimal(filter.decimal.eq);
  return value == null ? null : [{ [id]: value }];
}

/**
 * The items that can match when a filter asks for certain values of a custom field: mostly few, and an index has them. Null when it asks
 * for none. The filter is one that itemMatches has taken.
 */
export function ofCustomValues(
  filters: readonly CustomFieldFilter[] | null | undefined,
  asked: CustomFieldsAsked,
  me: string,
): RawBuilder<unknown> | null {
  for (const filter of filters ?? []) {
    const field = asked.get(uuidOf('CustomField', filter.customFieldId) ?? '');
    const values = field && contained(field, filter, me);
    if (values)
      return sql`select i.id from items i where i.custom_values @> any(${values.map((value) => JSON.stringify(value))}::jsonb[])`;
  }
  return null;
}
