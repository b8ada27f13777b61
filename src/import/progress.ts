/** How far something is, for whoever waits. */
export interface Progress {
  /** how much there is to do */
  start(total: number): void;
  /** so much more of it is done; `at` is where */
  pass(amount: number, at?: string): void;
  finish(): void;
}

const WIDTH = 30;
// often enough to see that it goes on, and no more lines than a log can bear
const EVERY_MS = { bar: 100, lines: 5_000 };

interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** A bar on a terminal; elsewhere a line now and then. */
export function progressOn(screen: Screen, now: () => number = () => performance.now()): Progress {
  const kind = screen.isTTY ? 'bar' : 'lines';
  let [total, done, last, shown] = [0, 0, Number.NEGATIVE_INFINITY, ''];
  const draw = (at = ''): void => {
    const part = total > 0 ? Math.min(1, done / total) : 1;
    const percent = `${Math.floor(part * 100)} %`;
    const full = Math.round(part * WIDTH);
    const bar = `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${percent} ${at}`.slice(
      0,
      (screen.columns ?? 80) - 1,
    );
    const text = kind === 'bar' ? `\r\x1b[K${bar}` : `${percent} ${at}`.trimEnd();
    if (text !== shown) screen.write(kind === 'bar' ? text : `${text}\n`);
    shown = text;
    last = now();
  };
  return {
    start(amount) {
      total = amount;
      draw();
    },
    pass(amount, at) {
      done += amount;
      if (now() - last >= EVERY_MS[kind]) draw(at);
    },
    finish() {
      done = total;
      draw();
      if (kind === 'bar') screen.write('\n');
    },
  };
}
