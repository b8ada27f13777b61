import type { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import type { ByteRange } from './file.policy.ts';
import { localStorage } from './localStorage.ts';

/** How a browser is to take what it gets. */
export interface Shown {
  disposition: string;
  contentType: string;
}

/** Where the bytes of files are, by the ids of their rows. Nothing here knows whose they are. */
export interface Storage {
  /** Keeps a stream under an id, whole and for good once it resolves; when it rejects, nothing is kept. */
  put(id: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** A file, or a part of it; rejects when it is not there. */
  read(id: string, range?: ByteRange | null): Promise<Readable>;
  /** An address at the storage itself, good for a minute, that gives the file to whoever has it; null where there is none. */
  addressOf(id: string, shown: Shown): Promise<string | null>;
  /** Lets go of a file; one that is not there is gone already. */
  remove(id: string): Promise<void>;
  /** Lets go of what PUTs left behind that began before, and whose processes were killed. */
  sweep(before: Date): Promise<void>;
  close(): void;
}

/** The storage of the settings. Nothing is looked at until it is used. */
export async function openStorage({ storage, dataDir }: Config): Promise<Storage> {
  if (storage.kind === 'local') return localStorage(dataDir);
  // reading its library takes 0.3 s, which only those wait for who have a bucket
  const { s3Storage } = await import('./s3Storage.ts');
  return s3Storage(storage);
}
