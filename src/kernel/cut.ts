const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A text of at most `max` characters (UTF-16), the last of which is "…" where something was cut off: behind a word if one ends in
 * the second half, and never inside of what is seen as one sign, such as an emoji of several or a letter with its accents.
 */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  // a sign that ends where the next begins cannot go on behind it: two characters more show whether it does
  for (const { index, segment } of GRAPHEMES.segment(text.slice(0, max + 2))) {
    if (index + segment.length > max - 1) break;
    end = index + segment.length;
  }
  const kept = text.slice(0, end);
  const atWord = /\s/.test(text[end] ?? '') ? kept : kept.replace(/\s+\S*$/u, '');
  return `${(atWord.length >= max / 2 ? atWord : kept).trimEnd()}…`;
}

/** A text from a place on, with "…" in front: from the beginning of the sign that stands there. */
export const cutFront = (text: string, place: number): string =>
  `…${text.slice(GRAPHEMES.segment(text).containing(place)?.index ?? place)}`;
