import { openEmbedded } from '../../src/database/embedded.ts';

/* A process that opens a data folder, says where the database is, and lets go of it when its input ends. */
try {
  const database = await openEmbedded(process.argv[2]!, { durable: false });
  process.stdout.write(`${database.url}\n`);
  process.stdin.on('end', () => database.close()).resume();
} catch (error) {
  process.stdout.write(`refused: ${(error as Error).message}\n`);
}
