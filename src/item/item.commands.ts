import { sql } from 'kysely';
import { once } from '../database/idempotency.ts';
import { prepared } from '../database/prepared.ts';
import type { Act } from '../database/transaction.ts';
import { seesProject } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { refuse, refuseAny } from '../kernel/errors.ts';
import { newId, uuidOf } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { type Start, startHere } from '../permission/defaults.queries.ts';
import { isIssued, numberOf } from '../tool/tool.policy.ts';
import { BLANK } from './item.blank.ts';
import { lookAndDecide, writeOf } from './item.change.ts';
import { defaultValues } from './item.customValues.ts';
import { withDefaults } from './item.defaults.ts';
import { eventsOf } from './item.events.ts';
import { applyPatch, type ItemContent, type ItemPatch, type Surroundings } from './item.patch.ts';
import { refuseCreate } from './item.policy.ts';
import { countNext, lockPlace } from './item.position.ts';
import { enforceRequired } from './item.required.ts';
import { peopleIn, sourceOf, takenFrom } from './item.source.ts';
import {
  grantIn,
  type Held,
  type Place,
  rowsOf,
  type Stage,
  type StageRow,
  stageColumns,
  stageOf,
  surroundings,
  wantedFor,
} from './item.stage.ts';
import { refuseTaken } from './item.taken.ts';
import { insertItems, updateItems } from './item.write.ts';

export interface CreateItemInput {
  projectId: string;
  genericToolId: string;
  item: ItemPatch;
  originResponseId?: string | null;
  skipEmails?: boolean | null;
  idempotencyKey?: string | null;
}

/** Makes an item, a Draft unless a status is given. Answers its id. */
export const createItem = ({ world, viewer }: Context, input: CreateItemInput): Promise<string> =>
  once(world, viewer, 'createItem', input, async (act) => {
    const faults = new Faults();
    const source = await sourceOf(act, viewer, input, faults);
    const { place, stage, position, start } = await placeFor(act, viewer, input, peopleIn(source));
    const tool = stage.tools.get(place.genericToolId)!;
    const refusal = refuseCreate(grantIn(stage.rights, place), tool);
    if (refusal) refuse(refusal.code, refusal.message, ['genericToolId']);
    const around = surroundings(stage, place)!;
    const blank = withDefaults(blankItem(act, viewer, place, around, tool.privateByDefault), start, around.rules);
    if (source) Object.assign(blank, takenFrom(source, input.item, around));
    const item = applyPatch(faults, blank, input.item, ['item'], around, true);
    enforceRequired(faults, blank, item, ['item'], around, null);
    const proposal = { before: null, after: item, patch: input.item, path: ['item'], errors: faults.errors };
    await refuseTaken(act, [proposal], true);
    faults.refuse();
    if (item.position === '') {
      item.position = position!;
      item.number = numberOf(tool.abbreviation, item.position);
    }
    const events = eventsOf(null, item, [], input.skipEmails ?? false);
    await insertItems(act, viewer, [{ item, abbreviation: tool.abbreviation, events }]);
    return { answer: item.id, wrote: true };
  });

type CreateRow = StageRow & {
  seesProject: boolean;
  seesTool: boolean;
  rights: Held[];
  position: string | null;
  start: Start | null;
};

/**
 * Where an item is to be made, if the viewer sees project and tool, locked for the rest of the transaction, what new ones start with
 * there, and the next number if none is given: two statements.
 */
async function placeFor(
  act: Act,
  viewer: Viewer,
  input: CreateItemInput,
  people: readonly string[],
): Promise<{ place: Place; stage: Stage; position: string | null; start: Start | null }> {
  const faults = new Faults();
  const projectId = faults.id('Project', input.projectId, ['projectId']);
  const genericToolId = faults.id('GenericTool', input.genericToolId, ['genericToolId']);
  faults.refuse();
  const place = { projectId, genericToolId };
  const isLocked = await lockPlace(act, { ...place, companyId: viewer.companyId });
  const held = sql`
    select project_id as "projectId", generic_tool_id as "genericToolId", access_level as "accessLevel",
      granular_permissions as "granularPermissions"
    from tool_rights
    where user_id = ${viewer.id} and project_id = ${projectId} and generic_tool_id = ${genericToolId}`;
  const wanted = wantedFor([], [input.item], false);
  wanted.named.push(...people);
  const { rows } = await prepared(sql<CreateRow>`
    with counted as (${input.item.position == null ? countNext(place) : sql`select null as position`})
    select (select position from counted) as position,
      exists (select from projects p where p.id = ${projectId} and ${seesProject({ viewer }, 'p')}) as "seesProject",
      exists (select from generic_tools t where t.id = ${genericToolId} and t.company_id = ${viewer.companyId} and (
        ${viewer.isCompanyAdmin} or exists (select from tool_rights r where r.user_id = ${viewer.id} and r.generic_tool_id = t.id)
      )) as "seesTool",
      ${rowsOf(held)} as rights, ${startHere(place, act.now)} as start,
      ${stageColumns(viewer, [place], wanted)}`).execute(act.db);
  const row = rows[0]!;
  if (!row.seesProject) faults.notFound('Project', input.projectId, ['projectId']);
  if (!row.seesTool) faults.notFound('GenericTool', input.genericToolId, ['genericToolId']);
  faults.refuse();
  // a tool that has come to the project since is not locked there
  const stage = stageOf(act, isLocked ? row.rights : [], row, wanted);
  return { place, stage, position: row.position, start: row.start };
}

/** What an item is before anything is said about it. */
function blankItem(
  act: Act,
  viewer: Viewer,
  place: Place,
  around: Surroundings,
  privateByDefault: boolean,
): ItemContent {
  const draft = around.statuses.find(({ category, isBuiltIn }) => isBuiltIn && !isIssued(category))!;
  const time = act.now.toISOString();
  return {
    ...BLANK,
    id: newId(act.now),
    companyId: viewer.companyId,
    ...place,
    statusId: draft.id,
    category: draft.category,
    private: privateByDefault,
    customValues: defaultValues(around),
    createdById: viewer.id,
    createdAt: time,
    updatedAt: time,
  };
}

export interface UpdateItemInput {
  id: string;
  patch: ItemPatch;
  expectedVersion?: number | null;
  skipEmails?: boolean | null;
  idempotencyKey?: string | null;
}

/** Changes one item. Answers its id. */
export const updateItem = ({ world, viewer }: Context, input: UpdateItemInput): Promise<string> =>
  once(world, viewer, 'updateItem', input, async (act) => {
    const update = {
      itemId: uuidOf('Item', input.id),
      givenId: input.id,
      patch: input.patch,
      expectedVersion: input.expectedVersion,
      paths: { id: ['id'], patch: ['patch'], expectedVersion: ['expectedVersion'] },
    };
    const { outcomes, stage } = await lookAndDecide(act, viewer, [update], true);
    refuseAny(outcomes.flatMap(({ errors }) => errors));
    const writes = outcomes.flatMap((outcome) => writeOf(outcome, stage, input.skipEmails ?? false));
    await updateItems(act, viewer, writes);
    return { answer: update.itemId!, wrote: writes.length > 0 };
  });
