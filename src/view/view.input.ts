import { columnsNamed } from '../export/column.queries.ts';
import type { Context } from '../graph/context.ts';
import { customFieldsAsked } from '../item/item.customFilter.ts';
import { type ItemFilterInput, itemMatches } from '../item/item.filter.ts';
import { type ItemOrderInput, itemOrder } from '../item/item.order.ts';
import { NotAnId } from '../kernel/errors.ts';
import type { Faults } from '../kernel/input.ts';

/** What a view shows; absent parts of one that is changed stay as they are, null clears. */
export interface ViewContent {
  filter?: ItemFilterInput | null;
  orderBy?: readonly ItemOrderInput[] | null;
  columns?: readonly string[] | null;
}

// the longest that a person puts together has some 50 names in it: 3,000
const MAX_FILTER = 20_000;

/** Adds to the faults whatever no list could be asked for with: what a query refuses. */
export async function checkContent(
  context: Context,
  faults: Faults,
  { filter, orderBy, columns }: ViewContent,
): Promise<void> {
  const customFields = await customFieldsAsked(context, filter, orderBy);
  const asker = { viewerId: context.viewer.id, now: context.world.clock.now(), customFields };
  checked(faults, 'filter', () => itemMatches(filter, asker));
  checked(faults, 'orderBy', () => itemOrder(orderBy, asker.customFields));
  const { length } = JSON.stringify(filter ?? {});
  if (length > MAX_FILTER)
    faults.add('TOO_LONG', `The filter has ${length} characters as JSON; at most ${MAX_FILTER} are kept.`, ['filter']);
  for (const { code, message, place } of (await columnsNamed(context, columns)).faults)
    faults.add(code, message, ['columns', ...(place === null ? [] : [place])]);
}

/** What is BAD_USER_INPUT in a query is INVALID here, at the place that its sentence begins with; NOT_FOUND if it is an id. */
function checked(faults: Faults, name: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    const { message, extensions } = error as Error & { extensions?: { code?: unknown } };
    if (extensions?.code !== 'BAD_USER_INPUT') throw error;
    const place = new RegExp(`^${name}(\\.\\w+)*`).exec(message)?.[0] ?? name;
    faults.add(error instanceof NotAnId ? 'NOT_FOUND' : 'INVALID', message, place.split('.'));
  }
}
