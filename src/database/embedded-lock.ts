import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { giveTo, ownerOf } from './embedded-user.ts';

/**
 * Take the lock of a data folder until this process ends; false when another process has it. The kernel frees it however
 * that one ends. It is SQLite's lock on an empty file: Node has no other way to a lock that a killed process lets go of.
 */
export function isAlone(dataDir: string): boolean {
  const file = join(dataDir, 'postgres.lock');
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    giveTo(ownerOf(dataDir), file);
    process.once('exit', () => lock.close()); // keeps it from being collected, and the lock from being let go
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === 5) return false; // SQLITE_BUSY
    throw error;
  }
}
