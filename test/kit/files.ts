import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOffice, type Office, type Payload } from './office.ts';
import type { Person } from './world.ts';

/** Words to bring files with, as somebody with a program of theirs does. */
export function filesOf(office: Office) {
  const announce = (who: Person, name: string, size: number): Promise<Payload> =>
    office.tell(who, 'createUpload', { name, size }, 'uploadId url');
  const put = (url: string, body: RequestInit['body'], headers: Record<string, string> = {}): Promise<Response> =>
    office.openLink(url, { method: 'PUT', body, headers, duplex: 'half' } as RequestInit);
  return {
    announce,
    put,
    /** An upload that is whole. */
    async bring(who: Person, name = 'notes.txt', content: string | Buffer<ArrayBuffer> = name): Promise<string> {
      const { uploadId, url } = await announce(who, name, Buffer.byteLength(content));
      const answer = await put(url, content);
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
      return uploadId;
    },
  };
}

/** An office whose files are in a folder of its own. */
export async function createArchive(env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-files-'));
  const office = await createOffice({ DATA_DIR: folder, ...env });
  return {
    ...office,
    ...filesOf(office),
    folder,
    /** All that is in the storage, with what is on its way there. */
    stored: async () =>
      (await readdir(join(folder, 'files'), { recursive: true, withFileTypes: true }).catch(() => []))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      await office[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
