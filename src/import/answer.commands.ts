import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { type Attaching, attachmentSteps } from '../file/attach.write.ts';
import type { ItemContent } from '../item/item.patch.ts';
import { derivedId, newId } from '../kernel/ids.ts';
import { isIssued } from '../tool/tool.policy.ts';
import { newReference } from './attachment.policy.ts';
import type { HereTool, Importing } from './importing.ts';
import type { Ready } from './item.ready.ts';
import { count, remark, skip } from './report.ts';

/** An item that stands, and what was read with it. */
export interface Answered {
  ready: Ready;
  item: ItemContent;
}

/**
 * Stores the responses and the histories of items with their authors and times; a constant number of statements. Gives what is to be
 * told in the report once the transaction stands.
 */
export async function writeAnswers(
  act: Act,
  importing: Importing,
  tool: HereTool,
  items: readonly Answered[],
): Promise<(() => void)[]> {
  return [...(await writeResponses(act, importing, items)), ...(await writeChanges(act, importing, tool, items))];
}

interface HereResponse {
  id: string;
  externalId: string | null;
  itemId: string;
  position: number;
  notes: string;
  official: boolean;
  isAsImported: boolean;
}

async function writeResponses(act: Act, { viewer, report }: Importing, items: readonly Answered[]) {
  const wanted = items.flatMap(({ ready, item }) => ready.responses.map((response) => ({ ...response, item })));
  if (wanted.length === 0) return [];
  const tell: (() => void)[] = [];
  const { rows: here } = await sql<HereResponse>`
    select id, external_id as "externalId", item_id as "itemId", position, notes, official,
      updated_at = created_at as "isAsImported"
    from responses
    where item_id = any(${items.map(({ item }) => item.id)}::uuid[])
      or (company_id = ${viewer.companyId} and external_id = any(${wanted.map(({ source }) => source.externalId)}::text[]))`.execute(
    act.db,
  );
  const known = new Map(here.map((response) => [response.externalId, response]));
  const positions = new Map<string, Set<number>>();
  for (const { itemId, position } of here) positions.set(itemId, (positions.get(itemId) ?? new Set()).add(position));
  const attaching: Attaching[] = [];
  const made: ((typeof wanted)[number] & { position: number; id: string })[] = [];
  const switched: { id: string; official: boolean }[] = [];
  for (const response of wanted) {
    const { source, item, place } = response;
    const before = known.get(source.externalId);
    if (!before) {
      const taken = positions.get(item.id) ?? new Set();
      positions.set(item.id, taken);
      const position = source.position && !taken.has(source.position) ? source.position : Math.max(0, ...taken) + 1;
      taken.add(position);
      const id = newId(new Date(source.createdAt));
      made.push({ ...response, position, id });
      const added = source.attachments.map((one, n) => newReference(one, source.createdAt, n));
      attaching.push({
        ...{ projectId: item.projectId, itemId: null, responseId: id, added, removed: [] },
        origin: { createdById: response.createdById, createdAt: source.createdAt },
      });
      tell.push(() => count(report, 'attachments', 'made', added.length));
      tell.push(() => count(report, 'responses', 'made'));
    } else if (before.itemId !== item.id)
      tell.push(() => skip(report, 'responses', place, 'it belongs to another item here.'));
    else {
      if (before.notes !== source.notes)
        tell.push(() =>
          remark(report, 'responses', place, 'its text is another here: the text of a response is never edited.'),
        );
      const switches = before.official !== source.official && before.isAsImported;
      if (switches) switched.push({ id: before.id, official: source.official });
      tell.push(() => count(report, 'responses', switches ? 'changed' : 'unchanged'));
      tell.push(() => count(report, 'attachments', 'unchanged', source.attachments.length));
    }
  }
  if (made.length > 0)
    await sql`
      with given as (select) ${attachmentSteps(act, viewer, attaching)}
      insert into responses (id, company_id, created_at, updated_at, external_id, project_id, item_id, position, notes, official,
        status_id, created_by_id)
      select id, ${viewer.companyId}, created_at, created_at, external_id, project_id, item_id, position, notes, official,
        status_id, created_by_id
      from unnest(
        ${made.map(({ id }) => id)}::uuid[],
        ${made.map(({ source }) => source.createdAt)}::timestamptz[],
        ${made.map(({ source }) => source.externalId)}::text[],
        ${made.map(({ item }) => item.projectId)}::uuid[],
        ${made.map(({ item }) => item.id)}::uuid[],
        ${made.map(({ position }) => position)}::integer[],
        ${made.map(({ source }) => source.notes)}::text[],
        ${made.map(({ source }) => source.official)}::boolean[],
        ${made.map(({ statusId }) => statusId)}::uuid[],
        ${made.map(({ createdById }) => createdById)}::uuid[]
      ) as made(id, created_at, external_id, project_id, item_id, position, notes, official, status_id, created_by_id)`.execute(
      act.db,
    );
  // updated_at stays what it was: a response is as it was imported until somebody here switches it
  if (switched.length > 0)
    await sql`
      update responses set official = given.official
      from unnest(${switched.map(({ id }) => id)}::uuid[], ${switched.map(({ official }) => official)}::boolean[]) as given(id, official)
      where responses.id = given.id`.execute(act.db);
  return tell;
}

/** The changes of the histories; those that are here already are known by their ids, which follow from those there. */
async function writeChanges(act: Act, { viewer, report }: Importing, tool: HereTool, items: readonly Answered[]) {
  const rows = items.flatMap(({ ready, item }) =>
    (ready.changes ?? []).map(({ source, createdById }) => ({
      ...source,
      createdById,
      item,
      id: derivedId(new Date(source.createdAt), `${viewer.companyId} item change ${source.externalId}`),
      inDraft: isInDraft(tool, item, source),
    })),
  );
  if (rows.length === 0) return [];
  const { rows: made } = await sql`
    insert into item_changes
      (id, company_id, created_at, updated_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
    select id, ${viewer.companyId}, created_at, created_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id
    from unnest(
      ${rows.map(({ id }) => id)}::uuid[],
      ${rows.map(({ createdAt }) => createdAt)}::timestamptz[],
      ${rows.map(({ item }) => item.projectId)}::uuid[],
      ${rows.map(({ item }) => item.id)}::uuid[],
      ${rows.map(({ field }) => field)}::text[],
      ${rows.map(({ oldValue }) => oldValue)}::text[],
      ${rows.map(({ newValue }) => newValue)}::text[],
      ${rows.map(({ inDraft }) => inDraft)}::boolean[],
      ${rows.map(({ createdById }) => createdById)}::uuid[]
    ) as given(id, created_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
    on conflict (id) do nothing returning id`.execute(act.db);
  return [
    () => count(report, 'changes', 'made', made.length),
    () => count(report, 'changes', 'unchanged', rows.length - made.length),
  ];
}

/** Whether a change was made while its item was a Draft, and is for its creator and ADMINs. That it was issued is no secret of the Draft. */
function isInDraft(
  tool: HereTool,
  { category, issuedAt }: ItemContent,
  { field, newValue, createdAt }: { field: string; newValue: string | null; createdAt: string },
): boolean {
  if (!isIssued(category)) return true;
  const status = field === 'status' ? tool.statuses.get(newValue?.toLowerCase() ?? '') : undefined;
  if (status && isIssued(status.category)) return false;
  return createdAt < issuedAt!;
}
