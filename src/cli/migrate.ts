import pino from 'pino';
import { loadConfig } from '../config.ts';
import { openWorld } from '../world.ts';

/* npm run migrate: brings the database up to this version's schema. A starting gateway does the same by itself. */
try {
  const world = await openWorld(loadConfig(process.env), pino({ level: 'silent' }));
  await world.close();
  process.stdout.write('The database has the schema of this version.\n');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
