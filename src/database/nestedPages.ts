import type { Part } from './keyset.ts';
import { type Batch, batch, groupBy } from './loader.ts';

/** A part of the list of one parent. */
interface Wanted<Parent> {
  parent: Parent;
  part: Part;
}

/**
 * Lists inside of a list (the responses of each item of a page): equal parts of the lists of many parents, asked for in the
 * same tick, are read by one statement. `read` answers the rows of all parents, each parent's in order.
 */
export const partsOf = <Asker, Parent extends { id: string }, Row extends { parentId: string }>(
  read: (asker: Asker, part: Part, parents: readonly Parent[]) => Promise<Row[]>,
): Batch<Asker, Wanted<Parent>, Row[]> =>
  batch(async (asker, wanted) => {
    const found = new Map<Wanted<Parent>, Row[]>();
    for (const alike of groupBy(wanted, ({ part }) => part.key).values()) {
      const rows = groupBy(
        await read(
          asker,
          alike[0]!.part,
          alike.map(({ parent }) => parent),
        ),
        ({ parentId }) => parentId,
      );
      for (const want of alike) found.set(want, rows.get(want.parent.id) ?? []);
    }
    return found;
  });
