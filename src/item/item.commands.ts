import { sql } from 'kysely';
import { once } from '../database/idempotency.ts';
import type { Act } from '../database/transaction.ts';
import { seesProject } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { refuse, refuseAny } from '../kernel/errors.ts';
import { newId, uuidOf } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { rightsOf } from '../permission/permission.queries.ts';
import { isIssued, numberOf } from '../tool/tool.policy.ts';
import { decide, writeOf } from './item.change.ts';
import { eventsOf } from './item.events.ts';
import { applyPatch, type ItemContent, type ItemPatch, peopleNamed } from './item.patch.ts';
import { refuseCreate } from './item.policy.ts';
import { nextPosition } from './item.position.ts';
import { enforceRequired } from './item.required.ts';
import { grantIn, type Stage, stageFor, surroundings } from './item.stage.ts';
import { refuseTaken } from './item.taken.ts';
import { insertItems, updateItems } from './item.write.ts';

export interface CreateItemInput {
  projectId: string;
  genericToolId: string;
  item: ItemPatch;
  skipEmails?: boolean | null;
  idempotencyKey?: string | null;
}

/** Makes an item, a Draft unless a status is given. Answers its id. */
export const createItem = ({ world, viewer }: Context, input: CreateItemInput): Promise<string> =>
  once(world, viewer, 'createItem', input, async (act) => {
    const { projectId, genericToolId, stage } = await placeOf(act, viewer, input);
    const tool = stage.tools.get(genericToolId)!;
    const refusal = refuseCreate(grantIn(stage.rights, { projectId, genericToolId }), tool);
    if (refusal) refuse(refusal.code, refusal.message, ['genericToolId']);
    const around = surroundings(stage, { projectId, genericToolId }, act.now)!;
    const faults = new Faults();
    const blank = blankItem(act, viewer, { projectId, genericToolId }, stage);
    const item = applyPatch(faults, blank, input.item, ['item'], around, true);
    enforceRequired(faults, blank, item, ['item'], around.rules, true);
    const proposal = { before: null, after: item, patch: input.item, path: ['item'], errors: faults.errors };
    await refuseTaken(act, [proposal], true);
    faults.refuse();
    if (item.position === '') {
      item.position = await nextPosition(act, item);
      item.number = numberOf(tool.abbreviation, item.position);
    }
    const events = eventsOf(null, item, [], input.skipEmails ?? false);
    const write = {
      item,
      abbreviation: tool.abbreviation,
      changes: [],
      events,
      peopleChanged: true,
      audienceChanged: true,
    };
    await insertItems(act, viewer, [write]);
    return { answer: item.id, wrote: true };
  });

/** Where an item is to be made, if the viewer sees project and tool; the fieldset there stays while this transaction runs. */
async function placeOf(
  act: Act,
  viewer: Viewer,
  input: CreateItemInput,
): Promise<{ projectId: string; genericToolId: string; stage: Stage }> {
  const faults = new Faults();
  const projectId = faults.id('Project', input.projectId, ['projectId']);
  const genericToolId = faults.id('GenericTool', input.genericToolId, ['genericToolId']);
  faults.refuse();
  const { rows } = await sql<{ seesProject: boolean; seesTool: boolean }>`
    select
      exists (select 1 from projects p where p.id = ${projectId} and ${seesProject({ viewer }, 'p')}) as "seesProject",
      exists (select 1 from generic_tools t where t.id = ${genericToolId} and t.company_id = ${viewer.companyId} and (
        ${viewer.isCompanyAdmin} or exists (select 1 from tool_rights r where r.user_id = ${viewer.id} and r.generic_tool_id = t.id)
      )) as "seesTool"`.execute(act.db);
  if (!rows[0]!.seesProject) faults.notFound('Project', input.projectId, ['projectId']);
  if (!rows[0]!.seesTool) faults.notFound('GenericTool', input.genericToolId, ['genericToolId']);
  faults.refuse();
  await sql`select 1 from fieldset_projects where project_id = ${projectId} and generic_tool_id = ${genericToolId} for share`.execute(
    act.db,
  );
  const rights = await rightsOf(act.db, viewer, [projectId]);
  const stage = await stageFor(act, rights, [{ projectId, genericToolId }], {
    involved: [viewer.id],
    named: peopleNamed(input.item),
  });
  return { projectId, genericToolId, stage };
}

/** What an item is before anything is said about it. */
function blankItem(
  act: Act,
  viewer: Viewer,
  place: { projectId: string; genericToolId: string },
  stage: Stage,
): ItemContent {
  const draft = stage.statuses
    .get(place.genericToolId)!
    .find(({ category, isBuiltIn }) => isBuiltIn && !isIssued(category))!;
  const time = act.now.toISOString();
  return {
    id: newId(act.now),
    companyId: viewer.companyId,
    ...place,
    statusId: draft.id,
    category: draft.category,
    externalId: null,
    position: '',
    number: '',
    title: '',
    description: null,
    private: stage.tools.get(place.genericToolId)!.privateByDefault,
    dueDate: null,
    scheduleImpactStatus: null,
    scheduleImpactDays: null,
    costImpactStatus: null,
    costImpactAmount: null,
    createdById: viewer.id,
    receivedFromId: null,
    assigneeIds: [],
    distributionMemberIds: [],
    quantity: null,
    unit: null,
    createdAt: time,
    updatedAt: time,
    issuedAt: null,
    closedAt: null,
    archivedAt: null,
    version: 1,
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
    const { outcomes, stage } = await decide(act, viewer, [update], true);
    refuseAny(outcomes.flatMap(({ errors }) => errors));
    const writes = outcomes.flatMap((outcome) => writeOf(outcome, stage, input.skipEmails ?? false));
    await updateItems(act, viewer, writes);
    return { answer: update.itemId!, wrote: writes.length > 0 };
  });
