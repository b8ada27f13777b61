import { sql } from 'kysely';
import { transaction } from '../database/transaction.ts';
import type { Context } from '../graph/context.ts';
import { Faults, NOBODY } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import { requireAdmin } from './admin.commands.ts';
import { ProjectSchema } from './directory.entity.ts';
import { readEmailMembers, writeEmailMembers } from './emailMember.commands.ts';
import { notATimeZone, unknownTimeZones } from './timeZone.queries.ts';

export const ADMINS_CHANGE_PROJECTS = 'Only company admins may change projects.';

export interface UpdateProjectInput {
  id: string;
  name?: string | null;
  number?: string | null;
  timeZone?: string | null;
  emailMemberIds?: readonly string[] | null;
}

/** Changes a project: name, number, time zone, or whom mail to it is for. Gives its id. Company admins only. */
export async function updateProject({ world, viewer }: Context, input: UpdateProjectInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('Project', input.id, ['id']);
  const name = input.name === undefined ? undefined : faults.requiredText(input.name, ['name'], 'the name');
  const number = faults.text(input.number, ['number'], 'the number');
  const timeZone =
    input.timeZone === undefined ? undefined : faults.requiredText(input.timeZone, ['timeZone'], 'the time zone');
  await transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_CHANGE_PROJECTS);
    const inbox = { companyId: viewer.companyId, projectId: id };
    // a list takes the place of a list: two who give one wait for each other
    if (input.emailMemberIds !== undefined)
      await sql`select from projects where id = ${id} and company_id = ${viewer.companyId} for no key update`.execute(
        act.db,
      );
    const emailMembers = await readEmailMembers(act, faults, input.emailMemberIds, inbox);
    const project = await act.em.findOne(ProjectSchema, { id, companyId: viewer.companyId });
    if (!project && id !== NOBODY) faults.notFound('Project', input.id, ['id']);
    if (timeZone && (await unknownTimeZones(act.db, [timeZone])).size > 0)
      faults.add('INVALID', notATimeZone(timeZone), ['timeZone']);
    faults.refuse();
    if (emailMembers) await writeEmailMembers(act, inbox, emailMembers);
    if (name !== undefined) Object.assign(project!, { name, nameKey: sortKey(name) });
    if (number !== undefined) project!.number = number;
    if (timeZone !== undefined) project!.timeZone = timeZone;
  });
  return id;
}
