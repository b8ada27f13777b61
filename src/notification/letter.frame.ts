import { cut } from '../kernel/cut.ts';
import { type Markup, markup } from '../kernel/markup.ts';
import { plainText } from '../kernel/plainText.ts';
import { oneLine } from '../kernel/text.ts';
import { webLink } from './letter.rich.ts';
import { STYLE } from './letter.style.ts';
import type { Letter } from './letter.ts';
import { reasonOf, sentenceOf } from './letter.words.ts';

// what lists of mails show beside the subject
const MAX_PREHEADER = 140;

/** What lists of mails show behind the subject: what was answered, or who did what. */
export function preheaderOf({ items, now }: Letter): string {
  const [item, ...more] = items;
  if (more.length > 0)
    return cut(items.map(({ number, title }) => oneLine(`${number} ${title}`)).join(', '), MAX_PREHEADER);
  const notes = item!.event === 'RESPONDED_TO' && item!.response?.notes;
  return cut(notes ? oneLine(plainText(notes)) : sentenceOf(item!, now), MAX_PREHEADER);
}

/** What a letter ends with, a line each: whether it can be answered, why it came, and how there would be none. */
export function footingOf({ items, repliable, settingsUrl, company }: Letter): Markup[] {
  const events = items.every(({ event }) => event === 'OVERDUE') ? 'what is overdue' : 'changes such as this';
  const address = settingsUrl && webLink(settingsUrl);
  const command = markup`set <em>wantsEmail</em> to false with <em>updateViewer</em>`;
  return [
    ...(repliable
      ? [markup`You can answer this mail: what you write above the line at its top comes back to the item.`]
      : []),
    markup`You get it because ${reasonOf(items)}, and the project sends mail about ${events}. Which changes it sends mail about is for the ADMINs of the tool in the project to say.`,
    markup`To get no mail of ${oneLine(company)} at all, ${address ? markup`<a class="link" style="${STYLE.link}" href="${address}">${command}</a>` : command}.`,
  ];
}
