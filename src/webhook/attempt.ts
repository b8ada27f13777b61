import { readingOf } from '../database/orm.ts';
import { viewerById } from '../directory/viewer.ts';
import { contextOf } from '../graph/context.ts';
import type { World } from '../world.ts';
import { callEndpoint } from './call.ts';
import { type Answer, outcomeOf, slowUntil } from './delivery.policy.ts';
import { recordAttempt, withhold } from './delivery.write.ts';
import type { DueDelivery } from './due.queries.ts';
import type { Payload } from './payload.policy.ts';
import { payloadFor } from './payload.queries.ts';
import { liveSecrets, open } from './secret.policy.ts';
import { messageIdOf, signedHeaders } from './sign.ts';
import { mayOwn } from './webhook.policy.ts';

/** Tells an endpoint of an event once: what its owner may see of it at this moment. */
export async function attempt(world: World, due: DueDelivery): Promise<void> {
  const { answer, ms } = await answerTo(world, due);
  const now = world.clock.now();
  if (answer === null) return withhold(readingOf(world.orm), due.id, now);
  const slow = slowUntil(ms, world.config.webhookTimeoutMs, now);
  await recordAttempt(world, due, { answer, outcome: outcomeOf(answer, due, now), slowUntil: slow });
}

/** What came back; null when there is nothing that may be told. What fails on our side is a failure like others, and holds up none. */
async function answerTo(world: World, due: DueDelivery): Promise<{ answer: Answer | null; ms: number }> {
  try {
    const payload = await payloadForOwner(world, due);
    return payload ? await callWith(world, due, JSON.stringify(payload)) : { answer: null, ms: 0 };
  } catch (error) {
    world.log.error({ err: error, deliveryId: due.id }, 'a webhook could not be sent');
    return { answer: { error: 'The gateway could not send it.', isOurs: true }, ms: 0 };
  }
}

/** What the owner may be told; null when that is nothing, or they may not have the webhook any more. */
async function payloadForOwner(world: World, due: DueDelivery): Promise<Payload | null> {
  if (!mayOwn(due, due.projectId)) return null;
  const owner = await viewerById(readingOf(world.orm), due.ownerId, due.companyId);
  if (!owner) return null;
  return (await payloadFor(contextOf(world, owner), due.eventId))?.payload ?? null;
}

async function callWith(world: World, due: DueDelivery, body: string): Promise<{ answer: Answer; ms: number }> {
  const now = world.clock.now();
  const secrets = liveSecrets(due.secrets, now)
    .map((secret) => open(world.links.keys, due.webhookId, secret))
    .filter((secret) => secret !== null);
  if (secrets.length === 0) {
    world.log.error({ webhookId: due.webhookId }, 'no key of LINK_SECRETS opens the secret of a webhook');
    return { answer: { error: 'Its secret cannot be read any more. Rotate it.', isOurs: true }, ms: 0 };
  }
  const headers = signedHeaders(secrets, messageIdOf(due.eventId), body, now);
  const call = { headers, body, timeoutMs: world.config.webhookTimeoutMs };
  const { ms, ...came } = await callEndpoint(world, due.url, call);
  if ('error' in came) return { answer: came, ms };
  return { answer: { status: came.status, retryAfter: came.headers['retry-after'], body: came.body }, ms };
}
