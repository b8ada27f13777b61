import pino from 'pino';
import { seedDemo } from '../../seeds/demo.ts';
import { loadConfig } from '../config.ts';
import { openWorld } from '../world.ts';

/* npm run seed: makes the demo company beside whatever is there; a second time changes nothing. */
try {
  const world = await openWorld(loadConfig(process.env), pino({ level: 'silent' }));
  try {
    const made = await seedDemo(world);
    process.stdout.write(
      made ? 'The demo company is made.\n' : 'The demo company is there already; nothing was changed.\n',
    );
  } finally {
    await world.close();
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
