import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { plainText } from '../../src/kernel/plainText.ts';
import { safeRichText } from '../../src/kernel/text.ts';
import { wordsOf } from '../../src/kernel/textWords.ts';
import { createWorld } from '../kit/world.ts';

test('words are letters and digits that stand together, without case and accents', () => {
  const cases: [text: string, words: string[]][] = [
    ['Éclairage du Hall, l’échelle', ['eclairage', 'du', 'hall', 'l', 'echelle']],
    ['DR-interior-002', ['dr', 'interior', '002']],
    ['Straße STRASSE ẞ', ['strasse', 'strasse', 'ss']],
    ['ΟΔΌΣ οδός', ['οδοσ', 'οδοσ']],
    ['ДВЕРЬ № 2', ['дверь', 'no', '2']],
    ['施工 ガス', ['施', '工', 'カ', 'ス']],
    ['שָׁלוֹם مُحَمَّد', ['שלום', 'محمد']],
    ['cor\u00adre\u200bspondence', ['correspondence']],
    ['ﬁre \u{1F525} ½', ['fire', '1', '2']],
    ['%_\\ \'"&|!:*()<->', []],
    ['', []],
    ['x'.repeat(60), ['x'.repeat(50)]],
  ];
  for (const [text, words] of cases) expect.soft(wordsOf(text)).toEqual(words);
});

test('what is looked for is folded as the texts are, letter by letter', async () => {
  await using world = await createWorld();
  // letters that are newer than the server are none to it
  const { rows } = await sql<{ n: number; words: string | null }>`
    select n, search_words('a' || chr(n) || 'b') as words from generate_series(1, 70000) n
    where n not between 55296 and 57343 and unicode_assigned(chr(n))`.execute(world.db);
  const differ = rows.filter(({ n, words }) => wordsOf(`a${String.fromCodePoint(n)}b`).join(' ') !== (words ?? ''));
  expect(rows.length).toBeGreaterThan(55_000);
  expect(differ.map(({ n, words }) => [n.toString(16), words])).toEqual([]);
});

test('rich text is looked through as people read it', async () => {
  await using world = await createWorld();
  const texts = [
    '<p>Tom &amp; <b>Jer</b>ry &amp;lt; 3 &gt; 2 &quot;so&quot; &eacute;t&eacute;&nbsp;&#x41;</p>one<br>two',
    '<ul><li>first</li><li>second</li></ul><table><tr><td>left</td><td>right</td></tr></table>',
    'a < b > c & d <script>alert(1)</script> <i class="x y">m<sup>2</sup></i> <a href="https://example.com/hidden">shown</a>',
    '<h1>Head</h1>line\nline &lt;b&gt;',
  ].map(safeRichText);
  for (const text of texts) {
    const { rows } = await sql<{ words: string }>`select search_words(search_plain(${text}::text)) as words`.execute(
      world.db,
    );
    expect.soft(rows[0]!.words.split(' ')).toEqual(wordsOf(plainText(text)));
  }
  expect(wordsOf(plainText(texts.join(' ')))).toEqual(
    expect.arrayContaining(['jerry', 'ete', 'm2', 'shown', 'second', 'right']),
  );
});
