import { dbOf } from '../database/orm.ts';
import type { World } from '../world.ts';
import { demoIds } from './demoIds.ts';
import type { Page } from './graphiql.ts';
import { plainTabs, tutorialTabs } from './graphiqlTabs.ts';
import { isOwnAddress } from './ownAddress.ts';
import { signingSecret } from './signIn.ts';
import { mintToken } from './token.ts';

/** What GraphiQL opens with: in demo mode the tutorial, each tab signed in as the person whose step it is. */
export async function graphiqlPage({ config, clock, orm }: World, request: Request): Promise<Page> {
  const plain = { world: 'none', tabs: plainTabs, tokens: [] };
  if (config.signIn.kind !== 'demo' || !isOwnAddress(request)) return plain;
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
