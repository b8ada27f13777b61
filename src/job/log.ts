import { Logger } from 'graphile-worker';
import type { Logger as Log } from 'pino';

/** The library of jobs, saying nothing. */
export const silentLogger = new Logger(() => () => {});

const OF_ITS_LEVELS = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

/** The library of jobs, telling the gateway's log: what goes well only to whoever debugs. */
export const loggerTo = (log: Log): Logger =>
  new Logger((scope) => (level, message, meta) => {
    // that there are fewer connections than workers, at each start: it is meant, they wait for others nearly all the time
    if (message.includes('maxPoolSize')) return;
    const failure = meta as { error?: unknown } | undefined;
    log[OF_ITS_LEVELS[level]]({ ...scope, ...(failure?.error ? { err: failure.error } : {}) }, message);
  });
