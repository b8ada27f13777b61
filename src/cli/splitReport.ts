import type { Fragment } from '../reply/split.policy.ts';
import type { Case } from './splitCases.ts';

/** How near a mail came to what was expected: whether exactly so, and how many of the lines to be seen are not. */
export interface Result {
  isExact: boolean;
  lines: number;
  lost: number;
}

const collapsed = (text: string): string => text.replace(/\s+/g, ' ').trim();
const bare = (text: string): string => text.replace(/\s+/g, '');

/** Compares what is visible of a mail with what should be, white space aside. */
export function judged({ ignoresSpace }: Case, visible: string, expected: string): Result {
  const compared = ignoresSpace ? bare : collapsed;
  const seen = new Set(visible.split('\n').map(collapsed));
  const lines = expected.split('\n').map(collapsed).filter(Boolean);
  const lost = lines.filter((line) => (ignoresSpace ? !bare(visible).includes(bare(line)) : !seen.has(line)));
  return { isExact: compared(visible) === compared(expected), lines: lines.length, lost: lost.length };
}

/** Results in a sentence. */
export function told(results: readonly Result[]): string {
  const exact = results.filter(({ isExact }) => isExact).length;
  const [lines, lost] = [sum(results.map((result) => result.lines)), sum(results.map((result) => result.lost))];
  return `${exact} of ${results.length} exact (${percent(exact, results.length)}), ${lost} of ${lines} lines lost (${percent(lost, lines)})`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** A fragment with what it is in front of each line. */
export function drawn({ content, isHidden, isSignature, isQuoted, isForwarded }: Fragment): string {
  const kind = isSignature ? 'signature' : isQuoted ? 'quoted' : isForwarded ? 'forwarded' : '';
  const margin = `${isHidden ? '-' : ' '} ${kind.padEnd(9)} | `;
  const lines = content.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => `${margin}${line}\n`).join('');
}
