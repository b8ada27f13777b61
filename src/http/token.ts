import { SignJWT } from 'jose';
import type { SignInSettings } from '../config.ts';

/** What a token says about a user: the fields that settings can choose to go by. */
export interface TokenUser {
  id: string;
  email: string;
  externalId: string | null;
}

// a working day with its breaks: one token a morning is enough to try things out
const TOKEN_HOURS = 12;

/**
 * A sign-in token for a user, signed with the secret of the settings, good for 12 hours from `now`.
 * Throws when the settings go by a field that the user does not have.
 */
export async function mintToken(settings: SignInSettings, secret: string, user: TokenUser, now: Date): Promise<string> {
  const value = user[settings.field];
  if (!value) throw new Error(`${user.email} has no ${settings.field}, which tokens name users by (JWT_USER_FIELD).`);
  const issuedAt = Math.floor(now.getTime() / 1000);
  const token = new SignJWT({ [settings.claim]: value })
    .setProtectedHeader({ alg: settings.algorithms[0]!, typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOKEN_HOURS * 3600);
  if (settings.issuer) token.setIssuer(settings.issuer);
  if (settings.audience) token.setAudience(settings.audience);
  return token.sign(new TextEncoder().encode(secret));
}
