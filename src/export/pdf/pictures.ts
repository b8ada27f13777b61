import { inflateSync } from 'node:zlib';
import type { Paper } from './paper.ts';

const MAX_HEIGHT = 320;
// one with transparency is unpacked and packed again in one go: 2 million pixels take a tenth of a second
const MAX_REPACKED = 2_000_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Whether a PNG can be written. Those without transparency go in as their bytes are. Others are unpacked by pdfkit, out of reach of our
 * hands: what it throws there ends the process. So they are unpacked here first, and must be small and whole.
 */
function isSafePng(bytes: Buffer): boolean {
  if (bytes.length < 33) return false;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, type, interlaced] = [bytes[24]!, bytes[25]!, bytes[28] !== 0];
  const packed: Buffer[] = [];
  let transparent = type === 4 || type === 6;
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    if (kind === 'IDAT') packed.push(bytes.subarray(at + 8, at + 8 + length));
    if (kind === 'tRNS' && type === 3) transparent = true;
    at += 12 + length;
  }
  if (interlaced) return false;
  if (!transparent) return true;
  if (width * height > MAX_REPACKED) return false;
  const row = 1 + Math.ceil((width * depth * (CHANNELS[type] ?? 0)) / 8);
  const pixels = inflateSync(Buffer.concat(packed), { maxOutputLength: row * height + 1 });
  // each row begins with one of five filters
  return (
    pixels.length === row * height && Array.from({ length: height }, (_, n) => pixels[n * row]!).every((f) => f < 5)
  );
}

/** Writes a PNG or JPEG, as large as it fits; nothing where it is none that can be shown. */
export function writePicture(paper: Paper, bytes: Buffer, indent: number): void {
  const { document } = paper;
  try {
    if (bytes.subarray(0, 8).equals(PNG) && !isSafePng(bytes)) return;
    const image = document.openImage(bytes);
    // lies on its side where a camera says so
    const turned = (image.orientation ?? 1) > 4;
    const [width, height] = turned ? [image.height, image.width] : [image.width, image.height];
    const scale = Math.min(1, (paper.width - indent) / width, MAX_HEIGHT / height);
    if (!(scale > 0)) return;
    paper.room(height * scale + 8);
    const size = { width: width * scale, height: height * scale };
    document.image(image as never, paper.left + indent, paper.y + 4, size);
    paper.y += size.height + 8;
  } catch {
    // its bytes are not what their beginning promises
  }
}
