import { isIP } from 'node:net';
import { dbOf } from '../database/orm.ts';
import type { World } from '../world.ts';
import { demoIds } from './demoIds.ts';
import type { Page } from './graphiql.ts';
import { plainTabs, tutorialTabs } from './graphiqlTabs.ts';
import { signingSecret } from './signIn.ts';
import { mintToken } from './token.ts';

/** What GraphiQL opens with: in demo mode the tutorial, each tab signed in as the person whose step it is. */
export async function graphiqlPage({ config, clock, orm }: World, request: Request): Promise<Page> {
  const plain = { world: 'none', tabs: plainTabs, tokens: [] };
  if (config.signIn.kind !== 'demo' || !isOwnAddress(new URL(request.url).hostname)) return plain;
  const ids = await demoIds(dbOf(orm.em.fork()));
  if (!ids) return plain;
  const secret = (await signingSecret(config))!;
  const now = clock.now();
  const tokens = {
    joeOwner: await mintToken(config.signIn, secret, ids.joeOwner, now),
    architect: await mintToken(config.signIn, secret, ids.architect, now),
  };
  return { world: ids.company, tabs: tutorialTabs(ids, tokens, now), tokens: Object.values(tokens) };
}

/**
 * Whether a request was made to this machine by number or as localhost. A site whose name was turned to our address while its
 * page was open (DNS rebinding) could read the page, but only under its own name: no tokens for those.
 */
function isOwnAddress(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
