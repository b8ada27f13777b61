// a parsed document takes some fifty times its text: 500 of at most 10,000 characters are 250 MB at the very worst, and 5 in practice
const MAX_DOCUMENTS = 500;
const MAX_CHARACTERS = 10_000;

/** Keeps what was made of the documents used last; long ones are made anew each time. */
export function createDocumentCache<T>() {
  const kept = new Map<string, T>();
  return {
    get(text: string): T | undefined {
      const found = kept.get(text);
      // taken out and put in again: the map's first is the one not used for the longest time
      if (found !== undefined && kept.delete(text)) kept.set(text, found);
      return found;
    },
    set(text: string, value: T): void {
      if (text.length > MAX_CHARACTERS) return;
      kept.set(text, value);
      if (kept.size > MAX_DOCUMENTS) kept.delete(kept.keys().next().value!);
    },
  };
}
