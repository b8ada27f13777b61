import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { type Db, dbOf, type Tables } from './orm.ts';

/** Answers one query, wherever. */
// biome-ignore lint/suspicious/noExplicitAny: rows are of whatever form the query has, as in Kysely
export type Reading = (query: CompiledQuery) => Promise<QueryResult<any>>;

const refuse = (): never => {
  throw new Error('This database is for reading: write in a transaction of the primary.');
};

/** A Kysely like others, whose queries go one by one to where `read` sends them. It has no transactions. */
export function readingDb(em: EntityManager, read: Reading): Db {
  const connection: DatabaseConnection = {
    executeQuery: read,
    streamQuery: refuse,
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  };
  return dbOf(
    em,
    new Kysely<Tables>({
      dialect: {
        createDriver: () => driver,
        createAdapter: () => new PostgresAdapter(),
        createQueryCompiler: () => new PostgresQueryCompiler(),
        createIntrospector: (db) => new PostgresIntrospector(db),
      },
    }),
  );
}
