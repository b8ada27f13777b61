import { namesInFolder } from '../file/file.policy.ts';

// with an extension well below the 255 bytes that file systems take, whatever the letters
const MAX_LENGTH = 60;

/** A name that a file can have on any system, made of texts that people gave: "DR-interior-002.pdf". */
export function fileName(parts: readonly string[], extension: string): string {
  // what stands before a slash would be taken for a folder
  const name = parts.join(' ').replace(/[/\\]/g, '-').replace(/^\.+/, '');
  const short = [...name].slice(0, MAX_LENGTH).join('').trim();
  return namesInFolder([`${short || 'export'}.${extension}`])[0]!;
}
