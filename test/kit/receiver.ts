import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request that a receiver got. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

/** What a receiver does with a request; without anything it answers 204. */
export interface Script {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** what it waits for before it answers */
  delayMs?: number;
  /** never answers; cuts the connection; answers a byte each 20 ms; answers for ever; answers half of what it promised */
  way?: 'hang' | 'reset' | 'trickle' | 'endless' | 'half';
}

/** How a receiver answers: always the same, or by the request and how many came before it. */
export type Answering = Script | ((request: Received, nth: number) => Script | Promise<Script>);

const MEGABYTE = Buffer.alloc(1_000_000, 'x');

/** A receiver of webhooks on loopback: a real server that keeps what it got and answers by a script, which a test may change. */
export async function openReceiver(answer: Answering = {}, secure?: { key: string; cert: string }) {
  const received: Received[] = [];
  const state = { answer, connections: 0, sentBytes: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };

  function play(response: ServerResponse, { status = 204, headers = {}, body = '', way }: Script): void {
    if (way === 'hang') return;
    if (way === 'reset') {
      response.socket?.resetAndDestroy();
      return;
    }
    response.writeHead(status, way === 'half' ? { ...headers, 'content-length': `${2 * body.length + 1}` } : headers);
    if (way === 'half') response.write(body, () => response.socket?.destroy());
    else if (way === 'trickle') trickle(response);
    else if (way === 'endless') flood(response);
    else response.end(body);
  }
  function trickle(response: ServerResponse): void {
    if (response.destroyed) return;
    response.write('.');
    later(20, () => trickle(response));
  }
  function flood(response: ServerResponse): void {
    if (response.destroyed) return;
    state.sentBytes += MEGABYTE.length;
    if (response.write(MEGABYTE)) setImmediate(() => flood(response));
    else response.once('drain', () => flood(response));
  }

  const server = secure ? createSecureServer(secure) : createServer();
  server.on('connection', () => {
    state.connections += 1;
  });
  server.on('request', async (incoming, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return; // whoever asked has gone
    }
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString(), at: Date.now() };
    const nth = received.push(request) - 1;
    const script = typeof state.answer === 'function' ? await state.answer(request, nth) : state.answer;
    if (script.delayMs) later(script.delayMs, () => play(response, script));
    else play(response, script);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}/hook`,
    /** all requests that came, the oldest first */
    received,
    /** the script, how many connections were made, and how much of endless answers went out */
    state,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;
