import { dbOf } from '../database/orm.ts';
import type { World } from '../world.ts';
import { demoIds } from './demoIds.ts';
import type { Listening } from './listen.ts';
import { signingSecret } from './signIn.ts';
import { mintToken } from './token.ts';

/** What the terminal shows when the gateway is ready: where it is, and in demo mode a token for each person of the demo. */
export async function greeting(world: World, { host, port }: Listening): Promise<string> {
  const { config } = world;
  const name = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host) ? 'localhost' : host;
  const origin = `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
  const lines = [`Correspondence Gateway: ${origin}/graphql${config.graphiql ? ' (GraphiQL, in a browser)' : ''}`];
  if (!config.worker)
    lines.push('What follows changes (mail, webhooks, cleaning) is left to npm run worker: WORKER is false here.');
  if (config.signIn.kind === 'demo' && world.mailer.mailbox)
    lines.push(`Mails that would be sent: ${origin}/mailbox (in a browser on this machine)`);
  if (config.signIn.kind === 'demo') lines.push(...(await demoLines(world)));
  return `${lines.join('\n')}\n`;
}

async function demoLines({ config, clock, orm }: World): Promise<string[]> {
  const warning =
    'Demo mode: no sign-in is configured (JWT_SECRET, JWT_JWKS_URL), so that whoever has one of these tokens is let in.';
  const db = dbOf(orm.em.fork());
  const ids = await demoIds(db);
  if (!ids) return [warning, 'A token of a user: npm run -s token -- EMAIL'];
  const people = await db
    .selectFrom('users')
    .where('companyId', '=', ids.company)
    .where('active', '=', true)
    .where('isService', '=', false)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(50)
    .select(['id', 'name', 'email', 'externalId'])
    .execute();
  const secret = (await signingSecret(config))!;
  const now = clock.now();
  const lines = people.map(async (person) => {
    const token = await mintToken(config.signIn, secret, person, now);
    return `  ${person.name} <${person.email}>\n    ${token}`;
  });
  return [warning, 'Tokens of the people of the demo, for the next 12 hours:', ...(await Promise.all(lines))];
}
