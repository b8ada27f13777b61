import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type ReadMail, readMail } from './mails.ts';

/** A mail that the server took: its envelope, and the mail as a program reads it. */
export interface TakenMail extends ReadMail {
  envelope: { from: string; to: string[] };
}

/** What the server answers at a step instead of taking it: a code with words, or that it ends the connection. */
export type Fault = { code: number; words?: string } | 'drop';

type DataFault = (Fault & object) | 'drop' | 'drop when taken' | undefined;

/** Faults by step; each is asked anew, so that a test can change its mind. */
export interface Script {
  connect?: () => Fault | undefined;
  from?: (address: string) => Fault | undefined;
  rcpt?: (address: string) => Fault | undefined;
  /** the mail has arrived, and is in `taken` where the fault says so */
  data?: (mail: TakenMail) => DataFault | Promise<DataFault>;
}

const faultOf = ({ code, words = 'not so' }: Exclude<Fault, 'drop'>) =>
  Object.assign(new Error(words), { responseCode: code });

/** A mail server on loopback, which does what its script says; `taken` are the mails that it took. */
export async function startSmtp(script: Script = {}, options: SMTPServerOptions = {}, port = 0) {
  const taken: TakenMail[] = [];
  const sockets = new Set<Socket>();
  const seen = { connections: 0 };
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  /** passes a fault on, or goes on */
  const answer = (fault: Fault | undefined, next: (error?: Error | null) => void) => {
    if (fault === 'drop') return drop();
    next(fault && faultOf(fault));
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    ...options,
    onConnect: (_session, next) => {
      seen.connections += 1;
      answer(script.connect?.(), next);
    },
    onMailFrom: ({ address }, _session, next) => answer(script.from?.(address), next),
    onRcptTo: ({ address }, _session, next) => answer(script.rcpt?.(address), next),
    async onData(stream, { envelope }, next) {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of stream) chunks.push(chunk as Buffer);
      } catch {
        return; // whoever sent it has gone in the middle
      }
      const mail = Object.assign(await readMail(Buffer.concat(chunks)), {
        envelope: {
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
        },
      });
      const fault = await script.data?.(mail);
      if (!fault || fault === 'drop when taken') taken.push(mail);
      answer(fault === 'drop when taken' ? 'drop' : fault, next);
    },
  });
  server.on('error', () => {});
  // of TLS the outer socket: to destroy the one under a handshake that failed ends the process (SIGSEGV in Node 26.10)
  server.server.on(options.secure ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    taken,
    script,
    seen,
    port: (server.server.address() as AddressInfo).port,
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    /** how many connections are open */
    open: () => sockets.size,
    drop,
    async [Symbol.asyncDispose]() {
      drop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
