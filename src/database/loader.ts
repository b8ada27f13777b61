import DataLoader from 'dataloader';
import type { Kept } from './kept.ts';

/** How to load many things by key at once; what is not in the answer is null. One definition, many requests. */
export interface Batch<Asker, Key, Value> {
  fetch(asker: Asker, keys: readonly Key[]): Promise<Map<Key, Value>>;
  /** whether a process may remember the answers for later requests, of whomever in the same company (kept.ts) */
  kept: boolean;
}

export const batch = <Asker, Key, Value>(fetch: Batch<Asker, Key, Value>['fetch']): Batch<Asker, Key, Value> => ({
  fetch,
  kept: false,
});

/** A batch of names: the same for everybody in the company, and nothing that decides about rights. */
export const names = <Asker, Key, Value>(fetch: Batch<Asker, Key, Value>['fetch']): Batch<Asker, Key, Value> => ({
  fetch,
  kept: true,
});

export type MaybePromise<Value> = Value | Promise<Value>;

/** Goes on with a value, at once if it is there. A promise for each field of a page is most of what the page costs. */
export const follow = <Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> => (value instanceof Promise ? value.then(next) : next(value));

/** The loads of one request: keys asked for in the same tick go to the database together, and each only once. */
export class Loads<Asker> {
  readonly #asker: Asker;
  readonly #forget: () => Kept;
  #kept: Kept;
  #known = new Map<object, Map<unknown, unknown>>();
  #loaders = new Map<object, DataLoader<unknown, unknown>>();

  /** `kept` is what the process remembers; after a change, the request goes on with what `forget` gives. */
  constructor(asker: Asker, kept: Kept, forget: () => Kept) {
    this.#asker = asker;
    this.#kept = kept;
    this.#forget = forget;
  }

  #of<Key, Value>(what: Batch<Asker, Key, Value>): DataLoader<Key, Value | null> {
    const made = this.#loaders.get(what);
    if (made) return made as DataLoader<Key, Value | null>;
    // those of now, even if all is forgotten while this one waits: what comes back may be older than that
    const [kept, known] = [this.#kept, this.#known];
    const loader = new DataLoader<Key, Value | null>(
      async (keys) => {
        const found = await what.fetch(this.#asker, keys);
        if (what.kept) kept.put(what, found);
        const values = keys.map((key) => found.get(key) ?? null);
        keys.forEach((key, n) => {
          knownOf(known, what).set(key, values[n]);
        });
        return values;
      },
      // more than a page of the largest list never comes together; statements stay bounded all the same
      { maxBatchSize: 5_000 },
    );
    this.#loaders.set(what, loader as DataLoader<unknown, unknown>);
    return loader;
  }

  /** One thing, or null when it is not there (or not for the asker): at once if it is known already. */
  at<Key, Value>(what: Batch<Asker, Key, Value>, key: Key): MaybePromise<Value | null> {
    const known = this.#known.get(what)?.get(key) as Value | null | undefined;
    if (known !== undefined) return known;
    return (what.kept ? this.#kept.get(what, key) : undefined) ?? this.#of(what).load(key);
  }

  /** One thing that is there, because something that the asker sees refers to it: at once if it is known already. */
  the<Key, Value>(what: Batch<Asker, Key, Value>, key: Key): MaybePromise<Value> {
    return this.at(what, key) as MaybePromise<Value>;
  }

  /** Several things in the order of the keys, without those that are not there: at once if all are known already. */
  allAt<Key, Value>(what: Batch<Asker, Key, Value>, keys: readonly Key[]): MaybePromise<Value[]> {
    const found = keys.map((key) => this.at(what, key));
    if (!found.some((value) => value instanceof Promise)) return (found as Value[]).filter((value) => value !== null);
    return Promise.all(found).then((values) => values.filter((value) => value !== null));
  }

  /** The same as `at`, as a promise. */
  async load<Key, Value>(what: Batch<Asker, Key, Value>, key: Key): Promise<Value | null> {
    return this.at(what, key);
  }

  /** The same as `allAt`, as a promise. */
  async loadAll<Key, Value>(what: Batch<Asker, Key, Value>, keys: readonly Key[]): Promise<Value[]> {
    return this.allAt(what, keys);
  }

  /** Something known already, so that nobody asks the database for it again. */
  know<Key, Value>(what: Batch<Asker, Key, Value>, key: Key, value: Value): void {
    knownOf(this.#known, what).set(key, value);
    if (what.kept) this.#kept.put(what, new Map([[key, value]]));
  }

  /** Forget everything: a mutation has changed the world. */
  clear(): void {
    this.#loaders = new Map();
    this.#known = new Map();
    this.#kept = this.#forget();
  }
}

function knownOf(known: Map<object, Map<unknown, unknown>>, what: object): Map<unknown, unknown> {
  const values = known.get(what) ?? new Map();
  known.set(what, values);
  return values;
}

/** Rows by their id, as a batch answers them. */
export const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/** Rows grouped by a key, in the order of the rows. */
export function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
