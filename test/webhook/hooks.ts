import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';
import { createOffice, type Payload } from '../kit/office.ts';
import type { Received, Receiver } from '../kit/receiver.ts';
import type { Person } from '../kit/world.ts';

export const ALL_EVENTS = [
  'GENERIC_TOOL_CREATED',
  'GENERIC_TOOL_UPDATED',
  'ITEM_CREATED',
  'ITEM_ISSUED',
  'ITEM_UPDATED',
  'ITEM_CLOSED',
  'ITEM_REOPENED',
  'ITEM_ARCHIVED',
  'ITEM_RESTORED',
  'RESPONSE_CREATED',
  'RESPONSE_UPDATED',
  'IMPORT_FINISHED',
];

/** A webhook as its maker gets to know it. */
export interface Hook {
  id: string;
  secret: string;
}

const DELIVERY = 'id event messageId payload state attempts responseStatus responseBody error nextAttemptAt createdAt';

/** An office whose webhooks may go to loopback, with Cleo, a company admin who is ADMIN of the tool, and words about webhooks. */
export async function createHookOffice(env: Record<string, string> = {}) {
  const office = await createOffice({ WEBHOOK_ALLOWED_RANGES: '127.0.0.0/8', ...env });
  const cleo = await office.person('Cleo Chief', { admin: true });
  await office.grant(cleo, office.tower, office.review, 'ADMIN');
  // of now, as receivers are real and look at their own clocks
  office.clock.set(new Date().toISOString());
  const create = (by: Person, input: object): Promise<Payload> =>
    office.tell(by, 'createWebhook', input, 'secret webhook { id url events enabled project { id } owner { name } }');

  return {
    ...office,
    cleo,
    create,
    /** A webhook of the company, or of a project, that is there. */
    async hook(by: Person, to: Receiver | string, more: object = {}): Promise<Hook> {
      const url = typeof to === 'string' ? to : to.url;
      const scope = 'projectId' in more ? {} : { companyId: office.home.gid };
      const { webhook, secret, userErrors } = await create(by, { ...scope, url, events: ALL_EVENTS, ...more });
      if (!webhook) throw new Error(`no webhook: ${JSON.stringify(userErrors)}`);
      return { id: webhook.id, secret };
    },
    /** A webhook as somebody sees it. */
    look: async (who: Person, { id }: { id: string }): Promise<Payload> =>
      (
        await office.get(
          who,
          `query ($id: ID!) { node(id: $id) { ... on Webhook {
            id url description events enabled disabledAt disabledReason failingSince project { id } owner { name } } } }`,
          { id },
        )
      ).node,
    /** What was sent to it, newest first. */
    deliveries: async (who: Person, { id }: { id: string }): Promise<Payload[]> =>
      (
        await office.get(
          who,
          `query ($id: ID!) { node(id: $id) { ... on Webhook { deliveries(first: 100) { nodes { ${DELIVERY} } } } } }`,
          { id },
        )
      ).node.deliveries.nodes,
    delivery: async (who: Person, id: string): Promise<Payload> =>
      (await office.get(who, `query ($id: ID!) { node(id: $id) { ... on WebhookDelivery { ${DELIVERY} } } }`, { id }))
        .node,
    redeliver: (who: Person, ...deliveryIds: string[]): Promise<Payload> =>
      office.tell(who, 'redeliverWebhook', { deliveryIds }, `deliveries { ${DELIVERY} }`),
    change: (who: Person, { id }: { id: string }, patch: object): Promise<Payload> =>
      office.tell(who, 'updateWebhook', { id, ...patch }, 'webhook { id enabled }'),
    rotate: (who: Person, { id }: { id: string }): Promise<Payload> =>
      office.tell(who, 'rotateWebhookSecret', { id }, 'secret webhook { id }'),
    /** Opens what came as a receiver does, by the library of the standard, at the time of the world. Throws when it is not genuine. */
    verify({ headers, body }: Pick<Received, 'headers' | 'body'>, secret: string): Payload {
      vi.useFakeTimers({ toFake: ['Date'], now: office.clock.now() });
      try {
        return new Webhook(secret).verify(body, headers as Record<string, string>);
      } finally {
        vi.useRealTimers();
      }
    },
  };
}

export type HookOffice = Awaited<ReturnType<typeof createHookOffice>>;
