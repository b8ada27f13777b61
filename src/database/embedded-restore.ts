import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Copied, copyTree } from './embedded-copy.ts';
import { setPassword } from './embedded-server.ts';
import { giveTo, ownerOf } from './embedded-user.ts';
import { parse, type Restored } from './embedded-wire.ts';

/**
 * A backup is a folder with postgres/ (PostgreSQL's data), files/ (whatever else DATA_DIR holds) and backup.json (this).
 * The former data that a restore keeps has the same form, so that restoring that undoes a restore.
 */
export interface Manifest {
  format: typeof FORMAT;
  postgresql: typeof MAJOR;
  createdAt: string;
  /** What it must hold; not counted for kept former data, which was moved as it stood. */
  copied?: Copied;
}

const FORMAT = 'correspondence-gateway backup 1';
const MAJOR = 18; // a data folder belongs to one major version of PostgreSQL
const MANIFEST = 'backup.json';
const NAMES = { restoring: 'postgres.restoring-', restored: 'postgres.restored-', kept: 'postgres.before-restore-' };

/** Of DATA_DIR's entries, those that PostgreSQL's supervisor looks after itself. */
export const isReserved = (name: string): boolean => name === 'postgres' || name.startsWith('postgres.');

export function writeManifest(folder: string, createdAt: Date, copied?: Copied): void {
  const manifest: Manifest = { format: FORMAT, postgresql: MAJOR, createdAt: createdAt.toISOString(), copied };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** What a backup says about itself. Throws when the folder is none of ours, or of another version of PostgreSQL. */
export function readManifest(folder: string): Manifest {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`There is no folder ${folder}.`);
  const file = join(folder, MANIFEST);
  const manifest = (existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined) as Manifest | undefined;
  if (manifest?.format !== FORMAT) throw new Error(`${folder} is not a backup: it has no ${MANIFEST} of this program.`);
  if (manifest.postgresql !== MAJOR) {
    throw new Error(`${folder} is a backup of PostgreSQL ${manifest.postgresql}; this is PostgreSQL ${MAJOR}.`);
  }
  if (!existsSync(join(folder, 'postgres', 'global', 'pg_control')))
    throw new Error(`${folder} is not a whole backup.`);
  return manifest;
}

/**
 * Copy a backup into DATA_DIR beside the present data, let PostgreSQL recover it, and give it the present password, so
 * that the URL which a running gateway holds stays good. Gives the copy's path; throws, and leaves nothing, when it is broken.
 */
export async function stageRestore(dataDir: string, backup: string, password: string): Promise<string> {
  const { copied } = readManifest(backup);
  const staged = join(dataDir, NAMES.restoring + new Date().toISOString().replaceAll(':', '-'));
  await mkdir(staged, { mode: 0o711 }); // PostgreSQL's user has to walk through it
  try {
    giveTo(ownerOf(join(dataDir, 'postgres')) ?? ownerOf(dataDir), staged);
    const found = { files: 0, bytes: 0 };
    for (const part of ['postgres', 'files']) {
      const { files, bytes } = await copyTree(join(backup, part), join(staged, part));
      found.files += files;
      found.bytes += bytes;
    }
    if (copied && (copied.files !== found.files || copied.bytes !== found.bytes)) {
      const [has, had] = [found, copied].map(({ files, bytes }) => `${files} files with ${bytes} bytes`);
      throw new Error(`${backup} is not a whole backup: it has ${has}, but had ${had} when it was made.`);
    }
    if (existsSync(join(staged, 'files'))) giveTo(ownerOf(dataDir), join(staged, 'files'));
    await setPassword(join(staged, 'postgres'), password);
    return staged;
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

/** Put what stageRestore made in the place of the present data, by renaming. PostgreSQL must not run. Throws with all as it was. */
export function swapIn(dataDir: string, copy: string): { restored: Restored; undo(): void; finish(): void } {
  const staged = copy.replace(NAMES.restoring, NAMES.restored); // a whole one: from here a crash is mended by going on
  const kept = staged.replace(NAMES.restored, NAMES.kept);
  renameSync(copy, staged);
  const changed: string[] = [];
  const moves: [from: string, to: string][] = [];
  const done: [from: string, to: string][] = [];
  const replace = (name: string, part: string) => {
    const [place, former, next] = [join(dataDir, name), join(kept, part), join(staged, part)];
    if (!existsSync(next) || sameFile(place, next)) return;
    if (existsSync(place)) {
      moves.push([place, former]);
      if (part !== 'postgres') changed.push(name);
    }
    moves.push([next, place]);
  };
  replace('postgres', 'postgres');
  const files = existsSync(join(staged, 'files')) ? readdirSync(join(staged, 'files')) : [];
  for (const name of files.filter((file) => !isReserved(file))) replace(name, join('files', name));

  const undo = () => {
    for (const [from, to] of done.splice(0).reverse()) renameSync(to, from);
    rmSync(staged, { recursive: true, force: true });
    rmSync(kept, { recursive: true, force: true });
  };
  try {
    mkdirSync(join(kept, 'files'), { recursive: true, mode: 0o700 });
    for (const [from, to] of moves) {
      renameSync(from, to);
      done.push([from, to]);
    }
  } catch (error) {
    undo();
    throw error;
  }
  const keepsData = existsSync(join(kept, 'postgres'));
  const finish = () => {
    rmSync(staged, { recursive: true, force: true });
    if (keepsData) writeManifest(kept, new Date());
    else if (changed.length === 0) rmSync(kept, { recursive: true, force: true });
  };
  return { restored: { kept: keepsData || changed.length > 0 ? kept : null, changed }, undo, finish };
}

function sameFile(one: string, other: string): boolean {
  const sizes = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (!sizes.every((stat) => stat?.isFile()) || sizes[0]!.size !== sizes[1]!.size) return false;
  return readFileSync(one).equals(readFileSync(other));
}

/** Mend what a restore left that was killed: one that had begun to swap goes on to its end, a mere copy goes away. */
export function clearRestores(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(NAMES.restoring)) rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 10 });
    if (name.startsWith(NAMES.restored)) swapIn(dataDir, join(dataDir, name)).finish();
  }
}
