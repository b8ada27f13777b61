import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

const KINDS = ['thread', 'item', 'project', 'company'] as const;

/** What a reply address stands for: whoever has it may write there. */
export interface ReplyTarget {
  kind: (typeof KINDS)[number];
  /** uuid */
  id: string;
  /** goes up when those who have the address shall not use it any more: up to 16,777,215 */
  epoch: number;
}

/** The keys of reply addresses: the first signs, all verify. */
export type ReplyKeys = readonly KeyObject[];

/** The keys, made of secrets by id; what is signed with the same secrets elsewhere is signed by other keys. */
export const replyKeys = (secrets: readonly (readonly [id: string, secret: string])[]): ReplyKeys =>
  secrets.map(([, secret]) => createSecretKey(createHmac('sha256', secret).update('reply address').digest()));

const MARK = 'reply+';
const VERSION = 1;
const MAX_EPOCH = 0xff_ff_ff;
// 96 bits: nobody guesses one at a mail server (80 are wanted); with the other 20 bytes 52 letters, 58 before the @ of the 64 that
// RFC 5321 allows there
const MAC_BYTES = 12;
const HEAD_BYTES = 20;
// RFC 4648, in lower case: servers on the way may change the case, and Base64 would not survive it
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const FORM = /^reply\+([a-z2-7]{52})@[^@]+$/i;

function toBase32(bytes: Buffer): string {
  let text = '';
  let [bits, held] = [0, 0];
  for (const byte of bytes) {
    [bits, held] = [(bits << 8) | byte, held + 8];
    while (held >= 5) {
      held -= 5;
      text += LETTERS[(bits >> held) & 31];
    }
    bits &= (1 << held) - 1;
  }
  return held > 0 ? text + LETTERS[(bits << (5 - held)) & 31] : text;
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text) {
    [bits, held] = [(bits << 5) | LETTERS.indexOf(letter), held + 5];
    if (held >= 8) {
      held -= 8;
      bytes.push(bits >> held);
    }
    bits &= (1 << held) - 1;
  }
  return Buffer.from(bytes);
}

const macOf = (key: KeyObject, head: Buffer): Buffer =>
  createHmac('sha256', key).update(head).digest().subarray(0, MAC_BYTES);

/** The address that answers for a target go to: reply+TOKEN@domain, where the token is 52 letters and digits. */
export function replyAddress(keys: ReplyKeys, { kind, id, epoch }: ReplyTarget, domain: string): string {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > MAX_EPOCH) throw new RangeError(`${epoch} is no epoch`);
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = (VERSION << 4) | KINDS.indexOf(kind);
  head.write(id.replaceAll('-', ''), 1, 'hex');
  head.writeUIntBE(epoch, 17, 3);
  return `${MARK}${toBase32(Buffer.concat([head, macOf(keys[0]!, head)]))}@${domain}`;
}

/** What an address stands for, whatever its case; null when it is no reply address, or none that our keys have signed. */
export function readReplyAddress(keys: ReplyKeys, address: string): ReplyTarget | null {
  const token = FORM.exec(address)?.[1]?.toLowerCase();
  if (!token) return null;
  const bytes = fromBase32(token);
  // the last letter holds bits that say nothing: an address has one spelling
  if (toBase32(bytes) !== token) return null;
  const [head, mac] = [bytes.subarray(0, HEAD_BYTES), bytes.subarray(HEAD_BYTES)];
  const kind = KINDS[head[0]! & 15];
  if (head[0]! >> 4 !== VERSION || !kind || !keys.some((key) => timingSafeEqual(macOf(key, head), mac))) return null;
  const hex = head.toString('hex', 1, 17);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { kind, id, epoch: head.readUIntBE(17, 3) };
}
