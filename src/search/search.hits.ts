import { follow, type MaybePromise } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';
import { type ItemRow, itemById } from '../item/item.queries.ts';
import { plainText } from '../kernel/plainText.ts';
import { type ResponseRow, responseById } from '../response/response.queries.ts';
import { customFieldById } from '../tool/customField.queries.ts';
import { type HighlightPart, highlight } from './search.policy.ts';

/** What can be looked for. */
export const SEARCH_KINDS = ['ITEM', 'RESPONSE'] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** What was found, and by which words. */
export interface Hit {
  hit: ItemRow | ResponseRow;
  words: readonly string[];
}

/** Something that was found, if the viewer sees it at this moment. */
export const hitById = ({ loads }: Context, kind: SearchKind, id: string): Promise<ItemRow | ResponseRow | null> =>
  kind === 'ITEM' ? loads.load(itemById, id) : loads.load(responseById, id);

export const isResponse = (hit: ItemRow | ResponseRow): hit is ResponseRow => 'notes' in hit;

/** Where the words are in what was found. */
export function highlightsOf({ hit, words }: Hit, { loads }: Context): MaybePromise<HighlightPart[]> {
  if (isResponse(hit)) return highlight(words, [], [plainText(hit.notes)]);
  const values = hit.customValues ?? {};
  const ids = Object.keys(values).filter((key) => !key.startsWith('~'));
  return follow(loads.allAt(customFieldById, ids), (fields) => {
    const own = fields.flatMap(({ id, dataType }) => {
      if (dataType === 'STRING') return [String(values[id])];
      return dataType === 'RICH_TEXT' ? [plainText(String(values[id]))] : [];
    });
    return highlight(words, [hit.number, hit.title], [plainText(hit.description ?? ''), ...own]);
  });
}
