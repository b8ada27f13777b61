import pino from 'pino';
import { loadConfig } from '../config.ts';
import { dbOf } from '../database/orm.ts';

import { signingSecret } from '../http/signIn.ts';
import { mintToken } from '../http/token.ts';
import { userByEmail } from '../http/tokenUser.ts';
import { openWorld } from '../world.ts';

/* npm run -s token -- EMAIL: a sign-in token of that user, good for 12 hours, and nothing else on stdout. */
try {
  const [email, ...more] = process.argv.slice(2);
  if (!email || more.length > 0) throw new Error('Usage: npm run -s token -- EMAIL');
  const config = loadConfig(process.env);
  if (config.signIn.kind === 'jwks') {
    throw new Error('Tokens come from whoever publishes JWT_JWKS_URL; the gateway cannot make any.');
  }
  const world = await openWorld(config, pino({ level: 'silent' }));
  try {
    const user = await userByEmail(dbOf(world.orm.em.fork()), email);
    if (!user) throw new Error(`No active user has the e-mail address ${email}.`);
    const secret = (await signingSecret(config))!;
    process.stdout.write(`${await mintToken(config.signIn, secret, user, world.clock.now())}\n`);
  } finally {
    await world.close();
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
