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
}

/** What is measured, in the order in which they take turns. */
export const SERVERS = {
  gateway: { main: '../src/main.ts', dialect: gatewayDialect },
  limit: { main: 'src/peers/limit/server.ts', dialect: limitDialect },
  yoga: { main: 'src/peers/yoga/server.ts', dialect: yogaDialect },
  postgraphile: { main: 'src/peers/postgraphile/server.ts', dialect: postgraphileDialect },
} as const satisfies Record<string, ServerKind>;
export type ServerName = keyof typeof SERVERS;
