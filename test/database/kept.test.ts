import { expect, test } from 'vitest';
import { createKeeper, keptForNow } from '../../src/database/kept.ts';
import { batch, Loads, names } from '../../src/database/loader.ts';

const letters = names<{ asked: string[][] }, string, string>(async ({ asked }, keys) => {
  asked.push([...keys]);
  return new Map(keys.filter((key) => key !== '?').map((key) => [key, key.toUpperCase()]));
});

test('what is remembered of a company is the same as long as its version is', () => {
  const keeper = createKeeper();
  const first = keeper.of('acme', '1');
  first.put(letters, new Map([['a', 'A']]));
  expect(keeper.of('acme', '1').get(letters, 'a')).toBe('A');
  expect(keeper.of('other', '1').get(letters, 'a')).toBeUndefined();
  expect(keeper.of('acme', '2').get(letters, 'a')).toBeUndefined();
  // a request that read the version before the change, and goes on after it, puts what it finds where nobody looks
  first.put(letters, new Map([['b', 'old']]));
  expect(keeper.of('acme', '2').get(letters, 'b')).toBeUndefined();
});

test('the companies that were not asked for longest are forgotten first', () => {
  const keeper = createKeeper(4);
  const put = (company: string, ...keys: string[]) =>
    keeper.of(company, '1').put(letters, new Map(keys.map((key) => [key, key])));
  put('acme', 'a', 'b');
  put('other', 'c');
  keeper.of('acme', '1');
  put('third', 'd', 'e');
  expect(keeper.of('other', '1').get(letters, 'c')).toBeUndefined();
  expect(keeper.of('acme', '1').get(letters, 'a')).toBe('a');
  expect(keeper.of('third', '1').get(letters, 'd')).toBe('d');
});

test('a company that alone is more than there is room for is forgotten, and answers all the same', async () => {
  const keeper = createKeeper(2);
  const asker = { asked: [] as string[][] };
  for (const keys of [['a', 'b', 'c'], ['d', 'e', 'f'], ['a']]) {
    const loads = new Loads(asker, keeper.of('acme', '1'), keptForNow);
    expect(await loads.loadAll(letters, keys)).toEqual(keys.map((key) => key.toUpperCase()));
  }
  expect(asker.asked.flat()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'a']);
});

test('names are asked for once in a process, anything else once in a request; what is not there is not remembered', async () => {
  const keeper = createKeeper();
  const asker = { asked: [] as string[][] };
  const rights = batch<{ asked: string[][] }, string, string>(letters.fetch);
  const request = () => new Loads(asker, keeper.of('acme', '1'), keptForNow);
  for (const loads of [request(), request()]) {
    for (const what of [letters, rights]) {
      expect(await loads.loadAll(what, ['a', '?'])).toEqual(['A']);
      expect(loads.at(what, 'a')).toBe('A'); // at once
      expect(loads.allAt(what, ['a', '?', 'a'])).toEqual(['A', 'A']);
    }
  }
  expect(asker.asked).toEqual([['a', '?'], ['a', '?'], ['?'], ['a', '?']]);
});

test('after a change, a request remembers nothing, and what it loads then is its own', async () => {
  const keeper = createKeeper();
  const asker = { asked: [] as string[][] };
  const loads = new Loads(asker, keeper.of('acme', '1'), keptForNow);
  await loads.load(letters, 'a');
  loads.clear();
  await loads.loadAll(letters, ['a', 'b']);
  expect(asker.asked).toEqual([['a'], ['a', 'b']]);
  expect(keeper.of('acme', '1').get(letters, 'b')).toBeUndefined();
});

test('what was on its way when all was forgotten is not remembered after', async () => {
  const keeper = createKeeper();
  const waiting: (() => void)[] = [];
  const slow = names<object, string, string>(async (_asker, keys) => {
    await new Promise<void>((go) => waiting.push(go));
    return new Map(keys.map((key) => [key, `${key} as it was`]));
  });
  const loads = new Loads({}, keeper.of('acme', '1'), keptForNow);
  const old = loads.load(slow, 'a');
  while (waiting.length < 1) await new Promise((go) => setImmediate(go));
  loads.clear();
  waiting[0]!();
  expect(await old).toBe('a as it was');
  expect(loads.at(slow, 'a')).toBeInstanceOf(Promise);
  while (waiting.length < 2) await new Promise((go) => setImmediate(go));
  waiting[1]!();
});
