import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { Act } from '../database/transaction.ts';
import { seesProject } from '../directory/directory.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import { refuse } from '../kernel/errors.ts';
import type { SealedSecret } from './secret.policy.ts';
import { noSuchWebhook } from './webhook.input.ts';
import { canSeeWebhook, refuseNew, type Standing } from './webhook.policy.ts';
import { standingOf } from './webhook.queries.ts';

/** Refuses whoever may not make webhooks there at this moment. A project that they do not see is NOT_FOUND. */
export async function requireMaker(db: Db, viewer: Viewer, projectId: string | null, givenId: string): Promise<void> {
  const { rows } = await sql<Standing & { seesPlace: boolean }>`
    select standing.*, ${projectId}::uuid is null or exists (
      select from projects p where p.id = ${projectId} and ${seesProject({ viewer }, 'p')}) as "seesPlace"
    from (${standingOf(sql`${viewer.id}`, sql`${projectId}::uuid`)}) standing`.execute(db);
  const [standing] = rows;
  const path = [projectId === null ? 'companyId' : 'projectId'];
  if (!standing?.seesPlace)
    refuse('NOT_FOUND', `There is no Project ${JSON.stringify(givenId.slice(0, 100))} that you may see.`, path);
  const refusal = refuseNew(standing, projectId);
  if (refusal) refuse('FORBIDDEN', refusal, path);
}

/** A webhook that is to be changed, and what the viewer is where it is. */
export interface Known {
  id: string;
  projectId: string | null;
  ownerId: string;
  url: string;
  enabled: boolean;
  secrets: SealedSecret[];
  standing: Standing;
}

/** A webhook that the viewer sees, held until the act ends; NOT_FOUND if they do not. */
export async function webhookToChange({ db }: Act, viewer: Viewer, id: string, gid: string): Promise<Known> {
  const { rows } = await sql<Omit<Known, 'standing'> & Standing>`
    select w.id, w.project_id as "projectId", w.owner_id as "ownerId", w.url, w.enabled, w.secrets, standing.*
    from webhooks w cross join lateral (${standingOf(sql`${viewer.id}::uuid`, sql`w.project_id`)}) standing
    where w.id = ${id} and w.company_id = ${viewer.companyId} for no key update of w`.execute(db);
  const [row] = rows;
  if (!row) throw noSuchWebhook(gid);
  const { active, isCompanyAdmin, isToolAdmin, ...webhook } = row;
  const standing = { active, isCompanyAdmin, isToolAdmin };
  if (!canSeeWebhook({ id: viewer.id, ...standing }, webhook.ownerId)) throw noSuchWebhook(gid);
  return { ...webhook, standing };
}
