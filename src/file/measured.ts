import { createHash } from 'node:crypto';
import { HEAD_BYTES } from './contentType.ts';

/** Why the body of a PUT is not taken. */
export class BadBody extends Error {
  readonly reason: 'TOO_LARGE' | 'EMPTY' | 'CUT' | 'SLOW';
  constructor(reason: BadBody['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** What is known of a body once it has passed. */
export interface Measure {
  size: number;
  head: Uint8Array;
  sha256: string;
}

export interface Expected {
  /** more is TOO_LARGE */
  most: number;
  /** exactly so many, where the sender said it; else CUT */
  length: number | null;
  /** whoever sends nothing for so long, or takes longer in all, is SLOW */
  idleMs: number;
  totalMs: number;
}

/**
 * The bytes of a body on their way, and their measure when they have all passed; what is wrong with them ends both with a BadBody.
 * Nothing is held but the head. The body is not closed before its end: its connection still has to carry the answer.
 */
export function measured(body: ReadableStream<Uint8Array> | null, expected: Expected) {
  const hash = createHash('sha256');
  const heads: Uint8Array[] = [];
  let size = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    const reader = body?.getReader();
    const until = performance.now() + expected.totalMs;
    for (;;) {
      const part = await within(Math.min(expected.idleMs, until - performance.now()), reader?.read());
      if (!part || part.done) break;
      const headed = Math.min(size, HEAD_BYTES);
      size += part.value.byteLength;
      if (size > expected.most || size > (expected.length ?? size)) throw new BadBody('TOO_LARGE');
      if (headed < HEAD_BYTES) heads.push(part.value.slice(0, HEAD_BYTES - headed));
      hash.update(part.value);
      yield part.value;
    }
    if (size < (expected.length ?? size)) throw new BadBody('CUT');
    if (size === 0) throw new BadBody('EMPTY');
  }
  return {
    bytes: pass(),
    measure: (): Measure => ({ size, head: Buffer.concat(heads), sha256: hash.digest('hex') }),
  };
}

/** What comes within that time; SLOW when nothing does, CUT when the connection ends. */
async function within<T>(ms: number, coming: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BadBody('SLOW')), Math.max(ms, 0));
  });
  const came = coming?.catch(() => {
    throw new BadBody('CUT');
  });
  return await Promise.race([came, late]).finally(() => clearTimeout(timer));
}
