import autocannon from 'autocannon';
import { hasErrors, headersOf } from './send.ts';

export interface Load {
  url: string;
  token: string;
  /** what each connection sends, over and over */
  bodies: string[][];
  /** how many requests all connections send together */
  amount: number;
}

export interface Loaded {
  requests: number;
  seconds: number;
  /** of each request, in ms */
  latencies: number[];
}

const PATIENCE_S = 120; // a list by row level security takes seconds at L
const LOOK_MS = 20; // how soon autocannon sees that all is done

/**
 * Puts a bounded load on a server and waits for all answers, so that none is worked on when the next server has its turn.
 * Throws when an answer is not 200, or reports errors.
 */
export function load({ url, token, bodies, amount }: Load): Promise<Loaded> {
  const latencies: number[] = [];
  let connection = 0;
  let begin = performance.now();
  let end = begin;
  return new Promise((resolve, reject) => {
    const run = autocannon(
      {
        url,
        method: 'POST',
        headers: headersOf(token),
        connections: bodies.length,
        amount,
        timeout: PATIENCE_S,
        sampleInt: LOOK_MS,
        setupClient(client) {
          client.setRequests(bodies[connection++ % bodies.length]!.map((body) => ({ method: 'POST', body })));
        },
        verifyBody: (body: unknown) => !hasErrors(String(body)),
      } as autocannon.Options,
      (error, result) => {
        if (error) return reject(error);
        const { errors, timeouts, non2xx, mismatches } = result as autocannon.Result & { mismatches: number };
        if (errors + timeouts + non2xx + mismatches > 0 || latencies.length !== amount) {
          return reject(
            new Error(
              `${url}: ${latencies.length} of ${amount} answers; ${errors} errors, ${timeouts} late, ${non2xx} not 200, ${mismatches} with errors`,
            ),
          );
        }
        resolve({ requests: amount, seconds: (end - begin) / 1000, latencies });
      },
    );
    run.on('start', () => {
      begin = performance.now();
    });
    run.on('response', (_client, _status, _bytes, milliseconds) => {
      latencies.push(milliseconds);
      end = performance.now();
    });
  });
}

/** The value below which so many percent lie. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
}
