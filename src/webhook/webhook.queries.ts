import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { batch, byId, groupBy } from '../database/loader.ts';
import type { Context } from '../graph/context.ts';
import type { Standing, WebhookEvent } from './webhook.policy.ts';

export interface WebhookRow {
  id: string;
  projectId: string | null;
  ownerId: string;
  url: string;
  events: WebhookEvent[];
  description: string | null;
  enabled: boolean;
  disabledAt: string | null;
  disabledReason: 'REQUESTED' | 'GONE' | 'FAILING' | null;
  failingSince: string | null;
  createdAt: string;
}

/** The SQL face of canSeeWebhook, in the viewer's company. `alias` is a row of webhooks. */
export const seesWebhook = ({ viewer }: Pick<Context, 'viewer'>, alias: string): RawBuilder<SqlBool> => sql`(
  ${sql.ref(`${alias}.company_id`)} = ${viewer.companyId}
  and (${viewer.isCompanyAdmin} or ${sql.ref(`${alias}.owner_id`)} = ${viewer.id}))`;

// the secrets are read by who signs, and nowhere else
const seen = async (context: Context, where: RawBuilder<SqlBool>): Promise<WebhookRow[]> => {
  const { rows } = await sql<WebhookRow>`
    select w.id, w.project_id as "projectId", w.owner_id as "ownerId", w.url, w.events, w.description, w.enabled,
      w.disabled_at as "disabledAt", w.disabled_reason as "disabledReason", w.failing_since as "failingSince",
      w.created_at as "createdAt"
    from webhooks w where ${where} and ${seesWebhook(context, 'w')} order by w.id desc`.execute(context.db);
  return rows;
};

/** A webhook, if the viewer sees it. */
export const webhookById = batch<Context, string, WebhookRow>(async (context, ids) =>
  byId(await seen(context, sql`w.id = any(${ids}::uuid[])`)),
);

/** The webhooks of the viewer's company itself, as far as they see them, newest first; nothing is known of other companies. */
export const webhooksOfCompany = batch<Context, string, WebhookRow[]>(async (context, companyIds) => {
  const { companyId } = context.viewer;
  return new Map(companyIds.includes(companyId) ? [[companyId, await seen(context, sql`w.project_id is null`)]] : []);
});

/** The webhooks of projects, as far as the viewer sees them, newest first. */
export const webhooksOfProject = batch<Context, string, WebhookRow[]>(async (context, projectIds) =>
  groupBy(await seen(context, sql`w.project_id = any(${projectIds}::uuid[])`), ({ projectId }) => projectId!),
);

/** What somebody is where a webhook is, or is to be: a row of a Standing. `userId` is theirs, `projectId` null for the company's. */
export const standingOf = (userId: RawBuilder<unknown>, projectId: RawBuilder<unknown>): RawBuilder<Standing> => sql`
  select u.active, u.is_company_admin as "isCompanyAdmin", exists (
    select from tool_rights held where held.user_id = u.id and held.project_id = ${projectId} and held.access_level = 'ADMIN'
  ) as "isToolAdmin"
  from users u where u.id = ${userId}`;
