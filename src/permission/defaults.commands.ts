import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { seesProject } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type FieldChange, recordEvents } from '../event/event.ts';
import type { Context } from '../graph/context.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import {
  type Here,
  readDays,
  readMembers,
  readSettings,
  type UpdateGenericToolDefaultsInput,
} from './defaults.input.ts';
import { DEFAULTS_COLUMNS, type DefaultsRow, NO_DEFAULTS } from './defaults.queries.ts';
import type { AccessLevel } from './permission.policy.ts';

/** Changes what new items of a tool start with in a project, and who is told of what there. Gives both ids. ADMINs of the tool there only. */
export function updateGenericToolDefaults(
  { world, viewer }: Context,
  input: UpdateGenericToolDefaultsInput,
): Promise<{ projectId: string; genericToolId: string }> {
  return transaction(world, async (act) => {
    const faults = new Faults();
    const here = await placeToChange(act, viewer, input, faults);
    const known = await lockDefaults(act, here);
    const before = known ?? NO_DEFAULTS;
    const wanted = {
      description: faults.richText(input.description, ['description'], 'the description'),
      dueInWorkingDays: readDays(faults, input.dueInWorkingDays),
      distributionMemberIds: await readMembers(
        act,
        faults,
        input.distributionMemberIds,
        before.distributionMemberIds,
        here,
      ),
      notifications: readSettings(faults, input.notifications, before.notifications, here),
    };
    faults.refuse();
    const said = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const after: DefaultsRow = { ...before, ...said };
    const changes = changesOf(before, after);
    if (changes.length > 0) {
      await store(act, here, known !== undefined, after);
      const { projectId, genericToolId } = here;
      await recordEvents(act, viewer.companyId, viewer.id, [
        { type: 'genericTool.updated', projectId, genericToolId, payload: { changes } },
      ]);
    }
    return here;
  });
}

/** The place whose defaults the viewer may change. NOT_FOUND for what they do not see, FORBIDDEN for whoever is no ADMIN there. */
async function placeToChange(
  { db }: Act,
  viewer: Viewer,
  input: UpdateGenericToolDefaultsInput,
  faults: Faults,
): Promise<Here> {
  const projectId = faults.id('Project', input.projectId, ['projectId']);
  const genericToolId = faults.id('GenericTool', input.genericToolId, ['genericToolId']);
  faults.refuse();
  const { rows } = await sql<{
    seesProject: boolean;
    tool: Pick<Here, 'title' | 'sendsOverdueNotifications'> | null;
    level: AccessLevel | null;
  }>`
    select exists (select from projects p where p.id = ${projectId} and ${seesProject({ viewer }, 'p')}) as "seesProject",
      (select json_build_object('title', t.title, 'sendsOverdueNotifications', t.sends_overdue_notifications)
        from generic_tools t where t.id = ${genericToolId} and t.company_id = ${viewer.companyId} and (
          ${viewer.isCompanyAdmin}
          or exists (select from tool_rights r where r.user_id = ${viewer.id} and r.generic_tool_id = t.id)
        )) as tool,
      (select r.access_level from tool_rights r
        where r.user_id = ${viewer.id} and r.project_id = ${projectId} and r.generic_tool_id = ${genericToolId}) as level`.execute(
    db,
  );
  const { seesProject: sees, tool, level } = rows[0]!;
  if (!sees) faults.notFound('Project', input.projectId, ['projectId']);
  if (!tool) faults.notFound('GenericTool', input.genericToolId, ['genericToolId']);
  faults.refuse();
  if (level !== 'ADMIN') {
    const message = `Only ADMINs of ${tool!.title} in the project may change its defaults there.`;
    faults.add('FORBIDDEN', message, ['genericToolId']);
  }
  faults.refuse();
  return { companyId: viewer.companyId, projectId, genericToolId, ...tool! };
}

/** What was said there, held until the act ends; undefined where nothing was: of two who are the first, one looks again. */
async function lockDefaults({ db }: Act, { projectId, genericToolId }: Here): Promise<DefaultsRow | undefined> {
  const { rows } = await sql<DefaultsRow>`
    select ${DEFAULTS_COLUMNS} from generic_tool_defaults d
    where d.project_id = ${projectId} and d.generic_tool_id = ${genericToolId} for update`.execute(db);
  return rows[0];
}

async function store({ db, now }: Act, here: Here, isKnown: boolean, row: DefaultsRow): Promise<void> {
  const { companyId, projectId, genericToolId } = here;
  const { description, dueInWorkingDays, distributionMemberIds, notifications } = row;
  const values = sql`${description}, ${dueInWorkingDays}::integer, ${distributionMemberIds}::uuid[], ${JSON.stringify(notifications)}::jsonb`;
  await (isKnown
    ? sql`
      update generic_tool_defaults
      set (description, due_in_working_days, distribution_member_ids, notifications, updated_at) = row (${values}, ${now}::timestamptz)
      where project_id = ${projectId} and generic_tool_id = ${genericToolId}`
    : sql`
      insert into generic_tool_defaults (id, company_id, created_at, updated_at, project_id, generic_tool_id,
        description, due_in_working_days, distribution_member_ids, notifications)
      values (${newId(now)}, ${companyId}, ${now}, ${now}, ${projectId}, ${genericToolId}, ${values})`
  ).execute(db);
}

/** What has changed, as events tell it: ids of people, and of a text only that it did. */
function changesOf(before: DefaultsRow, after: DefaultsRow): FieldChange[] {
  return (Object.keys(NO_DEFAULTS) as (keyof DefaultsRow)[])
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => {
      const isText = field === 'description';
      return {
        field: `defaults.${field}`,
        old: isText ? undefined : before[field],
        new: isText ? undefined : after[field],
      };
    });
}
