import { htmlLines } from './htmlLines.policy.ts';
import { linesOf } from './lines.policy.ts';
import { type Split, type SplitOptions, splitLines } from './split.policy.ts';

/** A mail's HTML as splitReply has its text: the fragments one after the other are all the text that is in it, without its tags. */
export function splitHtmlReply(html: string, options: Omit<SplitOptions, 'flowed' | 'delSp'> = {}): Split {
  const { text, marks } = htmlLines(html);
  return splitLines(linesOf(text), options, marks);
}
