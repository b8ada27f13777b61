import { expect, test } from 'vitest';
import { blocksOf, writtenText } from '../../src/kernel/richText.ts';
import { safeRichText } from '../../src/kernel/text.ts';

test.each([
  ['Hello', 'Hello'],
  ['<p>One</p><p>Two</p>', 'One\nTwo'],
  ['<p>a  b\n c<br>d</p>', 'a b c\nd'],
  ['<p>One <b>bold </b> word</p>', 'One bold word'],
  [
    '<ul><li>a</li><li>b<ol><li>c</li><li><p>d</p><p>e</p></li></ol></li></ul>after',
    '• a\n• b\n  1. c\n  2. d\n    e\nafter',
  ],
  ['<blockquote>said<p>so</p></blockquote>', '  said\n  so'],
  ['<pre>  a\n  b </pre>', '  a\n  b'],
  ['<h2>Title</h2>text<hr>more', 'Title\ntext\n---\nmore'],
  ['<table><tr><th>A</th><td><p>1</p><p>2</p></td></tr><tr><td></td></tr></table>', 'A | 1 2'],
  [
    '<a href="https://x.example/">here</a>, <a href="https://y.example">https://y.example</a>',
    'here (https://x.example/), https://y.example',
  ],
  ['<a href="mailto:a@x.example">a@x.example</a>', 'a@x.example'],
  ['<a href="https://x.example"><b>he</b>re</a>', 'here (https://x.example)'],
  ['&lt;b&gt; &amp; &nbsp;x', '<b> & \u00a0x'],
  ['<p> </p><p><br></p>', ''],
  ['', ''],
])('%j reads %j', (html, text) => {
  expect(writtenText(safeRichText(html))).toBe(text);
});

test('runs bear their styles, one inside another', () => {
  expect(blocksOf('<p>a<b>b<i>c</i></b><code>d</code><sup>e</sup><u><s>f</s></u></p>')[0]!.runs).toEqual([
    { text: 'a' },
    { text: 'b', bold: true },
    { text: 'c', bold: true, italic: true },
    { text: 'd', code: true },
    { text: 'e', shift: 'SUP' },
    { text: 'f', underline: true, strike: true },
  ]);
});

test('the longest text that is kept is read in a moment, however it is nested', () => {
  for (const html of ['<ul><li>'.repeat(12_000), '<b>'.repeat(2_000) + 'x<br>'.repeat(2_000), 'a '.repeat(50_000)]) {
    const start = performance.now();
    writtenText(html);
    // some 50 ms, and minutes where one of them grows with the square of its length
    expect(performance.now() - start).toBeLessThan(5_000);
  }
});
