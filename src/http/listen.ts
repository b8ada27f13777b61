import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens. */
export interface Listening {
  host: string;
  port: number;
  /** stops accepting, waits for the answers under way (10 s at most), and ends */
  close(): Promise<void>;
}

// as long as the largest upload may take (file/receive.commands.ts); bodies of operations have their own, shorter time (operation.ts)
const REQUEST_TIMEOUT_MS = 3_600_000;
const HEADERS_TIMEOUT_MS = 60_000;
// longer than load balancers keep idle connections (60 s): they must be the ones to close them, or they send into a closed one
const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS = 10_000;

/** Listens on an address; port 0 takes a free one. Throws a sentence that says what to do when it cannot. */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(reasonOf(error, host, port), { cause: error })),
    );
    server.listen(port, host, resolve);
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      // connections that were busy when we stopped stay open for the next request, which will not come
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}

function reasonOf(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} of ${host} is in use: stop what runs there, or set PORT to another one.`;
  if (error.code === 'EACCES')
    return `Port ${port} of ${host} may not be used by this user: set PORT to one above 1023.`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `HOST: ${host} is no address of this machine.`;
  return `Cannot listen on ${host} port ${port}: ${error.message}`;
}
