import { sql } from 'kysely';
import { type Act, transaction } from '../database/transaction.ts';
import type { Context } from '../graph/context.ts';
import { refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { isAdminNow } from './admin.commands.ts';
import { ApiKeySchema } from './apiKey.entity.ts';
import { hashOfSecret, MAX_ENDED_KEYS, MAX_GOOD_KEYS, newSecret, prefixOf, refuseKeyFor } from './apiKey.policy.ts';
import { isGood } from './apiKey.queries.ts';
import type { Viewer } from './viewer.ts';

export interface CreateApiKeyInput {
  userId?: string | null;
  name: string;
  expiresAt?: Date | null;
}

/** Makes an API key, and gives its id and its secret, which nobody can read again. For oneself; company admins for service users too. */
export async function createApiKey({ world, viewer }: Context, input: CreateApiKeyInput) {
  const faults = new Faults();
  const userId = input.userId == null ? viewer.id : faults.id('User', input.userId, ['userId']);
  const name = faults.requiredText(input.name, ['name'], 'the name');
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt && expiresAt <= world.clock.now())
    faults.add('INVALID', `The key would never be good: ${expiresAt.toISOString()} has passed.`, ['expiresAt']);
  faults.refuse();
  return transaction(world, async (act) => {
    await lockOwner(act, viewer, userId, input.userId ?? userId);
    await makeRoom(act, userId);
    const [id, secret] = [newId(act.now), newSecret()];
    act.em.create(ApiKeySchema, {
      ...{ id, companyId: viewer.companyId, userId, name, expiresAt },
      ...{ prefix: prefixOf(secret), secretHash: hashOfSecret(secret), createdAt: act.now, updatedAt: act.now },
    });
    await act.em.flush();
    return { id, secret };
  });
}

/** Holds the row of the user that a key is made for until the act ends, so that their keys are counted one call at a time. */
async function lockOwner(act: Act, viewer: Viewer, userId: string, gid: string): Promise<void> {
  const isAdmin = userId === viewer.id || (await isAdminNow(act, viewer));
  const { rows } = await sql<{ name: string; isService: boolean; active: boolean }>`
    select name, is_service as "isService", active from users
    where id = ${userId} and company_id = ${viewer.companyId} for no key update`.execute(act.db);
  const [owner] = rows;
  const faults = new Faults();
  if (!owner) faults.notFound('User', gid, ['userId']);
  faults.refuse();
  const refusal = userId === viewer.id ? null : refuseKeyFor(isAdmin, owner!);
  if (refusal) refuse('FORBIDDEN', refusal, ['userId']);
  if (!owner!.active) refuse('NOT_SELECTABLE', `${owner!.name} is not active, and could not sign in.`, ['userId']);
}

/** Refuses one key too many, and lets go of those that ended longest ago. */
async function makeRoom({ db, now }: Act, userId: string): Promise<void> {
  const { rows } = await sql<{ good: number }>`
    with ended as (
      select k.id from api_keys k where k.user_id = ${userId} and not ${isGood('k', now)} order by k.id desc offset ${MAX_ENDED_KEYS}
    ), gone as (delete from api_keys using ended where api_keys.id = ended.id)
    select count(*)::int as good from api_keys k where k.user_id = ${userId} and ${isGood('k', now)}`.execute(db);
  if (rows[0]!.good >= MAX_GOOD_KEYS)
    refuse('TOO_MANY', `There are ${MAX_GOOD_KEYS} API keys already that are good: revoke one first.`, []);
}

export interface RevokeApiKeyInput {
  id: string;
}

/** Ends an API key for good, and gives its id; a key that was revoked stays as it is. Its owner, and company admins. */
export async function revokeApiKey({ world, viewer }: Context, input: RevokeApiKeyInput): Promise<string> {
  const faults = new Faults();
  const id = faults.id('ApiKey', input.id, ['id']);
  faults.refuse();
  await transaction(world, async (act) => {
    const isAdmin = await isAdminNow(act, viewer);
    const key = await act.em.findOne(ApiKeySchema, {
      ...{ id, companyId: viewer.companyId },
      ...(!isAdmin && { userId: viewer.id }),
    });
    if (!key) faults.notFound('ApiKey', input.id, ['id']);
    faults.refuse();
    await sql`update api_keys set revoked_at = ${act.now}, updated_at = ${act.now}
      where id = ${id} and revoked_at is null`.execute(act.db);
  });
  return id;
}
