import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ITEM_ORDER_FIELDS } from '../../src/item/item.order.ts';
import type { Payload } from '../kit/office.ts';
import type { Person, Thing } from '../kit/world.ts';
import { createSecret, type Secret } from './secret.ts';

let office: Secret;
beforeAll(async () => {
  office = await createSecret();
});
afterAll(() => office[Symbol.asyncDispose]());

const LIST = 'nodes { id } edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage }';
const list = async (who: Person, args: Record<string, unknown>): Promise<Payload> =>
  (
    await office.get(
      who,
      `query ($filter: ItemFilter, $orderBy: [ItemOrder!], $first: Int, $after: String, $last: Int, $before: String) {
        items(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) { ${LIST} } }`,
      args,
    )
  ).items;
const idsOf = ({ nodes }: Payload): string[] => nodes.map(({ id }: Thing) => id);

describe('filters', () => {
  const finding = (): Record<string, object> => ({
    ids: { ids: [office.hidden.id] },
    title: { title: { contains: 'secret' } },
    query: { query: 'classified' },
    'status by name': { statusName: { eq: 'Won' } },
    'status by id': { status: { eq: office.review.statuses.Won!.gid } },
    category: { statusCategory: { eq: 'CLOSED_SUCCESSFUL' } },
    private: { private: { eq: true } },
    creator: { createdBy: { eq: office.hal.gid } },
    'received from': { receivedFrom: { eq: office.hal.gid } },
    'somebody it was received from': { receivedFrom: { null: false } },
    assignee: { assignee: { in: [office.hal.gid] } },
    distribution: { distributionMember: { null: false } },
    vendor: { vendor: { eq: vendorId } },
    'due date': { dueDate: { eq: '2026-04-02' } },
    closed: { closedAt: { null: false } },
    'not the others': { not: { ids: office.seen } },
    'not the others, by what they are': { not: { title: { in: ['Alpha', 'Omega'] } } },
  });
  let vendorId: string;
  beforeAll(async () => {
    vendorId = (await office.vendor('Hidden Firm')).gid;
  });

  test('that would find it find nothing, in either order, and count nothing', async () => {
    for (const [what, filter] of Object.entries(finding()))
      for (const orderBy of [undefined, [{ field: 'NUMBER' }]]) {
        // whoever sees it finds it so, and it alone: the filter is one that would
        expect([what, idsOf(await list(office.hal, { filter, orderBy }))]).toEqual([what, [office.hidden.id]]);
        const nobody = {
          nodes: [],
          edges: [],
          totalCount: 0,
          pageInfo: { hasNextPage: false, hasPreviousPage: false },
        };
        expect([what, await list(office.rae, { filter, orderBy })]).toEqual([what, nobody]);
        expect([
          what,
          (await list(office.rae, { filter: { or: [filter, { ids: office.seen }] }, orderBy })).totalCount,
        ]).toEqual([what, 2]);
        expect([what, (await list(office.rae, { filter: { not: filter }, orderBy })).totalCount]).toEqual([what, 2]);
      }
  });
});

describe('orders and cursors', () => {
  test.each(ITEM_ORDER_FIELDS)('%s: pages of one go from one that is seen to the other', async (field) => {
    const pages = async (who: Person, direction: string) => {
      const ids: string[] = [];
      for (let after: string | null = null; ; ) {
        const { edges, pageInfo, totalCount } = await list(who, { orderBy: [{ field, direction }], first: 1, after });
        ids.push(...edges.map(({ node }: Payload) => node.id));
        if (!pageInfo.hasNextPage) return { ids, totalCount };
        after = edges[0].cursor;
      }
    };
    for (const direction of ['ASC', 'DESC']) {
      const all = (await pages(office.hal, direction)).ids;
      expect(all.toSorted()).toEqual([...office.seen, office.hidden.id].toSorted());
      const rest = all.filter((id) => id !== office.hidden.id);
      expect(await pages(office.rae, direction)).toEqual({ ids: rest, totalCount: 2 });
    }
  });

  test.each(
    ITEM_ORDER_FIELDS,
  )('%s: a cursor that points at the hidden one is a place between others, and no more', async (field) => {
    const orderBy = [{ field, direction: 'ASC' }];
    const { edges } = await list(office.hal, { orderBy });
    const place = edges.findIndex(({ node }: Payload) => node.id === office.hidden.id);
    const { cursor } = edges[place];
    const ids = edges.map(({ node }: Payload) => node.id);
    const [before, after] = [ids.slice(0, place), ids.slice(place + 1)];
    expect(await list(office.rae, { orderBy, after: cursor })).toMatchObject({
      nodes: after.map((id: string) => ({ id })),
      pageInfo: { hasNextPage: false, hasPreviousPage: before.length > 0 },
    });
    expect(await list(office.rae, { orderBy, last: 5, before: cursor })).toMatchObject({
      nodes: before.map((id: string) => ({ id })),
      pageInfo: { hasNextPage: after.length > 0, hasPreviousPage: false },
    });
  });
});
