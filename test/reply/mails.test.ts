import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { splitReply } from '../../src/reply/split.policy.ts';
import { splitHtmlReply } from '../../src/reply/splitHtml.policy.ts';

// Mails as the programs of many countries write them, each beside what its author wrote. `npm run split -- test/reply/mails` shows them.
const FOLDER = fileURLToPath(new URL('mails', import.meta.url));
const mails = readdirSync(FOLDER).filter((file) => !file.endsWith('.expected.txt'));
const collapsed = (text: string): string => text.replace(/\s+/g, ' ').trim();

test.each(mails)('%s', (file) => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const { visibleText, fragments } = (file.endsWith('.html') ? splitHtmlReply : splitReply)(text);
  expect(collapsed(visibleText)).toBe(
    collapsed(readFileSync(`${FOLDER}/${file.replace(/\.\w+$/, '')}.expected.txt`, 'utf8')),
  );
  if (file.endsWith('.txt')) expect(fragments.map(({ content }) => content).join('')).toBe(text);
});

test('there are enough of them to mean something', () => {
  expect(mails.length).toBeGreaterThan(75);
  expect(new Set(mails.map((file) => file.slice(0, 2))).size).toBeGreaterThan(30);
});
