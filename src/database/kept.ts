import type { Batch } from './loader.ts';

/** What a process remembers between requests of what some batches have loaded, for one version of one company's names. */
export interface Kept {
  get<Key, Value>(what: Batch<never, Key, Value>, key: Key): Value | undefined;
  put<Key, Value>(what: Batch<never, Key, Value>, found: ReadonlyMap<Key, Value>): void;
}

/** The memory of a process. */
export interface Keeper {
  /**
   * What is remembered of a company at this version of its names (companies.names_version): the same as long as the version is the
   * same, empty when it has changed. A request that reads the version first, and then what is not remembered, never sees a name
   * that is older than the version it read, whichever process has changed it.
   */
  of(companyId: string, version: string): Kept;
}

// some 500 bytes each: 25 MB at most
const MOST = 50_000;

/** A memory of at most `most` things; the companies that were not asked for longest are forgotten first. */
export function createKeeper(most = MOST): Keeper {
  // in the order in which they were last asked for
  const companies = new Map<string, Shelf & { version: string }>();
  const makeRoom = () => {
    let size = 0;
    for (const shelf of companies.values()) size += shelf.size;
    for (const [id, shelf] of companies) {
      if (size <= most) return;
      size -= shelf.size;
      companies.delete(id);
    }
  };
  return {
    of(companyId, version) {
      const known = companies.get(companyId);
      const shelf = known?.version === version ? known : Object.assign(new Shelf(makeRoom), { version });
      companies.delete(companyId);
      companies.set(companyId, shelf);
      return shelf;
    },
  };
}

/** A memory for one request alone: after it has changed something itself. */
export const keptForNow = (): Kept => new Shelf(() => {});

class Shelf implements Kept {
  size = 0;
  readonly #values = new Map<object, Map<unknown, unknown>>();
  readonly #grown: () => void;

  constructor(grown: () => void) {
    this.#grown = grown;
  }

  get<Key, Value>(what: Batch<never, Key, Value>, key: Key): Value | undefined {
    return this.#values.get(what)?.get(key) as Value | undefined;
  }

  put<Key, Value>(what: Batch<never, Key, Value>, found: ReadonlyMap<Key, Value>): void {
    const values = this.#values.get(what) ?? new Map();
    this.#values.set(what, values);
    this.size -= values.size;
    for (const [key, value] of found) values.set(key, value);
    this.size += values.size;
    this.#grown();
  }
}
