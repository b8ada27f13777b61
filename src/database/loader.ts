import DataLoader from 'dataloader';

/** How to load many things by key at once; what is not in the answer is null. One definition, many requests. */
export interface Batch<Asker, Key, Value> {
  fetch(asker: Asker, keys: readonly Key[]): Promise<Map<Key, Value>>;
}

export const batch = <Asker, Key, Value>(fetch: Batch<Asker, Key, Value>['fetch']): Batch<Asker, Key, Value> => ({
  fetch,
});

/** The loads of one request: keys asked for in the same tick go to the database together, and each only once. */
export class Loads<Asker> {
  readonly #asker: Asker;
  readonly #loaders = new Map<object, DataLoader<unknown, unknown>>();

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  #of<Key, Value>(what: Batch<Asker, Key, Value>): DataLoader<Key, Value | null> {
    const known = this.#loaders.get(what);
    if (known) return known as DataLoader<Key, Value | null>;
    const loader = new DataLoader<Key, Value | null>(
      async (keys) => {
        const found = await what.fetch(this.#asker, keys);
        return keys.map((key) => found.get(key) ?? null);
      },
      // more than a page of the largest list never comes together; statements stay bounded all the same
      { maxBatchSize: 5_000 },
    );
    this.#loaders.set(what, loader as DataLoader<unknown, unknown>);
    return loader;
  }

  /** One thing, or null when it is not there (or not for the asker). */
  load<Key, Value>(what: Batch<Asker, Key, Value>, key: Key): Promise<Value | null> {
    return this.#of(what).load(key);
  }

  /** Several things in the order of the keys, without those that are not there. */
  async loadAll<Key, Value>(what: Batch<Asker, Key, Value>, keys: readonly Key[]): Promise<Value[]> {
    const found = await Promise.all(keys.map((key) => this.load(what, key)));
    return found.filter((value) => value !== null);
  }

  /** Something known already, so that nobody asks the database for it again. */
  know<Key, Value>(what: Batch<Asker, Key, Value>, key: Key, value: Value): void {
    this.#of(what).clear(key).prime(key, value);
  }

  /** Forget everything: a mutation has changed the world. */
  clear(): void {
    this.#loaders.clear();
  }
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
