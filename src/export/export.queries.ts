import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Part } from '../database/keyset.ts';
import { placeOf, rightAt } from '../directory/standing.queries.ts';
import type { Context } from '../graph/context.ts';
import { type ItemListArgs, listOf } from '../item/item.list.ts';
import { pageOfIds } from '../item/item.pages.ts';
import { type ItemRow, seenItems } from '../item/item.queries.ts';
import type { Right } from '../permission/permission.policy.ts';
import { grantOn } from '../permission/permission.queries.ts';
import { canExport } from './export.policy.ts';

export type ListArgs = Pick<ItemListArgs, 'filter' | 'orderBy'>;

/** The items that a list had when it was asked for, in its order. */
export interface Chosen {
  count: number;
  archived: boolean;
  /** 16 bytes each: a hundred thousand ids as texts would be ten megabytes */
  ids: readonly Buffer[];
}

// one row of the answer has so many ids
const IDS_IN_ROW = 10_000;
const BYTES = 16;

/** The SQL face of canExport, for items of one project. */
function exportable(rights: readonly Right[]): RawBuilder<SqlBool> | null {
  const toolIds = rights.filter(({ accessLevel }) => accessLevel === 'ADMIN').map(({ genericToolId }) => genericToolId);
  if (toolIds.length === rights.length) return null;
  return toolIds.length === 0
    ? sql`not i.private`
    : sql`(not i.private or i.generic_tool_id = any(${toolIds}::uuid[]))`;
}

/**
 * Which items of a project an export of a list has: one statement, so that each is in it once, at one place, whatever changes while
 * the file is written. No transaction stays open for it, and none of their content is held. At most `limit`.
 */
export async function chooseItems(context: Context, projectId: string, args: ListArgs, limit: number): Promise<Chosen> {
  const list = await listOf(context, projectId, args, exportable);
  const whole: Part = {
    key: 'all',
    where: sql`true`,
    until: sql`true`,
    from: null,
    behind: null,
    order: list.order.keys,
    limit,
  };
  const { rows } = await sql<{ ids: Buffer }>`
    with ${pageOfIds(list, whole)}
    select string_agg(uuid_send(id), ''::bytea order by place) as ids
    from page group by (place - 1) / ${sql.lit(IDS_IN_ROW)} order by min(place)`.execute(context.lagging);
  const ids = rows.map((row) => row.ids);
  return { ids, archived: list.archived, count: ids.reduce((sum, { length }) => sum + length, 0) / BYTES };
}

const uuidAt = (bytes: Buffer, place: number): string => {
  const hex = bytes.toString('hex', place, place + BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

// A statement for so many: reading and writing 250 keeps a process busy for some 10 ms. A list of 100,000
// takes 60 MB more than an idle process has, as CSV and as PDF alike. Descriptions can have 100,000 characters each
const CHUNK = 250;
const CHUNK_OF_TEXTS = 100;

/**
 * The chosen items, chunk by chunk, each read when it is asked for, by one statement that has the viewer's sight and rights of that
 * moment in it: what they see no longer is left out. `asked` are the fields wanted (storedColumns).
 */
export async function* readChosen(
  context: Context,
  { ids, archived }: Chosen,
  asked: ReadonlySet<string>,
): AsyncGenerator<ItemRow[]> {
  const size = (asked.has('description') ? CHUNK_OF_TEXTS : CHUNK) * BYTES;
  for (const bytes of ids) {
    for (let start = 0; start < bytes.length; start += size) {
      const chunk: string[] = [];
      for (let place = start; place < Math.min(start + size, bytes.length); place += BYTES)
        chunk.push(uuidAt(bytes, place));
      const { items, rights } = await seenItems(context.lagging, context.viewer, chunk, asked);
      for (const right of rights) context.loads.know(rightAt, placeOf(right.projectId, right.genericToolId), right);
      const found = new Map(items.map((item) => [item.id, item]));
      const kept: ItemRow[] = [];
      for (const id of chunk) {
        const item = found.get(id);
        if (!item || (item.archivedAt !== null) !== archived) continue;
        if (canExport(await grantOn(context, item.projectId, item.genericToolId), item)) kept.push(item);
      }
      yield kept;
    }
  }
}
