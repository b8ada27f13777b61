import { isDeepStrictEqual } from 'node:util';
import { SignJWT } from 'jose';
import { emailOf } from '../data/sizes.ts';
import { asClient, type BenchDatabase } from '../database.ts';
import { send } from '../measure/send.ts';
import { countStatements } from '../measure/statements.ts';
import type { Options } from '../options.ts';
import { SERVERS } from '../servers/list.ts';
import type { RunningServer } from '../servers/start.ts';
import type { Ask } from './dialect.ts';
import { WORKLOADS, type Workload, type WorkloadName } from './list.ts';
import { factsFor, openAll, type Prepared, prepare } from './prepare.ts';
import { checkTrail, nowIn } from './trail.ts';
import { outcomeOf } from './verify.ts';

/** A workload on a server, ready to be measured. */
export interface Case {
  workload: WorkloadName;
  server: RunningServer;
  token: string;
  prepared: Prepared;
  /** SQL statements of one request */
  statements: number;
}

/**
 * Prepares the workloads for all servers, checks that all give the same answers and that those that keep history and events have
 * written them, and counts their statements. Throws when anything is otherwise.
 */
export async function prepareAll(
  options: Options,
  servers: RunningServer[],
  { url, peersUrl }: BenchDatabase,
  secret: string,
  tell: (words: string) => void,
): Promise<Case[]> {
  const cases: Case[] = [];
  const counter = await countStatements(url);
  for (const name of options.workloads) {
    const workload: Workload = WORKLOADS[name];
    const token = await tokenOf(emailOf(workload.as), secret);
    if (workload.operation === 'batch') {
      for (const copy of [url, peersUrl]) await asClient(copy, (client) => openAll(client, workload));
    }
    const facts = await asClient(url, (client) => factsFor(client, workload, options.size));
    let expected: { from: string; outcome: unknown } | undefined;
    for (const server of servers) {
      const { dialect, isPeer, keepsTrail } = SERVERS[server.name];
      const copy = isPeer ? peersUrl : url;
      const ask = (what: Ask) => send(server.url, token, what);
      const prepared = await prepare(workload, facts, options.size, dialect, ask);
      const since = await asClient(copy, nowIn);
      const outcome = await outcomeOf(workload, prepared, dialect, ask);
      expected ??= { from: server.name, outcome };
      if (!isDeepStrictEqual(outcome, expected.outcome)) {
        throw new Error(`${name}: ${server.name} answers otherwise than ${expected.from}:
${JSON.stringify(outcome)}
${JSON.stringify(expected.outcome)}`);
      }
      if (keepsTrail) await asClient(copy, (client) => checkTrail(client, workload, since));
      const asks = prepared.perConnection(1)[0]!.slice(0, prepared.cycle);
      const statements = await counter.during(async () => {
        for (const what of asks) await ask(what);
      });
      cases.push({ workload: name, server, token, prepared, statements: statements / asks.length });
    }
  }
  await counter.stop();
  tell('all servers give the same answers');
  return cases;
}

// as long as the longest run at L
const TOKEN_HOURS = 12;

const tokenOf = (email: string, secret: string): Promise<string> =>
  new SignJWT({ email })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_HOURS}h`)
    .sign(new TextEncoder().encode(secret));
