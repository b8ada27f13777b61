import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import { ownCompany } from '../directory/admin.commands.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { endWaiting } from './delivery.write.ts';
import { liveSecrets, MAX_SECRETS, newSecret, rotated, seal } from './secret.policy.ts';
import { type Known, requireMaker, webhookToChange } from './standing.commands.ts';
import { WebhookSchema } from './webhook.entity.ts';
import { checkAddress, checkEvents, type ReadContent, readContent, type WebhookContent } from './webhook.input.ts';
import { MAX_WEBHOOKS, refuseOwnersOnly } from './webhook.policy.ts';

export interface CreateWebhookInput extends WebhookContent {
  companyId?: string | null;
  projectId?: string | null;
}

/** Makes a webhook of a company or of a project, and gives its id and its secret, which nobody can read again. */
export async function createWebhook({ world, viewer, db }: Context, input: CreateWebhookInput) {
  const faults = new Faults();
  const givenId = input.companyId ?? input.projectId;
  if (givenId == null || (input.companyId != null && input.projectId != null))
    refuse('INVALID', 'A webhook is of a company or of a project: give exactly one of companyId and projectId.');
  const projectId = input.projectId == null ? null : faults.id('Project', givenId, ['projectId']);
  if (projectId === null) ownCompany(faults, viewer, givenId, ['companyId']);
  const { url, events, description } = readContent(faults, { ...input, url: input.url ?? null });
  checkEvents(faults, events, projectId);
  faults.refuse();
  // who may not make any has no names looked up either
  await requireMaker(db, viewer, projectId, givenId);
  await checkAddress(world, url!);
  const secret = newSecret();
  const id = newId(world.clock.now());
  await transaction(world, async (act) => {
    await makeRoom(act, viewer, projectId);
    await requireMaker(act.db, viewer, projectId, givenId);
    act.em.create(WebhookSchema, {
      ...{ id, companyId: viewer.companyId, projectId, ownerId: viewer.id, enabled: true },
      ...{ url: url!, events: events!, description: description ?? null },
      secrets: [{ ...seal(world.links.keys, id, secret), expiresAt: null }],
      ...{ createdAt: act.now, updatedAt: act.now },
    });
    await act.em.flush();
  });
  return { id, secret };
}

/** Refuses one webhook too many; they are counted one call at a time. */
async function makeRoom({ db }: Act, { companyId }: Viewer, projectId: string | null): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('webhooks of ' || ${companyId}, 0))`.execute(db);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from webhooks
    where company_id = ${companyId} and project_id is not distinct from ${projectId}::uuid`.execute(db);
  if (rows[0]!.count >= MAX_WEBHOOKS)
    refuse(
      'TOO_MANY',
      `There are ${MAX_WEBHOOKS} webhooks ${projectId === null ? 'of the company itself' : 'of this project'}: delete one first.`,
    );
}

export interface UpdateWebhookInput extends WebhookContent {
  id: string;
  enabled?: boolean | null;
}

/** Changes a webhook; gives its id. One that is disabled gets nothing more at once; enabled, it gets what happens from then on. */
export async function updateWebhook({ world, viewer }: Context, input: UpdateWebhookInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('Webhook', input.id, ['id']);
  const content = readContent(faults, input);
  if (input.enabled === null) faults.add('REQUIRED', 'enabled is true or false.', ['enabled']);
  faults.refuse();
  const known = await transaction(world, (act) => mayChange(act, viewer, id, input.id, content));
  if (content.url !== undefined && content.url !== known.url) await checkAddress(world, content.url);
  await transaction(world, async (act) => {
    const now = await mayChange(act, viewer, id, input.id, content);
    await write(act, now, content, input.enabled ?? now.enabled);
  });
  return id;
}

/** A webhook that the viewer may change so, held until the act ends. */
async function mayChange(act: Act, viewer: Viewer, id: string, gid: string, content: ReadContent): Promise<Known> {
  const known = await webhookToChange(act, viewer, id, gid);
  const faults = new Faults();
  checkEvents(faults, content.events, known.projectId);
  if (content.url !== undefined && content.url !== known.url) {
    const refusal = refuseOwnersOnly(viewer.id, known, known.standing, 'address');
    if (refusal) faults.add(refusal.code, refusal.message, ['url']);
  }
  faults.refuse();
  return known;
}

async function write(
  act: Act,
  known: Known,
  { url, events, description }: ReadContent,
  enabled: boolean,
): Promise<void> {
  const { db, now } = act;
  const isNew = url !== undefined && url !== known.url;
  const [goesOn, ends] = [enabled && !known.enabled, !enabled && known.enabled];
  await sql`
    update webhooks set updated_at = ${now}
      ${isNew ? sql`, url = ${url}` : sql``}
      ${events ? sql`, events = ${events}::text[]` : sql``}
      ${description === undefined ? sql`` : sql`, description = ${description}`}
      ${goesOn || isNew ? sql`, failing_since = null, paused_until = null` : sql``}
      ${goesOn ? sql`, enabled = true, disabled_at = null, disabled_reason = null` : sql``}
      ${ends ? sql`, enabled = false, disabled_at = ${now}, disabled_reason = 'REQUESTED'` : sql``}
    where id = ${known.id}`.execute(db);
  if (ends) await endWaiting(act, known.id);
}

/** Deletes a webhook with all that is known of its deliveries; gives the id that it was named by. */
export async function deleteWebhook({ world, viewer }: Context, input: { id: string }): Promise<string> {
  const faults = new Faults();
  const id = faults.id('Webhook', input.id, ['id']);
  faults.refuse();
  await transaction(world, async (act) => {
    await webhookToChange(act, viewer, id, input.id);
    // its deliveries go with it: 300,000 in 0.3 s
    await sql`delete from webhooks where id = ${id}`.execute(act.db);
  });
  return input.id;
}

/** Gives a webhook a new secret, and tells it; the one before signs beside it for another day. */
export async function rotateWebhookSecret({ world, viewer }: Context, input: { id: string }) {
  const faults = new Faults();
  const id = faults.id('Webhook', input.id, ['id']);
  faults.refuse();
  const secret = newSecret();
  await transaction(world, async (act) => {
    const known = await webhookToChange(act, viewer, id, input.id);
    const refusal = refuseOwnersOnly(viewer.id, known, known.standing, 'secret');
    if (refusal) refuse(refusal.code, refusal.message, ['id']);
    if (liveSecrets(known.secrets, act.now).length >= MAX_SECRETS)
      refuse('TOO_MANY', `${MAX_SECRETS} secrets of it sign already: the oldest one stops within a day.`, ['id']);
    const secrets = rotated(known.secrets, seal(world.links.keys, id, secret), act.now);
    await sql`update webhooks set secrets = ${JSON.stringify(secrets)}::jsonb, updated_at = ${act.now} where id = ${id}`.execute(
      act.db,
    );
  });
  return { id, secret };
}
