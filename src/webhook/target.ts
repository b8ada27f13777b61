import { isIP } from 'node:net';
import type { World } from '../world.ts';
import { rangesOf, refuseAddresses, refuseForm } from './address.policy.ts';

// a person waits for what they save
const SAVING_MS = 5_000;

/** What it takes to find out where a call goes, of the world. */
export type Outside = Pick<World, 'config' | 'lookup'>;

/** Where a call goes: the IP addresses that were looked up and found to be in order, and no others. */
export interface Target {
  url: URL;
  addresses: string[];
}

/** Rejects when the signal does, whatever becomes of the work. */
const until = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/** Looks an address up, once, and judges all that it leads to. Rejects when the signal comes before the name is resolved. */
export async function findTarget(
  { config, lookup }: Outside,
  address: string,
  signal: AbortSignal,
): Promise<Target | { refusal: string }> {
  const url = URL.parse(address);
  if (!url) return { refusal: 'The address is not a URL.' };
  const malformed = refuseForm(url);
  if (malformed) return { refusal: malformed };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  let addresses: string[] = [];
  try {
    addresses = isIP(host) ? [host] : await until(signal, lookup(host, signal));
  } catch (error) {
    if (signal.aborted) throw error;
  }
  if (addresses.length === 0) return { refusal: `The name ${url.hostname} cannot be resolved.` };
  const rules = { allowed: rangesOf(config.webhookAllowedRanges), secureOnly: config.production };
  const refusal = refuseAddresses(rules, url, addresses);
  return refusal ? { refusal } : { url, addresses };
}

/** Why an endpoint is not saved with this address, as a sentence, or null. Each call asks again. */
export async function refuseAddress(world: Outside, address: string, timeoutMs = SAVING_MS): Promise<string | null> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  try {
    const target = await findTarget(world, address, limit.signal);
    return 'refusal' in target ? target.refusal : null;
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    return `The name ${new URL(address).hostname} cannot be resolved in time.`;
  } finally {
    clearTimeout(timer);
  }
}
