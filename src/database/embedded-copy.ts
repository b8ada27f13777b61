import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How much was copied. */
export interface Copied {
  files: number;
  bytes: number;
}

/**
 * Copy a folder that may change meanwhile: what vanishes before its turn is left out. `skip` names what is not wanted,
 * by its path inside the folder. With `flush`, everything is on the disk when it returns.
 */
export async function copyTree(
  from: string,
  to: string,
  { skip = () => false, flush = false }: { skip?: (path: string) => boolean; flush?: boolean } = {},
): Promise<Copied> {
  const copied = { files: 0, bytes: 0 };
  const visit = async (path: string): Promise<void> => {
    const source = join(from, path);
    const found = await stat(source).catch(absent); // a link to a folder on a bigger disk counts as the folder
    if (found?.isDirectory()) {
      await mkdir(join(to, path), { recursive: true, mode: 0o700 });
      const names = await readdir(source).catch(absent);
      for (const name of names ?? []) if (!skip(join(path, name))) await visit(join(path, name));
      if (flush) await flushFolder(join(to, path));
    } else if (found?.isFile()) {
      const size = await copyOne(source, join(to, path), flush).catch(absent);
      if (size === undefined) return;
      copied.files += 1;
      copied.bytes += size;
    }
  };
  await visit('.');
  return copied;
}

async function copyOne(source: string, target: string, flush: boolean): Promise<number> {
  await copyFile(source, target, constants.COPYFILE_FICLONE); // shares the blocks where the file system can
  const file = await open(target, 'r');
  try {
    if (flush) await file.datasync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Have the names in a folder on the disk, which flushing the files themselves does not do. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
