/** Lets so many at once do their work, and the others wait for their turn, first come first served. */
export function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (busy >= atOnce) await new Promise<void>((turn) => waiting.push(turn));
    else busy += 1;
    try {
      return await work();
    } finally {
      // the place goes to the next one as it is
      const turn = waiting.shift();
      if (turn) turn();
      else busy -= 1;
    }
  };
}
