// What people leave out when they type (accents, points, vowel signs of Hebrew and Arabic), and characters that show nothing; the same as
// in the functions search_fold and search_words of the database, which do for texts what is done here for what is looked for.
const LEFT_OUT =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: marks by themselves are what it is about
  /[\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\u3099\u309A\uFE00-\uFE0F\uFE20-\uFE2F\u00AD\u200B-\u200F\u2060\uFEFF]+/gu;
// written without spaces: each is a word of its own
const IDEOGRAPH = /([\u3041-\u3096\u30A1-\u30FA\u3400-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}])/gu;
const WORD = /[\p{Alphabetic}0-9]+/gu;
// longer ones are cut, here and in the index
const MAX_WORD = 50;

// a sigma at the end of what is typed may stand in the midst of a word
const fold = (text: string): string =>
  text.normalize('NFKD').replace(LEFT_OUT, '').replace(/[ßẞ]/g, 'ss').toUpperCase().toLowerCase().replaceAll('ς', 'σ');

/** A word as numbers may have it too: they are counted in three digits, and 2 is looked for as 002. */
export const formsOf = (word: string): string[] => (/^\d{1,2}$/.test(word) ? [word, word.padStart(3, '0')] : [word]);

/** The words of a text as they are looked for: letters and digits that stand together, without case and accents. */
export const wordsOf = (text: string): string[] =>
  (fold(text).replace(IDEOGRAPH, ' $1 ').match(WORD) ?? []).map((word) =>
    word.length > MAX_WORD ? [...word].slice(0, MAX_WORD).join('') : word,
  );
