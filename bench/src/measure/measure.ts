import type { BenchDatabase } from '../database.ts';
import type { Options } from '../options.ts';
import type { ServerName } from '../servers/list.ts';
import type { RunningServer } from '../servers/start.ts';
import type { WorkloadName } from '../workloads/list.ts';
import type { Case } from '../workloads/prepareAll.ts';
import { load, percentile } from './load.ts';
import { cpuOf, cpuOfPostgres, residentOf } from './processes.ts';

/** What a server did with a workload. */
export interface Result {
  workload: WorkloadName;
  server: ServerName;
  /** as wanted, and as there were: batches have no more than sets of items */
  connections: number;
  used: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** CPU in ms per request */
  serverCpu: number;
  databaseCpu: number;
  statements: number;
  resident: number;
}

interface Sum {
  requests: number;
  seconds: number;
  latencies: number[];
  serverCpu: number;
  databaseCpu: number;
  resident: number;
}

/** Measures all cases: the servers take turns with each workload and number of connections. */
export async function measure(
  options: Options,
  cases: Case[],
  servers: RunningServer[],
  database: BenchDatabase,
  tell: (words: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of options.workloads) {
    const turns = servers.flatMap((server) => cases.filter((c) => c.workload === name && c.server === server));
    const rates = new Map<Case, number>();
    for (const turn of turns) rates.set(turn, await warmUp(turn, options));
    for (const connections of options.connections) {
      const sums = new Map<Case, Sum>();
      for (let round = 0; round < options.rounds; round++) {
        for (const turn of turns) {
          const sum = sums.get(turn) ?? {
            requests: 0,
            seconds: 0,
            latencies: [],
            serverCpu: 0,
            databaseCpu: 0,
            resident: 0,
          };
          sums.set(turn, sum);
          await once(turn, connections, rates.get(turn)! * options.seconds, database, sum);
        }
      }
      for (const [turn, sum] of sums) results.push(resultOf(turn, connections, sum));
    }
    tell(`${name} measured`);
  }
  return results;
}

const bodiesOf = ({ prepared }: Case, connections: number) =>
  prepared.perConnection(connections).map((asks) => asks.map((ask) => JSON.stringify(ask)));

/** A number of requests that each connection has an equal part of, and that leaves the rows as they were. */
const whole = (amount: number, { prepared }: Case, connections: number): number => {
  const step = connections * prepared.cycle;
  return Math.max(1, Math.round(amount / step)) * step;
};

/** Warms a server up for a workload and gives about how many requests a second it takes on one connection. */
async function warmUp(turn: Case, { seconds }: Options): Promise<number> {
  const bodies = bodiesOf(turn, 1);
  const run = async (amount: number) => {
    const { requests, seconds: took } = await load({
      ...turn.server,
      token: turn.token,
      bodies,
      amount: whole(amount, turn, 1),
    });
    return requests / took;
  };
  const first = await run(2);
  return run(first * seconds);
}

async function once(turn: Case, connections: number, amount: number, database: BenchDatabase, sum: Sum): Promise<void> {
  const bodies = bodiesOf(turn, connections);
  const { pid, url } = turn.server;
  const [serverBefore, databaseBefore] = [cpuOf(pid), cpuOfPostgres(database.pid)];
  const loaded = await load({ url, token: turn.token, bodies, amount: whole(amount, turn, bodies.length) });
  sum.serverCpu += cpuOf(pid) - serverBefore;
  sum.databaseCpu += cpuOfPostgres(database.pid) - databaseBefore;
  sum.requests += loaded.requests;
  sum.seconds += loaded.seconds;
  sum.latencies.push(...loaded.latencies);
  sum.resident = Math.max(sum.resident, residentOf(pid));
}

function resultOf(turn: Case, connections: number, sum: Sum): Result {
  return {
    workload: turn.workload,
    server: turn.server.name,
    connections,
    used: turn.prepared.perConnection(connections).length,
    perSecond: sum.requests / sum.seconds,
    p50: percentile(sum.latencies, 50),
    p99: percentile(sum.latencies, 99),
    serverCpu: sum.serverCpu / sum.requests,
    databaseCpu: sum.databaseCpu / sum.requests,
    statements: turn.statements,
    resident: sum.resident,
  };
}
