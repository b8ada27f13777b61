import { readingOf } from '../database/orm.ts';
import type { SignedIn } from '../directory/viewer.ts';
import { type EventRow, eventsOfAct } from '../event/event.queries.ts';
import type { Context } from '../graph/context.ts';
import { rateLimited, unauthenticated, unavailable } from '../kernel/errors.ts';
import type { World } from '../world.ts';
import { type Listener, listenTo } from './listener.ts';
import { type Listening, viewersNow } from './standing.queries.ts';
import { openStream, type Parcel, type Stream } from './stream.ts';
import type { Reader, Topic } from './topic.ts';

/** The streams of a process: who listens to what, and what they are told. */
export interface Hub {
  /**
   * Lets somebody listen to a topic. Rejects with RATE_LIMITED when they have as many streams open as they may. Who listens is looked
   * at again at each act that concerns them and at each beat, and the stream ends, with the reason, when they could not sign in now.
   */
  open<News, About>(
    listening: Listening,
    topic: Topic<News, About>,
    atOnce: number,
  ): Promise<AsyncIterableIterator<Parcel<News>>>;
  /** streams that are open now; news that were sent, and times without a connection to hear from, since the start */
  count(): { streams: number; news: number; gaps: number };
  /** ends all streams, and takes no new ones */
  close(): Promise<void>;
}

/** Between looks at who listens, and between signs of life on a stream: proxies cut what is silent, most after 60 s, some after 30. */
export const BEAT_MS = 12_000;
// An act takes some ms. Where they come faster than that, those who listen read the lot anew instead
const MOST_ACTS = 500;
// whoever has too many streams open must close one: seconds until it is worth asking again
const RETRY_S = 30;

interface Open extends Listening {
  topic: Topic<unknown>;
  stream: Stream<unknown>;
}

/** One company with somebody who listens: acts are read in the order in which they were committed. */
interface Company {
  open: Set<Open>;
  acts: string[];
  reading: boolean;
}

/**
 * The streams of a process, which hears of acts from the database, whichever process did them: it listens from the first stream on.
 * `contextOf` makes the context that news are shown in.
 */
export function createHub(world: World, contextOf: (viewer: SignedIn) => Context, beatMs = BEAT_MS): Hub {
  const { clock, config, log } = world;
  const db = readingOf(world.orm);
  const companies = new Map<string, Company>();
  const perUser = new Map<string, number>();
  const counts = { streams: 0, news: 0, gaps: 0 };
  let listener: Listener | undefined;
  let beating: NodeJS.Timeout | undefined;
  let closed = false;

  const everybody = (): Open[] => [...companies.values()].flatMap(({ open }) => [...open]);
  const refetch = (some: Iterable<Open>) => {
    for (const { stream } of some) stream.refetch();
  };

  function start(): Listener {
    beating ??= setInterval(beat, beatMs).unref();
    listener ??= listenTo(world.directUrl, 'acts', {
      log,
      onNotice,
      onGap() {
        counts.gaps += 1;
        refetch(everybody());
      },
    });
    return listener;
  }

  function onNotice(notice: string): void {
    const [companyId, actId] = notice.split(' ');
    const company = companies.get(companyId!);
    if (!company || !actId) return;
    company.acts.push(actId);
    if (company.acts.length > MOST_ACTS) {
      company.acts = [];
      refetch(company.open);
    }
    if (!company.reading) void readActs(company);
  }

  async function readActs(company: Company): Promise<void> {
    company.reading = true;
    for (let act = company.acts.shift(); act; act = company.acts.shift()) {
      await tell(company, act).catch((error) => {
        log.error({ err: error, act }, 'an act was not told to those who listen');
        refetch(company.open);
      });
    }
    company.reading = false;
  }

  async function tell({ open }: Company, actId: string): Promise<void> {
    const events = await eventsOfAct(db, actId);
    const ears = await stillThere([...open].filter(({ topic }) => events.some(topic.concerns)));
    for (const [read, group] of Map.groupBy(ears, ({ topic }) => topic.read)) await tellGroup(read, events, group);
  }

  async function tellGroup(read: Reader<unknown, unknown>, events: EventRow[], group: Open[]): Promise<void> {
    const news = await read(
      db,
      events,
      group.map(({ viewer, topic }) => ({ userId: viewer.id, about: topic.about })),
    );
    group.forEach(({ stream, viewer }, n) => {
      stream.put(news[n]!, () => contextOf(viewer));
    });
  }

  /** Those of them who could still sign in as they did, as they are now; the streams of the others end. */
  async function stillThere(some: Open[]): Promise<Open[]> {
    const now = clock.now();
    const left = some.filter((one) => {
      const isOver = one.expiresAt !== null && one.expiresAt <= now;
      if (isOver) one.stream.end(unauthenticated('The token has expired: get a new one.'));
      return !isOver;
    });
    if (left.length === 0) return [];
    const viewers = await viewersNow(db, now, left);
    return left.filter((one, n) => {
      const viewer = viewers[n];
      if (viewer) one.viewer = viewer;
      else one.stream.end(unauthenticated('This sign-in is not good any more.'));
      return viewer;
    });
  }

  let looking = false;
  function beat(): void {
    if (looking) return;
    looking = true;
    stillThere(everybody())
      .catch((error) => log.warn({ err: error }, 'those who listen could not be looked at'))
      .finally(() => {
        looking = false;
      });
  }

  function enter(one: Open): void {
    const { id, companyId } = one.viewer;
    perUser.set(id, (perUser.get(id) ?? 0) + 1);
    counts.streams += 1;
    const company = companies.get(companyId) ?? { open: new Set(), acts: [], reading: false };
    companies.set(companyId, company);
    company.open.add(one);
  }

  function leave(one: Open): void {
    const { id, companyId } = one.viewer;
    const left = perUser.get(id)! - 1;
    if (left > 0) perUser.set(id, left);
    else perUser.delete(id);
    counts.streams -= 1;
    const company = companies.get(companyId)!;
    company.open.delete(one);
    if (company.open.size === 0) companies.delete(companyId);
  }

  return {
    async open<News, About>(listening: Listening, topic: Topic<News, About>, atOnce: number) {
      if (closed) throw unavailable('This process is stopping: connect again.');
      if ((perUser.get(listening.viewer.id) ?? 0) >= config.maxStreams)
        throw rateLimited(`You have ${config.maxStreams} streams open already: close one first.`, RETRY_S);
      const stream: Stream<unknown> = openStream({
        missed: topic.missed as unknown,
        context: () => contextOf(one.viewer),
        atOnce,
        onTaken: (news) => {
          counts.news += news;
        },
        onClose: () => leave(one),
      });
      const one: Open = { ...listening, topic: topic as unknown as Topic<unknown>, stream };
      // from here on nothing is lost: what happens before the connection hears is told as missed
      enter(one);
      await start().ready;
      return stream.parcels as AsyncIterableIterator<Parcel<News>>;
    },
    count: () => ({ ...counts }),
    async close() {
      closed = true;
      clearInterval(beating);
      for (const { stream } of everybody()) stream.end();
      await listener?.close();
    },
  };
}
