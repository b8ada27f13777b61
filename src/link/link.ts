import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Context } from '../graph/context.ts';
import { isUuid } from '../kernel/ids.ts';

/** What links are made and checked with. */
export interface LinkKeys {
  /** by id: the first signs, all verify */
  keys: { id: string; key: KeyObject }[];
  /** where callers reach the gateway; a process that takes any free port sets it when it has one */
  publicUrl: string;
  ttlMs: number;
}

/** Whose link it is, and to what: the kind chooses who answers it. */
export interface Link {
  kind: string;
  userId: string;
  companyId: string;
  /** what its kind wants to know, as JSON: ids and choices. It stands in the address: no secrets, and under some 8 KB */
  options: unknown;
}

/**
 * Answers the links of one kind, or null, which is 404. The signature holds, `context` is that of the user, found anew; whether they
 * still see what the options name is for the answerer to ask, by the same queries as in the graph.
 */
export type LinkAnswerer = (context: Context, options: unknown, request: Request) => Promise<Response | null>;

export const linkKeys = (config: Config, secrets: readonly [id: string, secret: string][]): LinkKeys => ({
  keys: secrets.map(([id, secret]) => ({ id, key: createSecretKey(secret, 'utf8') })),
  publicUrl: config.publicUrl,
  ttlMs: config.links.ttlMs,
});

/** A link for the viewer alone: PUBLIC_URL/links/KIND/TOKEN, good for LINK_TTL. Whoever has it acts as them, on that and nothing else. */
export const linkTo = ({ world, viewer }: Context, kind: string, options: unknown): string => {
  const { links, clock } = world;
  const link = { kind, userId: viewer.id, companyId: viewer.companyId, options };
  return `${links.publicUrl}/links/${kind}/${sign(links, link, new Date(clock.now().getTime() + links.ttlMs))}`;
};

// a token: base64url of JSON, the id of the key, the signature; none of them has a dot
const TOKEN = /^([\w-]+)\.([\w-]{1,32})\.([\w-]{43})$/;

/** The token of a link: what it says, which key signed it, and its signature. */
export function sign({ keys }: LinkKeys, { kind, userId, companyId, options }: Link, expiresAt: Date): string {
  const said = { u: userId, c: companyId, o: options, e: Math.ceil(expiresAt.getTime() / 1000) };
  const payload = Buffer.from(JSON.stringify(said)).toString('base64url');
  const { id, key } = keys[0]!;
  return `${payload}.${id}.${macOf(key, kind, payload, id).toString('base64url')}`;
}

/** What the token of a link of that kind says; null when no key of ours signed it for that kind, or it has expired. */
export function verify({ keys }: LinkKeys, kind: string, token: string, now: Date): Link | null {
  const [, payload, id, mac] = TOKEN.exec(token) ?? [];
  const key = keys.find((known) => known.id === id)?.key;
  if (!key || !timingSafeEqual(macOf(key, kind, payload!, id!), Buffer.from(mac!, 'base64url'))) return null;
  const { u, c, o, e } = JSON.parse(Buffer.from(payload!, 'base64url').toString());
  if (!isUuid(u) || !isUuid(c) || !(now.getTime() < e * 1000)) return null;
  return { kind, userId: u, companyId: c, options: o };
}

/** The kind is signed too, with a length that is plain from the line break: a token of one kind is none of another. */
const macOf = (key: KeyObject, kind: string, payload: string, id: string): Buffer =>
  createHmac('sha256', key).update(`${kind}\n${payload}.${id}`).digest();
