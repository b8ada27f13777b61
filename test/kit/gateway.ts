import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A gateway as a process of its own, on loopback and a free port. */
export async function startGateway(settings: Record<string, string>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-process-'));
  const env = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...settings };
  const child = spawn(process.execPath, [MAIN], { env });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  let words = '';
  child.stderr.on('data', (data) => {
    words += data;
  });
  let origin: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    origin = /http:\/\/localhost:\d+/.exec(line)?.[0];
    if (origin) break;
  }
  if (!origin) throw new Error(`The gateway did not start: ${words}`);
  child.stdout.resume();
  return {
    origin: origin.replace('localhost', '127.0.0.1'),
    ended,
    stop: (signal: NodeJS.Signals) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * A load balancer as one would set it up (README, Several processes): it takes turns, asks each process whether it is ready, keeps
 * connections, and goes to the next one only where the connection could not even be made: what was sent may have been done.
 */
export async function startBalancer(origins: readonly string[], { checkMs = 100 } = {}) {
  const agent = new Agent({ keepAlive: true });
  const ready = new Set(origins);
  let turn = 0;
  const check = setInterval(() => {
    for (const origin of origins) {
      fetch(`${origin}/ready`)
        .then(({ ok }) => (ok ? ready.add(origin) : ready.delete(origin)))
        .catch(() => ready.delete(origin));
    }
  }, checkMs);

  function pass(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse, tries: number): void {
    const choice = [...ready];
    turn += 1;
    const origin = choice[turn % choice.length];
    if (!origin || tries === 0) return void outgoing.writeHead(503).end();
    const { method, headers, url } = incoming;
    const passed = request(`${origin}${url}`, { method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode!, { ...answer.headers, 'x-served-by': origin });
      answer.pipe(outgoing);
    });
    let connected = false;
    passed.on('socket', (socket) => {
      connected = !socket.connecting;
      if (socket.connecting) socket.once('connect', () => (connected = true));
    });
    passed.on('error', () => {
      ready.delete(origin);
      if (!connected) pass(incoming, body, outgoing, tries - 1);
      else if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    passed.end(body);
  }

  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    pass(incoming, Buffer.concat(chunks), outgoing, origins.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready,
    async [Symbol.asyncDispose]() {
      clearInterval(check);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
