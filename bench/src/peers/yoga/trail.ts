import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Context } from './server.ts';

type Viewer = Context['viewer'];

/** A changed field of an item, old and new as they were shown. */
interface Change {
  itemId: string;
  projectId: string;
  field: string;
  old: string | null;
  new: string | null;
  inDraft: boolean;
}

/** What others shall hear of an item. */
interface Event {
  itemId: string;
  projectId: string;
  genericToolId: string;
  payload: unknown;
}

/** Writes what has changed on some items into their history: one statement. */
export async function writeHistory(client: PoolClient, viewer: Viewer, changes: readonly Change[]): Promise<void> {
  await client.query(
    `insert into item_changes (id, company_id, created_at, updated_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
     select uuidv7(), $1, now(), now(), c.*, $2
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::boolean[]) c`,
    [
      viewer.companyId,
      viewer.id,
      changes.map(({ projectId }) => projectId),
      changes.map(({ itemId }) => itemId),
      changes.map(({ field }) => field),
      changes.map((change) => change.old),
      changes.map((change) => change.new),
      changes.map(({ inDraft }) => inDraft),
    ],
  );
}

/** Writes an event for each of some items, for mail and webhooks to read later: one statement. */
export async function tell(client: PoolClient, viewer: Viewer, type: string, events: readonly Event[]): Promise<void> {
  await client.query(
    `insert into events (id, company_id, created_at, updated_at, act_id, type, actor_id, project_id, generic_tool_id, item_id, payload)
     select uuidv7(), $1, now(), now(), $2, $3, $4, e.*
     from unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::jsonb[]) e`,
    [
      viewer.companyId,
      randomUUID(),
      type,
      viewer.id,
      events.map(({ projectId }) => projectId),
      events.map(({ genericToolId }) => genericToolId),
      events.map(({ itemId }) => itemId),
      events.map(({ payload }) => JSON.stringify(payload)),
    ],
  );
}
