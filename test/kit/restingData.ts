import { chmodSync, existsSync, statfsSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { copyTree } from '../../src/database/embedded-copy.ts';

/** Where data folders of tests go: into memory, if there is room. A new database takes 0.8 s there, on a slow disk 1.7 to 2.3 s. */
export function roomyFolder(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 2e9 ? memory : tmpdir(); // a container has 64 MB by default, and a database takes 45
}

/** Puts a data folder with an empty database at rest at `path`: a copy of the one that is made once a run, which takes a tenth of making one. */
export async function putRestingData(path: string): Promise<void> {
  await copyTree(await original(), path, { skip: (name) => name === 'postgres.lock' });
  if (process.getuid?.() === 0) chmodSync(path, 0o711); // as openEmbedded makes it: PostgreSQL's user walks through it
}

/** The folder that others are copies of, made by whichever worker first wants one. */
async function original(): Promise<string> {
  const path = inject('restingData');
  if (existsSync(path)) return path;
  const mine = `${path}.${process.pid}`;
  await (await openEmbedded(mine, { durable: false })).close();
  // copies keep the password; a port that all of them want would be taken for the second that starts
  const { password } = JSON.parse(await readFile(join(mine, 'postgres.json'), 'utf8'));
  writeFileSync(join(mine, 'postgres.json'), JSON.stringify({ password }), { mode: 0o600 });
  await rename(mine, path).catch(() => rm(mine, { recursive: true })); // the other worker was faster
  return path;
}
