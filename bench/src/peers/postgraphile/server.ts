import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { jwtVerify } from 'jose';
import { Pool } from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { setUp } from './setup.ts';

/*
 * PostGraphile 5 over the tables themselves: who sees what is row level security, the user comes to the policies by settings of the
 * transaction. Its own mutations stay, with functions in SQL for the batch and for what counts numbers.
 */
const { DATABASE_URL, DATABASE_POOL_SIZE, JWT_SECRET, PORT } = process.env;
const key = new TextEncoder().encode(JWT_SECRET);
const url = await setUp(DATABASE_URL!, randomBytes(16).toString('hex'));
const pool = new Pool({ connectionString: url, max: Number(DATABASE_POOL_SIZE) });

async function settingsOf(authorization: string | undefined): Promise<Record<string, string>> {
  if (!authorization) return {};
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), key);
  const { rows } = await pool.query<{ id: string; vendorId: string | null }>(
    `select id, vendor_id as "vendorId" from users
     where lower(email collate "pg_c_utf8") = lower($1 collate "pg_c_utf8") and active and not is_service`,
    [payload.email],
  );
  return { 'jwt.claims.user_id': rows[0]?.id ?? '', 'jwt.claims.vendor_id': rows[0]?.vendorId ?? '' };
}

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  // lists are asked by project and tool, people in their order: columns that it leaves out unless an index begins with them
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [makePgService({ pool, schemas: ['public'] })],
  grafast: {
    context: async (request) => ({
      pgSettings: await settingsOf(
        (request as { node?: { req?: { headers?: { authorization?: string } } } }).node?.req?.headers?.authorization,
      ),
    }),
    explain: false,
  },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
});

const server = createServer();
const serv = pgl.createServ(grafserv);
await serv.addTo(server);
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
