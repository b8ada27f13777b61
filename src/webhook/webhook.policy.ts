import type { UserErrorCode } from '../kernel/errors.ts';

/** What webhooks can be told of: the names of the graph, and the types that payloads have (domain.md 6). */
export const WEBHOOK_EVENTS = {
  GENERIC_TOOL_CREATED: 'genericTool.created',
  GENERIC_TOOL_UPDATED: 'genericTool.updated',
  ITEM_CREATED: 'item.created',
  ITEM_ISSUED: 'item.issued',
  ITEM_UPDATED: 'item.updated',
  ITEM_CLOSED: 'item.closed',
  ITEM_REOPENED: 'item.reopened',
  ITEM_ARCHIVED: 'item.archived',
  ITEM_RESTORED: 'item.restored',
  RESPONSE_CREATED: 'response.created',
  RESPONSE_UPDATED: 'response.updated',
  EMAIL_COMMUNICATION_CREATED: 'emailCommunication.created',
  EMAIL_RECEIVED: 'email.received',
  EMAIL_SENT: 'email.sent',
  IMPORT_FINISHED: 'import.finished',
} as const;
export type WebhookEventName = keyof typeof WEBHOOK_EVENTS;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[WebhookEventName];

const NAMES = new Map(Object.entries(WEBHOOK_EVENTS).map(([name, type]) => [type, name as WebhookEventName]));
/** What the graph calls an event of that type. */
export const nameOfEvent = (type: WebhookEvent): WebhookEventName => NAMES.get(type)!;

/** What nobody tells the webhooks of a project: it is no matter of one. Of tools, these hear what was set for their project. */
export const isForCompaniesOnly = (event: WebhookEvent): boolean => event === 'import.finished';

/** A company has at most as many for itself, and each of its projects as well: each is told of every act. */
export const MAX_WEBHOOKS = 50;

/** Somebody, as far as webhooks of a company, or of one project, want to know them. */
export interface Standing {
  active: boolean;
  isCompanyAdmin: boolean;
  /** of any tool in the project */
  isToolAdmin: boolean;
}

/** Whether somebody may have webhooks there (domain.md 3): also asked of the owner whenever something is about to be sent. */
export const mayOwn = ({ active, isCompanyAdmin, isToolAdmin }: Standing, projectId: string | null): boolean =>
  active && (isCompanyAdmin || (projectId !== null && isToolAdmin));

/** Why somebody may not make webhooks there, or null. */
export function refuseNew(standing: Standing, projectId: string | null): string | null {
  if (mayOwn(standing, projectId)) return null;
  return projectId === null
    ? 'Only company admins may make webhooks of the company.'
    : 'Only company admins and ADMINs of one of its tools may make webhooks of this project.';
}

/** Whether somebody sees a webhook: its owner and company admins. */
export const canSeeWebhook = (viewer: { id: string; isCompanyAdmin: boolean }, ownerId: string): boolean =>
  viewer.isCompanyAdmin || viewer.id === ownerId;

/** What of a webhook is for its owner alone, while they may have it: what they see goes there, and is signed by its secret. */
export function refuseOwnersOnly(
  viewerId: string,
  webhook: { ownerId: string; projectId: string | null },
  standing: Standing,
  what: 'address' | 'secret',
): { code: UserErrorCode; message: string } | null {
  if (viewerId !== webhook.ownerId)
    return {
      code: 'FORBIDDEN',
      message: `What its owner sees goes there: only they may change its ${what}. You may disable or delete it, and make one of your own.`,
    };
  const refusal = refuseNew(standing, webhook.projectId);
  return refusal === null ? null : { code: 'FORBIDDEN', message: refusal };
}
