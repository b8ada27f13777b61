import { setTimeout as sleep } from 'node:timers/promises';
import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { Context } from '../../src/graph/context.ts';
import { unauthenticated } from '../../src/kernel/errors.ts';
import { openStream } from '../../src/live/stream.ts';
import { createSubscribe } from '../../src/live/subscribe.ts';
import { createTurns } from '../../src/live/turns.ts';

const schema = buildSchema('type Query { a: Int } type Subscription { said: String }');
const STALE_MS = 40;

/** A stream of words, and its answers one by one, as whoever sends them takes them. */
async function listening({ atOnce = 3, staleMs = 60_000 } = {}) {
  const seen = { taken: 0, closed: 0 };
  const context = () => ({}) as Context;
  const stream = openStream<{ said: () => unknown }>({
    missed: { said: () => 'missed' },
    ...{ context, atOnce, staleMs },
    onTaken: (news) => {
      seen.taken += news;
    },
    onClose: () => {
      seen.closed += 1;
    },
  });
  const turns = createTurns(2);
  const subscribe = createSubscribe((work) => turns(work), staleMs);
  const document = parse('subscription { said }');
  const results = await subscribe({ schema, document, rootValue: { said: () => stream.parcels } });
  if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results));
  const next = async () => {
    const { done, value } = await results.next();
    if (done) return 'over';
    return value.data ? value.data.said : value.errors![0]!.message;
  };
  const say = (...words: string[]) =>
    stream.put(
      words.map((word) => ({ said: () => word })),
      context,
    );
  return { stream, seen, results, next, say };
}

test('news come in their order, whoever is first: the one who listens, or the news', async () => {
  const { next, say, seen, results, stream } = await listening();
  const waiting = next();
  say('a');
  say('b', 'c', 'd', 'e');
  say('f');
  expect([await waiting, await next(), await next()]).toEqual(['a', 'b', 'c']);
  // what a parcel holds is made ready together, and no more than that
  expect(seen.taken).toBe(4);
  expect([await next(), await next(), await next()]).toEqual(['d', 'e', 'f']);
  const last = next();
  stream.end();
  expect([await last, await next(), seen.closed]).toEqual(['over', 'over', 1]);
  say('g');
  expect(await next()).toBe('over');
  await results.return!();
  expect(seen.closed).toBe(1);
});

test('it ends with its reason, and without what was ready; who leaves is told nothing', async () => {
  const { next, say, stream } = await listening();
  say('a', 'b', 'c', 'd');
  expect(await next()).toBe('a');
  stream.end(unauthenticated('The token has expired.'));
  expect([await next(), await next()]).toEqual(['The token has expired.', 'over']);

  const other = await listening();
  const waiting = other.next();
  await other.results.return!();
  other.say('a');
  expect([await waiting, await other.next(), other.seen.closed]).toEqual(['over', 'over', 1]);
});

test('too much for one who takes nothing becomes one word; what comes after it is told', async () => {
  const { next, say } = await listening();
  for (let i = 0; i <= 1_000; i += 1) say(String(i));
  say('after');
  expect([await next(), await next()]).toEqual(['missed', 'after']);
});

test('what lies for too long is not told, whether it was ready or waited; nobody needs to come for it', async () => {
  const { next, say } = await listening({ staleMs: STALE_MS });
  say('a', 'b', 'c', 'd');
  expect(await next()).toBe('a');
  await sleep(STALE_MS * 2);
  // said after the word that something was missed, which was there before anybody came
  say('e');
  expect([await next(), await next()]).toEqual(['missed', 'e']);
  say('f');
  await sleep(STALE_MS * 2);
  say('g');
  expect(await next()).toBe('missed');

  // what was taken in time is not missed later
  say('h', 'i', 'j');
  expect([await next(), await next(), await next()]).toEqual(['h', 'i', 'j']);
  await sleep(STALE_MS * 2);
  say('k');
  expect(await next()).toBe('k');
});

test('an accident ends the stream, and what asks the database waits for its turn', async () => {
  const { next, say, stream } = await listening();
  stream.put([{ said: () => 'a' }], () => {
    throw new Error('no context');
  });
  say('b');
  expect([await next(), await next()]).toEqual(['Unexpected error.', 'over']);

  let [busy, most] = [0, 0];
  const turn = createTurns(3);
  const work = (fails: boolean) =>
    turn(async () => {
      busy += 1;
      most = Math.max(most, busy);
      await sleep(1);
      busy -= 1;
      if (fails) throw new Error('failed');
    }).catch(() => {});
  await Promise.all(Array.from({ length: 20 }, (_, n) => work(n % 4 === 0)));
  expect([busy, most]).toEqual([0, 3]);
});
