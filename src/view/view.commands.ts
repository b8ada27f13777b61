import { type RawBuilder, sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { Refused, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults, type Path } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import { checkContent, type ViewContent } from './view.input.ts';
import {
  type Asker,
  canSeeView,
  MAX_OWN_VIEWS,
  MAX_SHARED_VIEWS,
  refuseChange,
  refuseNewView,
  type ViewFacts,
} from './view.policy.ts';

export interface SaveViewInput extends ViewContent {
  id?: string | null;
  projectId: string;
  name: string;
  shared?: boolean | null;
}

/** Saves a view of a project under a name, or changes one that is there; gives its id. Nobody sees more by it than without. */
export async function saveView(context: Context, input: SaveViewInput): Promise<string> {
  const { world, viewer } = context;
  const faults = new Faults();
  const projectId = faults.id('Project', input.projectId, ['projectId']);
  const knownId = input.id == null ? null : faults.id('SavedView', input.id, ['id']);
  const name = faults.requiredText(input.name, ['name'], 'the name');
  await checkContent(context, faults, input);
  faults.refuse();
  return transaction(world, async (act) => {
    const place = await lockPlace(act, viewer, projectId);
    if (!place) throw unknown('Project', input.projectId, ['projectId']);
    const known = knownId === null ? null : await viewToChange(act, place, knownId, input.id!);
    const refusal = known ? null : refuseNewView(place.asker, place.name);
    if (refusal) refuse('FORBIDDEN', refusal, ['projectId']);
    const shared = input.shared === undefined ? (known?.shared ?? false) : (input.shared ?? false);
    const view = { id: known?.id ?? newId(act.now), ownerId: known?.ownerId ?? viewer.id, name, shared };
    await refuseTaken(act, projectId, view);
    await refuseTooMany(act, projectId, view, known);
    await write(act, { ...view, projectId, companyId: viewer.companyId }, input);
    return view.id;
  });
}

export interface DeleteViewInput {
  id: string;
}

/** Deletes a view; gives the id that it was named by. Its owner may, and company admins if it is shared. */
export async function deleteView({ world, viewer }: Context, input: DeleteViewInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('SavedView', input.id, ['id']);
  faults.refuse();
  await transaction(world, async (act) => {
    const known = await act.db.selectFrom('saved_views').select('projectId').where('id', '=', id).executeTakeFirst();
    const place = known && (await lockPlace(act, viewer, known.projectId));
    if (!place) throw unknown('SavedView', input.id, ['id']);
    await viewToChange(act, place, id, input.id);
    await act.db.deleteFrom('saved_views').where('id', '=', id).execute();
  });
  return input.id;
}

function unknown(type: string, id: string, path: Path): Refused {
  const faults = new Faults();
  faults.notFound(type, id, path);
  return new Refused(faults.errors);
}

/** A project whose views are being changed, and what the viewer is in it at this moment. */
interface Place {
  id: string;
  name: string;
  asker: Asker;
}

/** Takes the row of a project that the viewer sees until the act ends: whoever saves views of it waits for the other. */
async function lockPlace({ db }: Act, viewer: Viewer, id: string): Promise<Place | null> {
  const { rows } = await sql<{ name: string; isMember: boolean; isCompanyAdmin: boolean }>`
    select p.name, exists (select 1 from project_members m where m.project_id = p.id and m.user_id = ${viewer.id}) as "isMember",
      exists (select 1 from users u where u.id = ${viewer.id} and u.active and u.is_company_admin) as "isCompanyAdmin"
    from projects p where p.id = ${id} and p.company_id = ${viewer.companyId} for no key update of p`.execute(db);
  const [row] = rows;
  return row && (row.isMember || row.isCompanyAdmin) ? { id, name: row.name, asker: { ...row, id: viewer.id } } : null;
}

type Known = ViewFacts & { id: string };

/** A view of that project that is seen and may be changed; NOT_FOUND or FORBIDDEN when not. */
async function viewToChange({ db }: Act, { id: projectId, asker }: Place, id: string, gid: string): Promise<Known> {
  const view = await db
    .selectFrom('saved_views')
    .select(['id', 'ownerId', 'name', 'shared'])
    .where('id', '=', id)
    .where('projectId', '=', projectId)
    .executeTakeFirst();
  if (!view || !canSeeView(asker, view)) throw unknown('SavedView', gid, ['id']);
  const refusal = refuseChange(asker, view);
  if (refusal) refuse('FORBIDDEN', refusal, ['id']);
  return view;
}

async function refuseTaken({ db }: Act, projectId: string, { id, ownerId, name }: Known): Promise<void> {
  const taken = await db
    .selectFrom('saved_views')
    .select('name')
    .where('projectId', '=', projectId)
    .where('ownerId', '=', ownerId)
    .where('id', '<>', id)
    .where(sql<boolean>`lower(name collate "pg_c_utf8") = lower(${name}::text collate "pg_c_utf8")`)
    .executeTakeFirst();
  if (taken) refuse('TAKEN', `There is a view "${taken.name}" of the same owner already.`, ['name']);
}

async function refuseTooMany({ db }: Act, projectId: string, view: Known, known: Known | null): Promise<void> {
  const { rows } = await sql<{ own: number; shared: number }>`
    select count(*) filter (where owner_id = ${view.ownerId})::int as own, count(*) filter (where shared)::int as shared
    from saved_views where project_id = ${projectId}`.execute(db);
  const { own, shared } = rows[0]!;
  if (!known && own >= MAX_OWN_VIEWS)
    refuse('TOO_MANY', `You have ${own} views of this project; at most ${MAX_OWN_VIEWS} are kept.`);
  if (view.shared && !known?.shared && shared >= MAX_SHARED_VIEWS)
    refuse('TOO_MANY', `${shared} views of this project are shared; at most ${MAX_SHARED_VIEWS} can be.`, ['shared']);
}

/** Writes a view; of one that is there what was not given stays. */
async function write(
  { db, now }: Act,
  view: Known & { projectId: string; companyId: string },
  { filter, orderBy, columns }: ViewContent,
): Promise<void> {
  const given = (value: unknown, column: RawBuilder<unknown>) =>
    value === undefined ? sql`saved_views.${column}` : sql`excluded.${column}`;
  await sql`
    insert into saved_views (
      id, company_id, created_at, updated_at, project_id, owner_id, name, name_key, shared, filter, order_by, columns)
    values (${view.id}, ${view.companyId}, ${now}, ${now}, ${view.projectId}, ${view.ownerId}, ${view.name}, ${sortKey(view.name)},
      ${view.shared}, ${JSON.stringify(filter ?? {})}::json, ${JSON.stringify(orderBy ?? [])}::json, ${columns ?? []}::text[])
    on conflict (id) do update set updated_at = ${now}, name = excluded.name, name_key = excluded.name_key,
      shared = excluded.shared, filter = ${given(filter, sql`filter`)}, order_by = ${given(orderBy, sql`order_by`)},
      columns = ${given(columns, sql`columns`)}`.execute(db);
}
