import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { Item } from '../item/item.graph.ts';
import type { ItemRow } from '../item/item.queries.ts';
import { Response } from '../response/response.graph.ts';
import type { ResponseRow } from '../response/response.queries.ts';
import { type Hit, highlightsOf, isResponse, type SearchKind } from './search.hits.ts';
import type { HighlightPart } from './search.policy.ts';
import { search } from './search.queries.ts';

const SearchKindEnum = builder.enumType('SearchKind', {
  description: 'What can be looked for.',
  values: {
    ITEM: { description: 'Items: number, title, description and their custom fields of type STRING and RICH_TEXT.' },
    RESPONSE: { description: 'Responses to items: what they say.' },
  } satisfies Record<SearchKind, { description: string }>,
});

const SearchHit = builder.unionType('SearchHit', {
  types: [Item, Response],
  description: 'What a search finds.',
  resolveType: (hit) => (isResponse(hit as ItemRow | ResponseRow) ? 'Response' : 'Item'),
});

const HighlightPartRef = builder.objectRef<HighlightPart>('HighlightPart').implement({
  description: 'A piece of plain text, never HTML: show it as text.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The text, with its case and accents.' }),
    isHit: t.exposeBoolean('isHit', { description: 'Whether it is a word that was looked for.' }),
  }),
});

const SearchResult = builder.objectRef<Hit>('SearchResult');
SearchResult.implement({
  description: 'Something that a search has found.',
  fields: (t) => ({
    hit: t.field({ type: SearchHit, description: 'What was found.', resolve: ({ hit }) => hit }),
    highlights: t.field({
      type: [HighlightPartRef],
      description:
        'Where the words are, as parts of plain text to be put together: number and title if they have any, and short pieces of description, custom fields or response around those that they have not. A line break between them, … where text is left out.',
      resolve: (hit, _args, context) => highlightsOf(hit, context),
    }),
  }),
});

const SearchResultConnection = connectionType('SearchResult', SearchResult);

builder.queryField('search', (t) =>
  t.field({
    type: SearchResultConnection,
    description:
      'Full text search over the items and responses that you see, archived items left out. Each word of the query must begin a word there; case, accents and punctuation do not matter. First where the query is the number or the position ("DR-interior-002", "interior 2", "2"), then where the number begins with it, where all words stand in number or title, where they begin words there, and all others with the responses; the newest first among equals.',
    args: {
      query: t.arg.string({
        required: true,
        description:
          'Up to 10 words in 255 characters (BAD_USER_INPUT beyond). Where nothing of it is a letter or a digit, nothing is found.',
      }),
      projectIds: t.arg.idList({
        description:
          'Only in these projects, at most 50; all if left out. Those that you do not see have nothing to find.',
      }),
      kinds: t.arg({ type: [SearchKindEnum], description: 'Only these kinds; all if left out.' }),
      first: t.arg.int({ description: 'How many from the start: 0 to 100, by default 25.' }),
      after: t.arg.string({ description: 'Only what comes after this cursor, which must be of a search.' }),
    },
    resolve: (_root, args, context) => search(context, args),
  }),
);
