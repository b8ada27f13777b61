import { wordsOf } from '../kernel/textWords.ts';
import type { Language } from './language.policy.ts';
import { CENTRAL } from './languages.central.policy.ts';
import { WESTERN } from './languages.west.policy.ts';
import { WORLD } from './languages.world.policy.ts';

/** All that is known of languages. */
export const LANGUAGES: readonly Language[] = [...WESTERN, ...CENTRAL, ...WORLD];

/** Phrases by their first word, each as the words that follow it, the longest first. */
export type Phrases = ReadonlyMap<string, readonly (readonly string[])[]>;

/** The words of a line, without case and accents. Most lines are ASCII, where this is five times as fast as to fold them. */
export const foldedWords = (line: string): string[] =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII is
  /^[\x00-\x7F]*$/.test(line) ? (line.toLowerCase().match(/[a-z0-9]+/g) ?? []) : wordsOf(line);

/** What the languages have under some heading, as one list. */
export const listed = (...headings: (keyof Language)[]): string[] =>
  LANGUAGES.flatMap((language) => headings.flatMap((heading) => language[heading]?.split('|') ?? []));

/** A list as phrases that can be looked up. */
export function phrasesOf(list: readonly string[]): Phrases {
  const phrases = new Map<string, string[][]>();
  for (const phrase of new Set(list)) {
    const [first, ...more] = wordsOf(phrase);
    if (first) phrases.set(first, [...(phrases.get(first) ?? []), more]);
  }
  for (const more of phrases.values()) more.sort((a, b) => b.length - a.length);
  return phrases;
}

/** How many words the longest of the phrases takes that begins at a word; 0 if none does. */
export function phraseAt(phrases: Phrases, words: readonly string[], at: number): number {
  const found = phrases.get(words[at] ?? '')?.find((more) => more.every((word, n) => words[at + 1 + n] === word));
  return found ? found.length + 1 : 0;
}

/** Whether these words are one of the phrases and nothing else. */
export const isPhrase = (phrases: Phrases, words: readonly string[]): boolean =>
  words.length > 0 && (phrases.get(words[0]!) ?? []).some((more) => isAll(more, words));

const isAll = (more: readonly string[], words: readonly string[]): boolean =>
  more.length === words.length - 1 && more.every((word, n) => words[n + 1] === word);

/** Whether these words end with one of the phrases, which are looked for in the last few words. */
export function endsWithPhrase(phrases: Phrases, words: readonly string[]): boolean {
  for (let at = Math.max(0, words.length - MAX_WORDS); at < words.length; at += 1) {
    if ((phrases.get(words[at]!) ?? []).some((more) => isAll(more, words.slice(at)))) return true;
  }
  return false;
}
// Japanese and Chinese count each character as a word
const MAX_WORDS = 12;
