import { deepStrictEqual } from 'node:assert';
import type { Client } from 'pg';
import { audiencesHeld, audiencesOf } from '../../../src/item/item.policy.ts';
import { sortKey } from '../../../src/kernel/text.ts';
import type { AccessLevel } from '../../../src/permission/permission.policy.ts';
import { numberKeyOf, numberOf, type StatusCategory, statusSortKey } from '../../../src/tool/tool.policy.ts';
import { idOf, PEOPLE } from './sizes.ts';

const SAMPLE = 400;

/** Holds a sample of the rows against the gateway's own rules, and what the people of W5 see against what they shall. Throws at the first fault. */
export async function checkSample(client: Client, items: number): Promise<void> {
  const numbers = Array.from({ length: SAMPLE }, (_, n) => 1 + Math.floor((n * (items - 1)) / SAMPLE));
  const { rows } = await client.query<Sampled>(
    `select i.id, i.private, i.position, i.number, i.number_key as "numberKey", i.title, i.title_key as "titleKey",
       i.created_by_id as "createdById", s.category, s.name as "statusName", s.sort_key as "statusKey", t.abbreviation,
       array(select audience from item_audiences a where a.item_id = i.id order by audience) as audiences,
       (select json_agg(json_build_object('id', u.id, 'vendorId', u.vendor_id)) from users u
        where u.id in (select i.created_by_id union select i.received_from_id union select user_id from item_people where item_id = i.id)
       ) as involved
     from items i join generic_tool_statuses s on s.id = i.status_id join generic_tools t on t.id = i.generic_tool_id
     where i.id = any($1)`,
    [numbers.map((n) => idOf('item', n))],
  );
  deepStrictEqual(rows.length, SAMPLE);
  for (const row of rows) {
    deepStrictEqual(row.audiences, audiencesOf(row).sort(), `audiences of ${row.id}`);
    deepStrictEqual(row.number, numberOf(row.abbreviation, row.position));
    deepStrictEqual(row.numberKey, numberKeyOf(row.abbreviation, row.position));
    deepStrictEqual(row.titleKey, sortKey(row.title));
    deepStrictEqual(row.statusKey, statusSortKey(row.category, row.statusName));
  }
  for (const [person, granularPermissions] of [
    ['few', []],
    ['fewOfVendor', ['VIEW_VENDOR_ITEMS']],
  ] as const) {
    const { rows: users } = await client.query('select id, vendor_id as "vendorId" from users where id = $1', [
      idOf('user', PEOPLE[person]),
    ]);
    const grant = { accessLevel: 'READ_ONLY' as AccessLevel, granularPermissions };
    const { rows: seen } = await client.query(
      `select count(distinct item_id)::int as count from item_audiences
       where project_id = $1 and generic_tool_id = $2 and audience = any($3)`,
      [idOf('project', 2), idOf('tool', 1), audiencesHeld(users[0], grant, { adminsSeePrivateItems: true })],
    );
    deepStrictEqual(seen[0].count, 100, `what ${person} sees in project 2`);
  }
}

interface Sampled {
  id: string;
  private: boolean;
  position: string;
  number: string;
  numberKey: string;
  title: string;
  titleKey: string;
  createdById: string;
  category: StatusCategory;
  statusName: string;
  statusKey: string;
  abbreviation: string | null;
  audiences: string[];
  involved: { id: string; vendorId: string | null }[];
}
