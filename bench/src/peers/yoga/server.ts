import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { jwtVerify } from 'jose';
import { Pool } from 'pg';
import { type Loaders, loadersOf } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { typeDefs } from './typeDefs.ts';

/*
 * A GraphQL server as it is usually written by hand: SDL and resolvers on Yoga, rows through pg, DataLoader against the N+1, and who
 * sees an item asked in SQL with OR and EXISTS. Writes keep history and events. No limits.
 */
export interface Context {
  pool: Pool;
  viewer: { id: string; companyId: string; vendorId: string | null };
  loaders: Loaders;
}

const { DATABASE_URL, DATABASE_POOL_SIZE, JWT_SECRET, PORT } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) });
const key = new TextEncoder().encode(JWT_SECRET);

const yoga = createYoga<object, Context>({
  schema: createSchema<Context>({ typeDefs, resolvers }),
  maskedErrors: false,
  graphiql: false,
  async context({ request }) {
    const { payload } = await jwtVerify(request.headers.get('authorization')!.slice('Bearer '.length), key);
    const { rows } = await pool.query(
      `select id, company_id as "companyId", vendor_id as "vendorId" from users
       where lower(email collate "pg_c_utf8") = lower($1 collate "pg_c_utf8") and active and not is_service`,
      [payload.email],
    );
    return { pool, viewer: rows[0], loaders: loadersOf(pool) };
  },
});

createServer(yoga).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
