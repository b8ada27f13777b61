import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The source files, without `src/` in front; seeds are sources too. */
const files = ['src', 'seeds']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => /\.[jt]s$/.test(file))
  .map((file) => file.replace(/^src\//, ''));
const placeOf = (file: string): string => join(file.startsWith('seeds/') ? ROOT : join(ROOT, 'src'), file);
const textOf = (file: string): string => readFileSync(placeOf(file), 'utf8');

/** What a file needs to run: its imports, without those that are of types only. */
const imports = new Map(
  files.map((file) => [
    file,
    [...textOf(file).matchAll(/^(?:import|export)\s(?!type\b)[^;']*?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm)].map(
      ([, named, dynamic]) => relative(ROOT, join(dirname(placeOf(file)), named ?? dynamic!)).replace(/^src\//, ''),
    ),
  ]),
);

// who may need whom: each only those further down
const FEATURES = [
  'main.ts cli',
  'http/process.ts',
  'seeds',
  'app.ts',
  'worker',
  'http world.ts',
  'graph/schema.ts',
  'graph/deliverySights.ts',
  'import',
  'sync',
  'webhook',
  'notification',
  'view',
  'live',
  'export',
  'attachment',
  'search',
  'email',
  'response',
  'related',
  'item',
  'permission',
  'tool',
  'topic',
  'reference',
  'file',
  'delivery',
  'contact',
  'directory',
  'event',
  'reply',
  'link',
  'graph',
  'database',
  'job',
  // and the other files beside main.ts: settings
  'kernel config.ts',
].map((names) => names.split(' '));
const featureOf = (file: string): number => {
  const whole = FEATURES.findIndex((names) => names.includes(file));
  if (whole >= 0) return whole;
  return file.includes('/') ? FEATURES.findIndex((names) => names.includes(file.split('/')[0]!)) : FEATURES.length - 1;
};
// the list of entities is written by hand, in the one place that needs them all
const isListed = (from: string, to: string) => from === 'database/orm.ts' && to.endsWith('.entity.ts');

test('between features the arrows go down', () => {
  expect(files.filter((file) => featureOf(file) < 0)).toEqual([]);
  const up = [...imports].flatMap(([from, needed]) =>
    needed.filter((to) => featureOf(to) < featureOf(from) && !isListed(from, to)).map((to) => `${from} -> ${to}`),
  );
  expect(up).toEqual([]);
});

/** Everything that a file needs, and what that needs in turn. */
function reach(file: string, found = new Set<string>()): Set<string> {
  for (const needed of imports.get(file) ?? []) {
    if (found.has(needed)) continue;
    found.add(needed);
    reach(needed, found);
  }
  return found;
}

const FLOORS = ['policy', 'entity', 'queries', 'commands', 'graph'];
const floorOf = (file: string): number => FLOORS.indexOf(file.split('.').at(-2)!);

test('a floor rests on the floors below it, also by way of files without one', () => {
  const up = files
    .filter((file) => floorOf(file) >= 0)
    .flatMap((from) => [...reach(from)].filter((to) => floorOf(to) > floorOf(from)).map((to) => `${from} -> ${to}`));
  expect(up).toEqual([]);
});

test('rules know nothing of database, graph and HTTP', () => {
  const worldly = files.filter((file) => file.endsWith('.policy.ts')).flatMap((file) => [...reach(file)]);
  expect(worldly.filter((file) => !/\.policy\.ts$|^kernel\//.test(file))).toEqual([]);
});

test('nothing needs itself', () => {
  expect(files.filter((file) => reach(file).has(file))).toEqual([]);
});

test('files are short, say what they are about, and pass nothing on', () => {
  expect(files.filter((file) => textOf(file).split('\n').length > 400)).toEqual([]);
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|index|types|manager)\.[jt]s$/i.test(file))).toEqual(
    [],
  );
  expect(files.filter((file) => /^export\s[^;=(]*\sfrom\s'/m.test(textOf(file)))).toEqual([]);
});

test('the arrows are all there', () => {
  const needed = [...imports.values()].flat();
  expect(needed.length).toBeGreaterThan(300);
  expect(needed.filter((file) => !files.includes(file))).toEqual([]);
});
