import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A secret that the gateway makes itself where none is set: a file in DATA_DIR, made on first use and readable by its owner only.
 * `secret` signs demo tokens, `link-secret` links. Processes that ask at once get the same one. Throws when the file is there but is
 * no secret.
 */
export async function madeSecret(dataDir: string, name: 'secret' | 'link-secret'): Promise<string> {
  const path = join(dataDir, name);
  const found = (await read(path)) ?? (await make(path, dataDir));
  if (found.length < 32) throw new Error(`${path} is not a secret of ours; delete it, and a new one will be made.`);
  return found;
}

const read = (path: string) =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });

async function make(path: string, dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  await writeFile(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    // a link appears whole or not at all: nobody can read half a secret, and the second to come finds the first one's
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
  return readFile(path, 'utf8');
}
