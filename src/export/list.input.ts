import type { Context } from '../graph/context.ts';
import { customFieldsAsked } from '../item/item.customFilter.ts';
import { type ItemFilterInput, itemMatches } from '../item/item.filter.ts';
import { type ItemOrderInput, itemOrder } from '../item/item.order.ts';
import { badUserInput } from '../kernel/errors.ts';
import { columnsNamed } from './column.queries.ts';
import { linkToList } from './export.links.ts';
import type { ExportFormat } from './list.export.ts';

export interface ExportArgs {
  format: ExportFormat;
  filter?: ItemFilterInput | null;
  orderBy?: readonly ItemOrderInput[] | null;
  columns?: readonly string[] | null;
}

// what proxies take in one line by default (nginx: 8k), with room for the method and its like
const MAX_ADDRESS = 8_000;

/** A link to the file of a list of a project. What a list would refuse, or is no column, is BAD_USER_INPUT; so is what makes no address. */
export async function exportUrl(
  context: Context,
  projectId: string,
  { format, filter, orderBy, columns }: ExportArgs,
): Promise<string> {
  const { viewer, world } = context;
  const customFields = await customFieldsAsked(context, filter, orderBy);
  itemMatches(filter, { viewerId: viewer.id, now: world.clock.now(), customFields });
  itemOrder(orderBy, customFields);
  const [fault] = (await columnsNamed(context, columns)).faults;
  if (fault) throw badUserInput(`columns${fault.place === null ? '' : `.${fault.place}`}: ${fault.message}`);
  const wanted = {
    projectId,
    format,
    filter: filter ?? {},
    orderBy: orderBy ?? [],
    columns: columns ?? [],
    name: null,
  };
  const url = linkToList(context, wanted);
  if (url.length > MAX_ADDRESS)
    throw badUserInput(
      `filter: it makes an address of ${url.length} characters; ${MAX_ADDRESS} are what servers take. Save it as a view (saveView): the address of that is short.`,
    );
  return url;
}
