import { expect, test } from 'vitest';
import { splitReply } from '../../src/reply/split.policy.ts';
import { splitHtmlReply } from '../../src/reply/splitHtml.policy.ts';

// Whoever can send us mail chooses its text: twice of whatever it is may take twice as long and never four times. No clock is looked at,
// only how the processor's time for one grows against that for the other: the least of several runs, so that busy neighbours do not count.
const SIZE = 40_000;
const RUNS = 3;
const TRIES = 6;

const TEXTS: Record<string, string> = {
  'empty lines': '\n',
  'blanks in one line': ' ',
  'what has no width': '\u200b',
  'a rule without end': '_',
  rules: '-----\n',
  delimiters: '-- \n',
  'marks of quotation in one line': '>',
  'marks of quotation': '>\n',
  'one answer after another': '> q\na\n',
  labels: 'From: x\n',
  'heads that are none': 'From: x\nTo: y\n\n',
  recipients: 'To: a@b.example\n',
  colons: 'a:\n',
  'addresses with colons': '1@a.example:\n',
  'attributions that do not end': 'On 1 May 2025 at 10:00,\n',
  'attributions far apart': 'On 1 May 2025,\n\n\n\n\n\n\n\n\n\n',
  'attributions of quotations': '> x\nOn 5 May 2025 10:30\nAnn <a@b.example>\nwrote:\n',
  'dashes in lines': 'reply---reply---reply---:\n',
  closings: 'Regards,\n',
  'lines of phones': 'Sent from my iPhone\n',
  'another alphabet': 'пн, 5 мая 2025 x:\n',
  'no alphabet': '于2025年写道：',
  prose: 'The slab was poured on 5 May 2025 at 10:30, as Ann wrote to bob@site.example.\n',
  'carriage returns': '\r',
  'halves of characters': '\ud800\n',
};

const HTMLS: Record<string, [string, string?]> = {
  'elements that stay open': ['<div>'],
  'quotations that stay open': ['<blockquote>'],
  'what ends and never began': ['</div></blockquote>'],
  'elements that cross': ['<blockquote><div>', '</p></table>'],
  'containers in containers': ['<div class="gmail_quote">a<blockquote>b</blockquote>'],
  'containers in themselves': ['<div class=gmail_quote>a'],
  borders: ['<div style="border-top:solid">a: b@c.example<br>'],
  'comments that do not end': ['<!--'],
  'styles that do not end': ['<style>'],
  'quotes that do not end': ['<a b="'],
  attributes: ['<a ', 'b=c '],
  brackets: ['<'],
  entities: ['&amp'],
  'numbers without end': ['&#', '9'],
  breaks: ['<br>'],
  'a line in pieces': ['<i>a</i>'],
  cells: ['<table><tr><td>a'],
  'empty paragraphs': ['<p>&nbsp;</p>'],
};

const repeated = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length));
const filled = ([first, more]: readonly [string, string?], length: number): string =>
  repeated(first, more ? length / 2 : length) + (more ? repeated(more, length / 2) : '');

function effort(deed: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const before = process.cpuUsage();
    deed();
    least = Math.min(least, process.cpuUsage(before).user);
  }
  return least;
}

function growth(deed: (length: number) => () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && least > 3; attempt += 1) {
    // half a millisecond more each: below that a processor's time says nothing
    least = Math.min(least, (effort(deed(2 * SIZE)) + 500) / (effort(deed(SIZE)) + 500));
  }
  return least;
}

test.each(Object.entries(TEXTS))('twice the text takes twice the time: %s', (_, piece) => {
  const deed = (length: number) => {
    const text = repeated(piece, length);
    return () => void splitReply(text);
  };
  expect(growth(deed)).toBeLessThanOrEqual(3);
});

test.each(Object.entries(HTMLS))('twice the HTML takes twice the time: %s', (_, pieces) => {
  const deed = (length: number) => {
    const html = filled(pieces, length);
    return () => void splitHtmlReply(html);
  };
  expect(growth(deed)).toBeLessThanOrEqual(3);
});
