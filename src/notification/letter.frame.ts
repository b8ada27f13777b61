import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { plainText } from '../kernel/plainText.ts';
import { oneLine } from '../kernel/text.ts';
import type { Group } from './letter.groups.ts';
import { webLink } from './letter.rich.ts';
import { STYLE } from './letter.style.ts';
import type { Letter } from './letter.ts';
import { footingOf, sentenceOf } from './letter.words.ts';

// what lists of mails show beside the subject
const MAX_PREHEADER = 140;

/** What lists of mails show behind the subject: what was answered, or who did what. */
export function preheaderOf({ items }: Letter, groups: readonly Group[]): string {
  const [item, ...more] = items;
  if (more.length > 0)
    return cut(
      oneLine(
        items
          .slice(0, 20)
          .map(({ number, title }) => `${number} ${title}`)
          .join(', '),
      ),
      MAX_PREHEADER,
    );
  if (item!.event !== 'REMOVED' && item!.response?.notes)
    return cut(oneLine(plainText(item!.response.notes.slice(0, 20 * MAX_PREHEADER))), MAX_PREHEADER);
  const { said, changes } = groups[0]!;
  const labels = changes.map(({ label }) => label).join(', ');
  return cut(`${sentenceOf(said)} ${labels}`.trim(), MAX_PREHEADER);
}

/** What a letter ends with: whether it can be answered, why it came, and how there would be none. */
export function footingMarkup(letter: Letter): Markup {
  const { reason, matrix, none } = footingOf(letter);
  const address = letter.settingsUrl && webLink(letter.settingsUrl);
  const line = (text: Markup) => markup`<p style="margin:0 0 8px">${text}</p>`;
  return markup`${letter.repliable && line(markup`${ANSWER}`)}${line(markup`${reason} ${matrix}`)}${line(
    address ? markup`<a class="link" style="${STYLE.link}" href="${address}">${none}</a>.` : markup`${none}.`,
  )}`;
}

/** Said where a letter can be answered. */
export const ANSWER = 'Answer this mail to respond: what you write above the line at its top goes to the item.';
