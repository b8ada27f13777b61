import { createHmac, timingSafeEqual } from 'node:crypto';

/** The email in a token signed with HS256, as the bare server reads it; null when it is not good. */
export function emailIn(authorization: string | undefined, secret: string): string | null {
  const [header, payload, signature] = authorization?.replace(/^Bearer /, '').split('.') ?? [];
  if (!header || !payload || !signature) return null;
  const right = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const { email, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return exp * 1000 > Date.now() ? email : null;
}
