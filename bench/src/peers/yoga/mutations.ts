import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Json } from '../../json.ts';
import { FROM_ITEMS, SEEN } from './seen.ts';
import type { Context } from './server.ts';
import { tell, writeHistory } from './trail.ts';

async function transaction<T>({ pool }: Context, deed: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await deed(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const failed = (id: string, code: string) => ({ id, outcome: 'FAILED', userErrors: [{ code, message: code }] });

/**
 * Changes the status of the items that the viewer may edit: one statement reads and locks them, one writes them, one their history,
 * one their events.
 */
export const batchUpdateItems = (_: unknown, { input }: Json, context: Context) =>
  transaction(context, async (client) => {
    const { viewer } = context;
    const { rows } = await client.query(
      `select i.id, i.project_id as "projectId", i.generic_tool_id as "genericToolId", i.created_by_id as "createdById", s.category,
         s.id as "oldStatusId", s.name as "oldStatus", r.access_level as "accessLevel", wanted.id as "statusId", wanted.name as status
       from ${FROM_ITEMS} left join generic_tool_statuses wanted on wanted.generic_tool_id = i.generic_tool_id and lower(wanted.name) = lower($4)
       where i.id = any($3) and ${SEEN} order by i.id for no key update of i`,
      [viewer.id, viewer.vendorId, input.ids, input.patch.statusName],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const may = rows.filter(
      ({ createdById, category, accessLevel, statusId }) =>
        statusId &&
        (accessLevel === 'ADMIN' ||
          (accessLevel === 'STANDARD' && createdById === viewer.id && !category.startsWith('CLOSED'))),
    );
    const written = await client.query(
      `update items i set status_id = w.status_id, version = version + 1, updated_at = now()
       from unnest($1::uuid[], $2::uuid[]) w(id, status_id) where i.id = w.id returning i.id, i.version`,
      [may.map(({ id }) => id), may.map(({ statusId }) => statusId)],
    );
    const updated = new Map(written.rows.map(({ id, version }) => [id, version]));
    const changed = may.filter(({ statusId, oldStatusId }) => statusId !== oldStatusId);
    await writeHistory(
      client,
      viewer,
      changed.map(({ id, projectId, category, oldStatus, status }) => {
        return { itemId: id, projectId, field: 'status', old: oldStatus, new: status, inDraft: category === 'DRAFT' };
      }),
    );
    await tell(
      client,
      viewer,
      'item.updated',
      changed.map(({ id, projectId, genericToolId, oldStatusId, statusId }) => {
        const changes = [{ field: 'status', old: oldStatusId, new: statusId }];
        return { itemId: id, projectId, genericToolId, payload: { version: updated.get(id), changes } };
      }),
    );
    const results = input.ids.map((id: string) => {
      if (updated.has(id)) return { id, outcome: 'UPDATED', userErrors: [] };
      return failed(id, found.has(id) ? 'FORBIDDEN' : 'NOT_FOUND');
    });
    return { updatedCount: updated.size, results, userErrors: [] };
  });

/** Creates an item with the next number of its tool in the project, its assignees and its event. */
export const createItem = (_: unknown, { input }: Json, context: Context) =>
  transaction(context, async (client) => {
    const { viewer } = context;
    const { projectId, genericToolId, item } = input;
    const rights = await client.query(
      `select r.access_level as "accessLevel", t.abbreviation, s.id as "statusId"
       from tool_rights r join generic_tools t on t.id = r.generic_tool_id
         join generic_tool_statuses s on s.generic_tool_id = t.id and lower(s.name) = lower($4)
       where r.user_id = $1 and r.project_id = $2 and r.generic_tool_id = $3`,
      [viewer.id, projectId, genericToolId, item.statusName],
    );
    const right = rights.rows[0];
    if (right?.accessLevel !== 'STANDARD' && right?.accessLevel !== 'ADMIN')
      return { item: null, userErrors: [{ code: 'FORBIDDEN', message: 'You may not create items here.' }] };
    const readers = await client.query(
      'select user_id as id from tool_rights where user_id = any($1) and project_id = $2 and generic_tool_id = $3',
      [item.assigneeIds, projectId, genericToolId],
    );
    if (readers.rows.length < item.assigneeIds.length)
      return { item: null, userErrors: [{ code: 'NOT_SELECTABLE', message: 'Somebody has no access to the tool.' }] };
    const counter = await client.query(
      `update item_counters set last_position = last_position + 1 where project_id = $1 and generic_tool_id = $2
       returning last_position::text as position`,
      [projectId, genericToolId],
    );
    const position = counter.rows[0].position.padStart(3, '0');
    const number = `${right.abbreviation}-${position}`;
    const { rows } = await client.query(
      `insert into items (id, company_id, created_at, updated_at, project_id, generic_tool_id, status_id, position, number, number_key,
         title, title_key, private, created_by_id, issued_at, version)
       values ($1, $2, now(), now(), $3, $4, $5, $6, $7, lower($7), $8, lower($8), false, $9, now(), 1) returning id, number, version`,
      [
        randomUUID(),
        viewer.companyId,
        projectId,
        genericToolId,
        right.statusId,
        position,
        number,
        item.title,
        viewer.id,
      ],
    );
    await client.query(
      `insert into item_people (item_id, role, user_id, company_id, position)
       select $1, 'ASSIGNEE', id, $2, n from unnest($3::uuid[]) with ordinality a(id, n)`,
      [rows[0].id, viewer.companyId, item.assigneeIds],
    );
    await tell(client, viewer, 'item.created', [
      { itemId: rows[0].id, projectId, genericToolId, payload: { version: rows[0].version, changes: [] } },
    ]);
    return { item: rows[0], userErrors: [] };
  });
