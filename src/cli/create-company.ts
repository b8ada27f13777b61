import pino from 'pino';
import { type Config, loadConfig } from '../config.ts';
import { createCompany } from '../directory/company.commands.ts';
import { Refused } from '../kernel/errors.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { openWorld } from '../world.ts';
import { companyArguments } from './companyArguments.ts';

/** How the first admin signs in under these settings. */
function signInOf({ signIn }: Config, email: string): string {
  if (signIn.kind !== 'jwks') return `Sign in with the token that this prints: npm run -s token -- ${email}`;
  const who = signIn.field === 'email' ? `the address ${email}` : `the user's ${signIn.field}`;
  return `Sign in with a token whose claim "${signIn.claim}" is ${who}.`;
}

/* npm run create-company -- NAME --admin EMAIL: makes a company with its first admin, whose name comes from the address. */
try {
  const { name, adminEmail } = companyArguments(process.argv.slice(2));
  const config = loadConfig(process.env);
  const world = await openWorld(config, pino({ level: 'silent' }));
  try {
    const admin = await createCompany(world, { name, adminEmail });
    const id = toGlobalId('Company', admin.companyId);
    process.stdout.write(`${admin.companies[0]!.name} is made. Its id is ${id}\n`);
    process.stdout.write(`${admin.name} (${adminEmail}) is its admin. ${signInOf(config, adminEmail)}\n`);
    process.stdout.write(
      `Whoever is a user of other companies too chooses this one by a header: X-Company-Id: ${id}\n`,
    );
  } finally {
    await world.close();
  }
} catch (error) {
  const message =
    error instanceof Refused ? error.errors.map((fault) => fault.message).join(' ') : (error as Error).message;
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
