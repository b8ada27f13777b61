import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { uuidOf } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import {
  boxOf,
  ITEM_ROLES,
  NOTIFICATION_EVENTS,
  type NotificationSetting,
  type SaidSettings,
  settingsOf,
} from './defaults.policy.ts';

export interface UpdateGenericToolDefaultsInput {
  projectId: string;
  genericToolId: string;
  description?: string | null;
  dueInWorkingDays?: number | null;
  distributionMemberIds?: readonly string[] | null;
  notifications?: readonly NotificationSetting[] | null;
}

// some four years; nothing of a project waits longer
const MAX_WORKING_DAYS = 1_000;
// as many as an item takes
const MAX_PEOPLE = 200;
const MAX_SETTINGS = NOTIFICATION_EVENTS.length * ITEM_ROLES.length;

/** The tool and the project that defaults are for. */
export interface Here {
  companyId: string;
  projectId: string;
  genericToolId: string;
  title: string;
  sendsOverdueNotifications: boolean;
}

/** How many working days new items are given: undefined leaves, null clears. */
export function readDays(faults: Faults, days: number | null | undefined): number | null | undefined {
  if (days != null && (days < 0 || days > MAX_WORKING_DAYS)) {
    const message = `${days} working days are not between 0 and ${MAX_WORKING_DAYS.toLocaleString('en-US')}.`;
    faults.add('INVALID', message, ['dueInWorkingDays']);
  }
  return days;
}

/** Whom new items are distributed to: only who was not there `before` has to be there and selectable. */
export async function readMembers(
  { db }: Act,
  faults: Faults,
  given: readonly string[] | null | undefined,
  before: readonly string[],
  here: Here,
): Promise<string[] | undefined> {
  const path = ['distributionMemberIds'];
  if (given === undefined) return undefined;
  if (given === null) return [];
  if (given.length > MAX_PEOPLE) {
    faults.add('TOO_MANY', `${given.length} people; at most ${MAX_PEOPLE} are taken.`, path);
    return undefined;
  }
  const { rows } = await sql<{ id: string; name: string; active: boolean; reads: boolean }>`
    select u.id, u.name, u.active, exists (
      select from tool_rights r
      where r.user_id = u.id and r.project_id = ${here.projectId} and r.generic_tool_id = ${here.genericToolId}
    ) as reads
    from users u
    where u.company_id = ${here.companyId} and u.id = any(${given.map((id) => uuidOf('User', id))}::uuid[])`.execute(
    db,
  );
  const people = new Map(rows.map((row) => [row.id, row]));
  const unique = [...new Set(given)];
  return unique.flatMap((gid) => {
    const id = uuidOf('User', gid);
    if (id !== null && before.includes(id)) return id;
    const person = id === null ? undefined : people.get(id);
    const at = [...path, given.indexOf(gid)];
    if (!person) faults.notFound('User', gid, at);
    else if (!person.active || !person.reads) {
      const why = person.active ? `has no access to ${here.title} in this project` : 'is not active';
      faults.add('NOT_SELECTABLE', `${person.name} ${why} and cannot be chosen.`, at);
    }
    return person ? person.id : [];
  });
}

/**
 * What is said of the matrix from now on: undefined leaves, null takes all back to the defaults. Only boxes that are not as they are
 * shown are said, so that writing back what was read says nothing.
 */
export function readSettings(
  faults: Faults,
  given: readonly NotificationSetting[] | null | undefined,
  before: SaidSettings,
  here: Here,
): SaidSettings | undefined {
  if (given === undefined) return undefined;
  if (given === null) return {};
  if (given.length > MAX_SETTINGS) {
    faults.add('TOO_MANY', `${given.length} entries; the matrix has at most ${MAX_SETTINGS}.`, ['notifications']);
    return undefined;
  }
  const shown = new Map(settingsOf(before, here).map((setting) => [boxOf(setting), setting.enabled]));
  const said = { ...before };
  given.forEach((setting, i) => {
    const box = boxOf(setting);
    const now = shown.get(box);
    const { event, role, enabled } = setting;
    if (now === undefined) faults.add('INVALID', `${event} is not for the role ${role}.`, ['notifications', i, 'role']);
    else if (given.findIndex((other) => boxOf(other) === box) < i)
      faults.add('INVALID', `${event} for ${role} is there twice.`, ['notifications', i]);
    else if (enabled === now) return;
    else if (event === 'OVERDUE' && !here.sendsOverdueNotifications) {
      const message = `${here.title} sends no overdue notifications; company admins can change that for the tool.`;
      faults.add('INVALID', message, ['notifications', i, 'enabled']);
    } else said[box] = enabled;
  });
  return said;
}
