import { createHash, randomUUID } from 'node:crypto';
import { NotAnId } from './errors.ts';

/**
 * A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then random; rows made later sort later.
 * Rows made in the same instant keep their order when numbered by `sequence` (0-4095, in the first 12 of the random bits).
 */
export function newId(now: Date, sequence?: number): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  // a version 4 has its random bits where a version 7 has them; Node draws them for many at a time
  const random = randomUUID();
  const order = sequence === undefined ? random.slice(15, 18) : (sequence & 0x0fff).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${random.slice(19)}`;
}

/** A UUIDv7 that is always the same for the same time and name: for what has to be known again and has no external id. */
export function derivedId(time: Date, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  const variant = '89ab'[Number.parseInt(hash[0]!, 16) & 3];
  const when = time.getTime().toString(16).padStart(12, '0');
  return `${when.slice(0, 8)}-${when.slice(8)}-7${hash.slice(1, 4)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** The global id of an object: opaque to clients, base64url of "Type:uuid" inside. */
export const toGlobalId = (type: string, uuid: string): string => Buffer.from(`${type}:${uuid}`).toString('base64url');

/** Type and uuid of a global id, or null when it is not one of ours. Each has one spelling: what else decodes to it is none. */
export function fromGlobalId(id: string): { type: string; uuid: string } | null {
  if (!/^[A-Za-z0-9_-]{40,100}$/.test(id)) return null;
  const [type, uuid, rest] = Buffer.from(id, 'base64url').toString('latin1').split(':');
  if (!type || !uuid || rest !== undefined || !/^[A-Za-z]+$/.test(type) || !isUuid(uuid)) return null;
  // the last character holds bits that say nothing: lists of ids could name one thing twice under two names
  return toGlobalId(type, uuid) === id ? { type, uuid } : null;
}

/** The uuid in a global id of that type, or null: what a mutation input answers with NOT_FOUND. */
export function uuidOf(type: string, id: unknown): string | null {
  const decoded = typeof id === 'string' ? fromGlobalId(id) : null;
  return decoded?.type === type ? decoded.uuid : null;
}

/** The uuid in a global id of that type; a query that gives anything else is BAD_USER_INPUT. */
export function requireUuid(type: string, id: string, argument: string): string {
  const uuid = uuidOf(type, id);
  if (uuid === null) throw new NotAnId(`${argument}: "${id.slice(0, 100)}" is not the id of a ${type}.`);
  return uuid;
}
