import { Resolver, lookup as systemLookup } from 'node:dns/promises';

/** The IP addresses of a name; throws where there are none. Whoever asks stops waiting by the signal. */
export type Lookup = (name: string, signal: AbortSignal) => Promise<string[]>;

// twice as long at the second try: 6 s at most for a name whose servers are silent
const TIMEOUT_MS = 2_000;
const TRIES = 2;

const withoutAnswer = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EBADNAME']);

/**
 * Looks names up over the network, by the name servers of the machine. The system's own lookup holds one of the few threads that
 * files and other connections of the process need, for as long as a name server likes to be silent: it is asked only for names
 * that no outsider serves, those without a dot and those that DNS does not know (the machine's hosts file).
 */
export function openLookup(servers?: readonly string[]): Lookup {
  return async (name, signal) => {
    const bySystem = async () => (await systemLookup(name, { all: true })).map(({ address }) => address);
    if (!name.replace(/\.$/, '').includes('.')) return bySystem();
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    if (servers) resolver.setServers(servers);
    signal.addEventListener('abort', () => resolver.cancel(), { once: true });
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addresses;
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    if (failures.every(({ code }) => withoutAnswer.has(code))) return bySystem();
    throw failures.find(({ code }) => !withoutAnswer.has(code));
  };
}
