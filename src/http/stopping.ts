// npm passes on a signal that the terminal has already sent to all: two within that time are one
const SAME_SIGNAL_MS = 500;
const LOOK_FOR_PARENT_MS = 300;
// when everything is closed, nothing is left to wait for
const END_MS = 3_000;

/** Resolves at the first signal to stop; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let first = 0;
    const onSignal = (signal: NodeJS.Signals) => {
      if (first === 0) {
        first = performance.now();
        resolve();
      } else if (performance.now() - first > SAME_SIGNAL_MS) {
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    if (process.env.npm_lifecycle_event) whenOrphaned(() => onSignal('SIGTERM'));
  });
}

/** npm runs us in a shell, and a SIGTERM to npm ends that shell without a word to us: we would go on for ever, seen by nobody. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    stop();
  }, LOOK_FOR_PARENT_MS).unref();
}

/** Ends the process when all is closed, also if something that was cut off still hangs on to it. */
export function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}
