import type { Dialect } from '../workloads/dialect.ts';
import { gatewayDialect } from '../workloads/gateway.ts';
import { limitDialect } from '../workloads/limit.ts';
import { postgraphileDialect } from '../workloads/postgraphile.ts';
import { yogaDialect } from '../workloads/yoga.ts';

interface ServerKind {
  /** what runs, seen from bench/ */
  main: string;
  /** how one asks it */
  dialect: Dialect;
  /** it has the index that the usual way of asking needs, in a copy of the rows of its own */
  isPeer: boolean;
  /** its writes leave history and events, which is checked before measuring */
  keepsTrail: boolean;
}

/** What is measured, in the order in which they take turns. */
export const SERVERS = {
  gateway: { main: '../src/main.ts', dialect: gatewayDialect, isPeer: false, keepsTrail: true },
  limit: { main: 'src/peers/limit/server.ts', dialect: limitDialect, isPeer: false, keepsTrail: false },
  yoga: { main: 'src/peers/yoga/server.ts', dialect: yogaDialect, isPeer: true, keepsTrail: true },
  postgraphile: {
    main: 'src/peers/postgraphile/server.ts',
    dialect: postgraphileDialect,
    isPeer: true,
    keepsTrail: true,
  },
} as const satisfies Record<string, ServerKind>;
export type ServerName = keyof typeof SERVERS;
