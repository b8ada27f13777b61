import { afterAll, beforeAll, expect, test } from 'vitest';
import { sightOf } from '../../src/item/sight.queries.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { readTable } from '../kit/oracle.ts';
import type { Person } from '../kit/world.ts';
import { CAST, type Part } from './cast.ts';
import { type Asked, byTheirIds, everyWay, found } from './look.ts';
import { createPlay, type Piece, type Play } from './play.ts';

/** Who sees what (domain.md 3): a row for each kind of person; `archived` says whether archived items show by the same cells. */
const TABLE = readTable(`
| who                                              | Draft | Draft, private | Draft, super private | issued | issued, private | issued, super private | archived |
|--------------------------------------------------|-------|----------------|----------------------|--------|-----------------|-----------------------|----------|
| creator                                          | yes   | yes            | yes                  | yes    | yes             | yes                   | -        |
| assignee                                         | -     | -              | -                    | yes    | yes             | yes                   | -        |
| distribution                                     | -     | -              | -                    | yes    | yes             | yes                   | -        |
| received-from                                    | -     | -              | -                    | yes    | yes             | yes                   | -        |
| reader                                           | -     | -              | -                    | yes    | -               | -                     | -        |
| reader with VIEW_VENDOR_ITEMS and a colleague    | -     | -              | -                    | yes    | yes             | yes                   | -        |
| ADMIN                                            | yes   | yes            | -                    | yes    | yes             | -                     | yes      |
| ADMIN with VIEW_VENDOR_ITEMS and a colleague     | yes   | yes            | -                    | yes    | yes             | yes                   | yes      |
| ADMIN, assignee                                  | yes   | yes            | -                    | yes    | yes             | yes                   | yes      |
| ADMIN, creator                                   | yes   | yes            | yes                  | yes    | yes             | yes                   | yes      |
| nobody                                           | -     | -              | -                    | -      | -               | -                     | -        |
`);

let play: Play;
beforeAll(async () => {
  play = await createPlay();
});
afterAll(() => play[Symbol.asyncDispose]());

function mustSee(part: Part, piece: Piece): boolean {
  const row = TABLE.get(piece.creator === part ? part.own! : part.row)!;
  return row.get(piece.column) === 'yes' && (!piece.archived || row.get('archived') === 'yes');
}

const ask = (who: Person, document: string) => {
  const company = who.companyId === play.home.id ? play.home : play.abroad;
  return play.ask(who, document, { company: company.gid, project: play.tower.gid });
};

/** What each way of looking must show somebody who sees these: lists with others first, the newest first in two of them. */
function everywhere(seen: readonly Piece[]): Record<string, string[]> {
  const gidsOf = (pieces: readonly Piece[]) => pieces.map(({ gid }) => gid);
  const live = gidsOf(seen.filter(({ archived }) => !archived));
  const archived = gidsOf(seen.filter((piece) => piece.archived));
  const both = gidsOf(seen);
  const lists = (where: string) => ({
    [`${where} newest`]: live.toReversed(),
    [`${where} numbered`]: live,
    [`${where} newestArchived`]: archived.toReversed(),
    [`${where} numberedArchived`]: archived,
  });
  return {
    ...lists('project'),
    ...lists('company'),
    ...{ ids: live, numberedIds: live, archivedIds: archived },
    ...{ nodes: both, item: both, node: both, externalNode: both },
    ...{ response: both, change: both, attachment: both },
    ...{
      words: live.toReversed(),
      'items by words': live,
      'responses by words': seen.filter(({ archived }) => !archived).map(({ response }) => response),
    },
  };
}

const viewers = CAST.filter(({ inactive }) => !inactive);

test.each(viewers)('$name sees what their rows of the table say ($row), by every way', async (part) => {
  const { data, errors } = await ask(play.people.get(part)!, everyWay(play.pieces));
  expect(errors).toBe(undefined);
  const seen = play.pieces.filter((piece) => mustSee(part, piece));
  expect(found(data, play.pieces)).toEqual(everywhere(seen));
  const live = seen.filter(({ archived }) => !archived);
  const counts: { count: number }[] = data.project?.itemStatistics ?? [];
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(data.project ? live.length : 0);
  // an export of a list has private items for ADMINs alone (domain.md 3, "export a list")
  const exported = live.filter(({ column }) => part.level === 'ADMIN' || !column.includes('private'));
  expect(await titlesIn(data.project?.csv)).toEqual(exported.map(({ title }) => title).toSorted());
});

/** The titles that a list exported as CSV has. */
async function titlesIn(csvUrl: string | undefined): Promise<string[]> {
  if (!csvUrl) return [];
  const lines = (await (await play.openLink(csvUrl)).text()).trim().split('\r\n');
  return lines.slice(1).toSorted();
}

test('those who tell of acts know of everybody at once who sees what', async () => {
  const people = [...CAST.map((part) => play.people.get(part)!), play.elsa, play.fay];
  const idsOf = (things: readonly { id: string }[]) => things.map(({ id }) => id);
  const told = await sightOf(play.db, newId(play.clock.now()), idsOf(play.pieces), idsOf(people));
  const must = viewers.flatMap((part) =>
    play.pieces.filter((piece) => mustSee(part, piece)).map((piece) => `${play.people.get(part)!.id} ${piece.id}`),
  );
  expect(must.length).toBeGreaterThan(500);
  expect(told.map(({ userId, itemId }) => `${userId} ${itemId}`).sort()).toEqual(must.sort());
  // nothing was changed: whoever sees saw
  expect(told.filter(({ sees, saw }) => !sees || !saw)).toEqual([]);
});

test('rights in another project, or in another company, or none since somebody is not active any more, show nothing', async () => {
  const { pieces } = play;
  for (const who of [play.elsa, play.fay]) {
    const { data, errors } = await ask(who, everyWay(pieces));
    expect(errors).toBe(undefined);
    expect(found(data, pieces)).toEqual(everywhere([]));
  }
  const ivan = play.people.get(CAST.find(({ inactive }) => inactive)!)!;
  expect((await ask(ivan, everyWay(pieces))).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

/** As many items that never existed. */
const ghostsOf = (asked: Asked): Asked =>
  asked.map((_, n) => ({
    gid: toGlobalId('Item', newId(play.clock.now())),
    externalId: `ghost ${n}`,
    response: toGlobalId('Response', newId(play.clock.now())),
    change: toGlobalId('ItemChange', newId(play.clock.now())),
    attachment: toGlobalId('Attachment', newId(play.clock.now())),
  }));

/** One item of each column, live and archived, of those that somebody does not see. */
function hiddenFrom(part: Part): Piece[] {
  const hidden = play.pieces.filter((piece) => !mustSee(part, piece));
  return [...new Map(hidden.map((piece) => [`${piece.column} ${piece.archived}`, piece])).values()];
}

test.each(viewers)('what $name does not see answers to the letter as what never existed', async (part) => {
  const who = play.people.get(part)!;
  const hidden = hiddenFrom(part);
  expect(await ask(who, byTheirIds(hidden))).toEqual(await ask(who, byTheirIds(ghostsOf(hidden))));
});
