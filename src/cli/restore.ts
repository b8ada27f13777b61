import { loadConfig } from '../config.ts';
import { restoreFrom } from '../database/backup.ts';

/* npm run restore -- FOLDER: what npm run backup wrote into FOLDER becomes the data in DATA_DIR. */
try {
  const [folder, ...more] = process.argv.slice(2);
  if (!folder || more.length > 0) throw new Error('Usage: npm run restore -- FOLDER (one that npm run backup wrote)');
  const { databaseUrl, dataDir } = loadConfig(process.env);
  if (databaseUrl) {
    throw new Error('DATABASE_URL is set: a server of your own is restored with its own tools, such as pg_restore.');
  }
  const { kept, changed } = await restoreFrom(dataDir, folder);
  process.stdout.write(`Restored ${dataDir} from ${folder}.\n`);
  if (kept) process.stdout.write(`The former data is kept in ${kept}; to undo: npm run restore -- ${kept}\n`);
  if (changed.length > 0) {
    process.stdout.write(`Other files changed too (${changed.join(', ')}): restart the gateway if it is running.\n`);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
