import { loadConfig } from '../config.ts';
import { backupTo } from '../database/backup.ts';

/* npm run backup -- FOLDER: the embedded database and the other files of DATA_DIR, into a new folder. */
try {
  const [folder, ...more] = process.argv.slice(2);
  if (!folder || more.length > 0) throw new Error('Usage: npm run backup -- FOLDER (a new one)');
  const { databaseUrl, dataDir, storage } = loadConfig(process.env);
  if (databaseUrl) {
    throw new Error(
      'DATABASE_URL is set: a server of your own is backed up with its own tools, pg_dump or pg_basebackup; files that people uploaded are in DATA_DIR/files or in your bucket, to be copied after it.',
    );
  }
  const { files, bytes } = await backupTo(dataDir, folder);
  if (storage.kind === 's3')
    process.stdout.write(
      `Files that people uploaded stay in the bucket ${storage.bucket}: back that up as well, after this.\n`,
    );
  process.stdout.write(`Backup of ${dataDir} written to ${folder}: ${files} files, ${Math.ceil(bytes / 1e6)} MB.\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
