import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { StorageSettings } from '../config.ts';
import type { Storage } from './storage.ts';

// S3 takes parts of 5 MB and more, 10,000 at most; one of them is in memory for each upload under way
const PART_BYTES = 8 * 1024 * 1024;
// api.md, Links: long enough to begin a download
const ADDRESS_SECONDS = 60;
const PREFIX = 'files/';

/** Files in a bucket, as files/ID. Larger ones are brought in parts, and appear when the last one is there. */
export function s3Storage(settings: StorageSettings & { kind: 's3' }): Storage {
  const { bucket: Bucket, endpoint, region, credentials, forcePathStyle } = settings;
  const client = new S3Client({
    region,
    forcePathStyle,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    // sums that S3 has taken since 2024 only, and others do not
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const placeOf = (id: string) => ({ Bucket, Key: PREFIX + id });

  async function putInParts(id: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
    const place = placeOf(id);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(place));
    try {
      const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
      for await (const Body of parts) {
        const PartNumber = Parts.length + 1;
        const { ETag } = await client.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }));
        Parts.push({ ETag, PartNumber });
      }
      await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }));
    } catch (error) {
      // parts that stay are swept later
      await client.send(new AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => {});
      throw error;
    }
  }

  return {
    async put(id, bytes) {
      const parts = inParts(bytes);
      const first = await parts.next();
      const Body = first.done ? new Uint8Array() : first.value;
      if (Body.byteLength < PART_BYTES) await client.send(new PutObjectCommand({ ...placeOf(id), Body }));
      else await putInParts(id, after(Body, parts));
    },
    async read(id, range) {
      const Range = range ? `bytes=${range.start}-${range.end}` : undefined;
      return (await client.send(new GetObjectCommand({ ...placeOf(id), Range }))).Body as Readable;
    },
    addressOf: (id, { disposition, contentType }) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          ...placeOf(id),
          ResponseContentDisposition: disposition,
          ResponseContentType: contentType,
          ResponseCacheControl: 'private, no-store',
        }),
        { expiresIn: ADDRESS_SECONDS },
      ),
    async remove(id) {
      await client.send(new DeleteObjectCommand(placeOf(id)));
    },
    async sweep(before) {
      const list = new ListMultipartUploadsCommand({ Bucket, Prefix: PREFIX });
      const found = await client.send(list).catch((error) => {
        // some that speak like S3 have no such list, and look after their parts themselves
        if (error.name === 'NotImplemented') return null;
        throw error;
      });
      for (const { Key, UploadId, Initiated } of found?.Uploads ?? []) {
        if (Initiated && Initiated < before)
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
      }
    },
    close: () => client.destroy(),
  };
}

/** The same bytes in parts of that size; the last one may be smaller. */
async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size < PART_BYTES) continue;
    const all = Buffer.concat(pieces);
    let at = 0;
    for (; size - at >= PART_BYTES; at += PART_BYTES) yield all.subarray(at, at + PART_BYTES);
    pieces = [all.subarray(at)];
    size -= at;
  }
  if (size > 0) yield Buffer.concat(pieces);
}

async function* after(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* others;
}
