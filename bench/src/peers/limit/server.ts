import { createServer } from 'node:http';
import { Pool } from 'pg';
import { emailIn } from '../signIn.ts';
import { STATEMENTS } from './statements.ts';

/*
 * The limit: what cannot be gone below with node:http and pg. One prepared statement for each operation finds the viewer, the rights and
 * the rows and writes the answer; nothing is parsed, resolved or checked that the operation does not need. Writes leave out history
 * and events.
 */
const { DATABASE_URL, DATABASE_POOL_SIZE, JWT_SECRET, PORT } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL_SIZE) });

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  let status = 200;
  let answer: string;
  try {
    const email = emailIn(request.headers.authorization, JWT_SECRET!);
    const { operationName, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const { text, values } = STATEMENTS[operationName as keyof typeof STATEMENTS](variables);
    const name = `${operationName}${text.length}`;
    const { rows } = await pool.query({ name, text, values: [email, ...values], rowMode: 'array' });
    answer = rows[0]![0] as string;
  } catch (error) {
    status = 500;
    answer = JSON.stringify({ errors: [{ message: (error as Error).message }] });
  }
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
  response.end(answer);
});
server.listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
