import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { flushFolder } from '../database/embedded-copy.ts';
import type { ByteRange } from './file.policy.ts';
import type { Storage } from './storage.ts';

// read in pieces of that size: a quarter of the calls that the usual 64 KB take
const PIECE = 262_144;

/**
 * Files in DATA_DIR/files, in 256 folders by the last two letters of their ids (the first ones are the time). Several processes share
 * them if they share DATA_DIR. A file appears whole, on the disk, by one rename out of files/partial.
 */
export function localStorage(dataDir: string): Storage {
  const root = join(dataDir, 'files');
  const partials = join(root, 'partial');
  const placeOf = (id: string): string => join(root, id.slice(-2), id);

  async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const piece of bytes) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  return {
    async put(id, bytes) {
      await mkdir(partials, { recursive: true, mode: 0o700 });
      const partial = join(partials, `${id}.${randomBytes(6).toString('hex')}`);
      try {
        await write(partial, bytes);
        const place = placeOf(id);
        const made = await mkdir(dirname(place), { recursive: true, mode: 0o700 });
        await rename(partial, place);
        await flushFolder(dirname(place));
        if (made) await flushFolder(root);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    async read(id, range) {
      const path = placeOf(id);
      // before anything is answered: what is not there is an error, and no file that ends at once
      await stat(path);
      // opened when it is first read: an answer that nobody takes holds nothing
      return Readable.from(pieces(path, range), { objectMode: false });
    },
    addressOf: async () => null,
    remove: (id) => rm(placeOf(id), { force: true }),
    async sweep(before) {
      for (const name of await readdir(partials).catch(() => [])) {
        const path = join(partials, name);
        const found = await stat(path).catch(() => null);
        if (found && found.mtime < before) await rm(path, { force: true });
      }
    },
    close() {},
  };
}

async function* pieces(path: string, range: ByteRange | null | undefined): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { ...range, highWaterMark: PIECE });
}
