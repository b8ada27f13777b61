import { parseArgs } from 'node:util';

const USAGE = 'Usage: npm run create-company -- NAME --admin EMAIL';

/** What the words after `npm run create-company --` ask for. Throws what to say when they make no sense. */
export function companyArguments(args: string[]): { name: string; adminEmail: string } {
  const { values, positionals } = parseArgs({ args, options: { admin: { type: 'string' } }, allowPositionals: true });
  const [name, ...more] = positionals;
  if (!name || !values.admin || more.length > 0) throw new Error(USAGE);
  return { name, adminEmail: values.admin };
}
