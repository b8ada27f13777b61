import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { lockOrigins } from '../item/item.change.ts';
import { newId } from '../kernel/ids.ts';
import type { HereProject, Importing } from './importing.ts';
import type { Place } from './report.ts';
import { count, remark } from './report.ts';

/** Where an item comes from, by ids there: another item, or an RFI. */
export interface Origin {
  project: HereProject;
  place: Place;
  item: string | null;
  rfi: string | null;
}

const CHUNK = 1_000;

/**
 * Says where items come from, now that all are here. One whose origin is not here keeps none, nor does one that would come from itself.
 * An item that has an origin keeps it, whoever gave it. The version stays: a link is no change of the item.
 */
export async function writeOrigins(importing: Importing): Promise<void> {
  const origins = [...importing.origins];
  const [ofItems, ofRfis] = [origins.filter(([, { item }]) => item), origins.filter(([, { item }]) => !item)];
  if (ofItems.length > 0) await writeItemOrigins(importing, ofItems);
  for (let start = 0; start < ofRfis.length; start += CHUNK)
    await writeRfiOrigins(importing, ofRfis.slice(start, start + CHUNK));
}

type OriginOf = [item: string, origin: Origin];

function writeItemOrigins({ world, viewer, report }: Importing, origins: readonly OriginOf[]): Promise<void> {
  return transaction(world, async (act) => {
    await lockOrigins(act, viewer);
    const ids = await idsOf(
      act,
      viewer.companyId,
      origins.flatMap(([item, origin]) => [item, origin.item!]),
    );
    const { rows } = await sql<{ id: string; origin: string }>`
      select id, origin_item_id as origin from items
      where company_id = ${viewer.companyId} and origin_item_id is not null`.execute(act.db);
    const lines = new Map(rows.map(({ id, origin }) => [id, origin]));
    const changed: { id: string; origin: string }[] = [];
    for (const [item, { item: from, place }] of origins) {
      const [id, origin] = [ids.get(item), ids.get(from!)];
      if (!id) continue;
      const why = !origin ? 'is not here' : !lines.has(id) && comesFrom(lines, origin, id) ? 'comes from it' : null;
      if (why) remark(report, 'items', place, `its origin, item ${from}, ${why}: it has none.`);
      else if (!lines.has(id)) {
        lines.set(id, origin!);
        changed.push({ id, origin: origin! });
      }
    }
    for (let start = 0; start < changed.length; start += CHUNK) {
      const chunk = changed.slice(start, start + CHUNK);
      await sql`
        update items set origin_item_id = given.origin
        from unnest(${chunk.map(({ id }) => id)}::uuid[], ${chunk.map(({ origin }) => origin)}::uuid[]) as given(id, origin)
        where items.id = given.id and items.origin_topic_id is null`.execute(act.db);
    }
  });
}

/** Whether an item is another one, or comes from it by however many steps. */
function comesFrom(lines: ReadonlyMap<string, string>, id: string, other: string): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = id; at && !seen.has(at); at = lines.get(at)) {
    if (at === other) return true;
    seen.add(at);
  }
  return false;
}

async function idsOf({ db }: Act, companyId: string, externalIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; externalId: string }>`
    select id, external_id as "externalId" from items
    where company_id = ${companyId} and external_id = any(${externalIds}::text[])`.execute(db);
  return new Map(rows.map(({ id, externalId }) => [externalId, id]));
}

/** RFIs are external topics; those that nobody has told of yet are called by their ids. */
function writeRfiOrigins({ world, viewer, report }: Importing, origins: readonly OriginOf[]): Promise<void> {
  return transaction(world, async (act) => {
    const named = [
      ...new Map(origins.map(([, { project, rfi }]) => [`${project.id} ${rfi}`, { project, rfi: rfi! }])).values(),
    ];
    const { rows: made } = await sql`
      insert into external_topics (id, company_id, created_at, updated_at, project_id, topic_type, external_id, title)
      select id, ${viewer.companyId}, ${act.now}, ${act.now}, project_id, 'RFI', external_id, 'RFI ' || external_id
      from unnest(
        ${named.map((_, n) => newId(act.now, n))}::uuid[],
        ${named.map(({ project }) => project.id)}::uuid[],
        ${named.map(({ rfi }) => rfi)}::text[]
      ) as given(id, project_id, external_id)
      on conflict (company_id, project_id, topic_type, external_id) do nothing returning id`.execute(act.db);
    count(report, 'topics', 'made', made.length);
    count(report, 'topics', 'unchanged', named.length - made.length);
    await sql`
      update items set origin_topic_id = topic.id
      from unnest(
        ${origins.map(([item]) => item)}::text[],
        ${origins.map(([, { project }]) => project.id)}::uuid[],
        ${origins.map(([, { rfi }]) => rfi)}::text[]
      ) as given(item, project_id, external_id)
      join external_topics topic on topic.company_id = ${viewer.companyId} and topic.project_id = given.project_id
        and topic.topic_type = 'RFI' and topic.external_id = given.external_id
      where items.company_id = ${viewer.companyId} and items.external_id = given.item
        and items.origin_topic_id is null and items.origin_item_id is null`.execute(act.db);
  });
}
