import { sql } from 'kysely';
import { groupBy } from '../database/loader.ts';
import type { Db } from '../database/orm.ts';
import { placeOf } from '../directory/standing.queries.ts';
import { sightOf } from '../item/sight.queries.ts';
import { type NotificationSetting, type SaidSettings, settingsOf } from '../permission/defaults.policy.ts';
import { responseSightOf } from '../response/response.queries.ts';
import type { ItemAct } from './happened.ts';
import { allowedOf, type Notice, noticesOf } from './notification.policy.ts';

/** Somebody who can be mailed. */
export interface Recipient {
  id: string;
  name: string;
  email: string;
}

/** What somebody is to be told of an item. */
export interface Told {
  act: ItemAct;
  recipient: Recipient;
  notice: Notice;
}

/** The matrices of places, as they work, by place. */
async function matricesAt(db: Db, acts: readonly ItemAct[]): Promise<Map<string, NotificationSetting[]>> {
  const places = [...new Map(acts.map((act) => [placeOf(act.projectId, act.genericToolId), act])).values()];
  const { rows } = await sql<{
    projectId: string;
    genericToolId: string;
    said: SaidSettings | null;
    sendsOverdueNotifications: boolean;
  }>`
    select place.project_id as "projectId", t.id as "genericToolId", d.notifications as said,
      t.sends_overdue_notifications as "sendsOverdueNotifications"
    from unnest(${places.map(({ projectId }) => projectId)}::uuid[], ${places.map(({ genericToolId }) => genericToolId)}::uuid[])
      as place(project_id, generic_tool_id)
    join generic_tools t on t.id = place.generic_tool_id
    left join generic_tool_defaults d on d.project_id = place.project_id and d.generic_tool_id = t.id`.execute(db);
  return new Map(
    rows.map(({ projectId, genericToolId, said, ...tool }) => [
      placeOf(projectId, genericToolId),
      settingsOf(said ?? {}, tool),
    ]),
  );
}

/** Those among some users who can be mailed and want to be: active people, no service users. */
export async function recipientsAmong(db: Db, ids: readonly string[]): Promise<Map<string, Recipient>> {
  const { rows } = await sql<Recipient>`
    select id, name, email from users
    where id = any(${ids}::uuid[]) and active and wants_email and not is_service`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Who is to be told what of an act on some items: by the matrix, by sight at this moment and just before the act, and by whether they
 * want mail. Five statements.
 */
export async function whoIsTold(db: Db, actId: string, acts: readonly ItemAct[]): Promise<Told[]> {
  const matrices = await matricesAt(db, acts);
  const wanted = acts.map((act) => ({
    act,
    notices: noticesOf(act.happened, matrices.get(placeOf(act.projectId, act.genericToolId)) ?? []),
  }));
  const recipients = await recipientsAmong(db, [...new Set(wanted.flatMap(({ notices }) => [...notices.keys()]))]);
  if (recipients.size === 0) return [];
  const userIds = [...recipients.keys()];
  const itemIds = acts.map(({ itemId }) => itemId);
  const responseIds = acts.map(({ responseId }) => responseId).filter((id) => id !== null);
  const sights = groupBy(await sightOf(db, actId, itemIds, userIds), ({ itemId }) => itemId);
  const seen = responseIds.length === 0 ? [] : await responseSightOf(db, responseIds, userIds);
  const seesResponse = new Set(seen.map((one) => `${one.responseId} ${one.userId}`));
  return wanted.flatMap(({ act, notices }) =>
    (sights.get(act.itemId) ?? []).flatMap(({ userId, sees, saw }): Told[] => {
      const [recipient, notice] = [recipients.get(userId), notices.get(userId)];
      if (!recipient || !notice) return [];
      const sight = { sees, saw, seesResponse: seesResponse.has(`${act.responseId} ${userId}`) };
      const events = allowedOf(notice.events, sight);
      return events ? [{ act, recipient, notice: { ...notice, events } }] : [];
    }),
  );
}
