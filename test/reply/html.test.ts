import fc from 'fast-check';
import { expect, test } from 'vitest';
import { htmlLines } from '../../src/reply/htmlLines.policy.ts';
import { splitHtmlReply } from '../../src/reply/splitHtml.policy.ts';

const visible = (html: string): string => splitHtmlReply(html).visibleText;

test.each([
  ['class="gmail_quote"', 'div'],
  ['class="x_gmail_quote"', 'div'],
  ['class="yahoo_quoted" id="yahoo_quoted_77"', 'div'],
  ['class="protonmail_quote"', 'div'],
  ['type="cite"', 'blockquote'],
  ['style="border-left: 2px solid blue; margin-left: 5px"', 'blockquote'],
  ['', 'blockquote'],
  ['id="divRplyFwdMsg"', 'div'],
  ['id="x_divRplyFwdMsg"', 'div'],
  ['id="mail-editor-reference-message-container"', 'div'],
  ['data-marker="__QUOTED_TEXT__"', 'div'],
  ['name="quote"', 'div'],
  ['class="OutlookMessageHeader"', 'div'],
  ['id="isReplyContent"', 'blockquote'],
  ['name="messageReplySection"', 'div'],
])('a container of quotations is hidden: %s', (attributes, element) => {
  expect(visible(`<div>Yes.</div><${element} ${attributes}><p>Is it done?</p><p>Ann</p></${element}>`)).toBe('Yes.');
  expect(visible(`<DIV>Yes.</DIV><${element.toUpperCase()} ${attributes.replaceAll('"', "'")}>Is it done?`)).toBe(
    'Yes.',
  );
});

test.each([
  ['<p>a</p><p>b</p>', 'a\n\nb'],
  ['<div>a</div><div>b</div>', 'a\nb'],
  ['a<br>b<br/><br>c', 'a\nb\n\nc'],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a\tb\nc'],
  ['<pre>a\n  b</pre>', 'a\n  b'],
  ['<div style="white-space: pre-wrap">a\nb</div>', 'a\nb'],
  [
    '5 &lt; 6 &amp;&nbsp;7 &euro; &#8211; &#x41; &#150; &unknown; &copy 2025 a&b',
    '5 < 6 &\u00a07 € – A – &unknown; © 2025 a&b',
  ],
  ['<style>p { color: red }</style><script>if (a < b) alert("<p>x</p>")</script>a', 'a'],
  ['a<!-- hidden > --> b', 'a b'],
  ['a<!--[if mso]><p>office</p><![endif]-->b', 'ab'],
  ['3 < 4 and 5 <6', '3 < 4 and 5 <6'],
  ['write to <ann@site.example> today', 'write to <ann@site.example> today'],
  ['<a href="x>y" title=\'b>c\'>link</a>', 'link'],
  // nothing is lost of what is broken
  ['a <b title="never closed>bold</b> c', 'a bold c'],
  ['a <!-- never closed', 'a <!-- never closed'],
  ['<style>never closed a', 'never closed a'],
  ['a <', 'a <'],
])('%s is read as %j', (html, text) => {
  expect(visible(html)).toBe(text);
});

test('what people only move to the right is theirs, and so are answers between quotations', () => {
  expect(visible('<p>Scope:</p><blockquote style="margin:0 0 0 40px;border:none">Door 1</blockquote>')).toContain(
    'Door 1',
  );
  expect(visible('<div>a</div><div class="gmail_quote"><blockquote>q</blockquote><div>mine</div></div>')).toContain(
    'mine',
  );
  expect(visible('<blockquote type="cite">q</blockquote><div>mine</div>')).toBe('mine');
  // the button that quotes, and a quotation of the author's above the one of the mail
  expect(visible('<div>He says:</div><blockquote class="gmail_quote">no</blockquote>')).toContain('no');
  const mail = '<div>On 5 May 2025 at 10:00, Ann &lt;a@b.example&gt; wrote:</div><blockquote>q</blockquote>';
  expect(visible(`<div>It says:</div><blockquote>own</blockquote>${mail}`)).toContain('own');
  expect(visible(`<div>Yes.</div>${mail}`)).toBe('Yes.');
});

test('a container ends where it ends, however badly what is in it does', () => {
  expect(visible('<blockquote type="cite"><div><p>q<p>q<li>q</blockquote><div>mine</div>')).toBe('mine');
  expect(visible('<div class="yahoo_quoted"><div>q<span></div>q</div><div>mine</div>')).toBe('mine');
  expect(visible('<div class="yahoo_quoted"><table><div>q</table></div></div><div>mine</div>')).toBe('mine');
  expect(visible('</div></blockquote></p>mine')).toBe('mine');
  const answer =
    '<div class="gmail_quote">On 5 May 2025 at 10:00, Ann wrote:<blockquote type="cite"><div>q</div><div><div>q</div></div>q</blockquote></div><div>mine</div>';
  expect(visible(answer)).toBe('mine');
});

test('a signature is one where a program says so, unless the author says nothing else', () => {
  expect(visible('<div>Yes.</div><div class="gmail_signature">Ann Lee<br>Works manager</div>')).toBe('Yes.');
  expect(visible('<div id="Signature"><p>Yes, pour on Monday if the pump is there.</p></div>')).toBe(
    'Yes, pour on Monday if the pump is there.',
  );
});

test('the fragments of HTML are all of its text', () => {
  const piece = fc.constantFrom(
    '<div>',
    '</div>',
    '<blockquote type=cite>',
    '<blockquote>',
    '</blockquote>',
    '<p>',
    '</p>',
    '<br>',
    '<div class="gmail_quote">',
    '<hr>',
    '<pre>',
    '</pre>',
    '<div id="divRplyFwdMsg">',
    '<div class="gmail_signature">',
    '<div style="border-top: solid">',
    '<!--',
    '-->',
    '<',
    '>',
    '"',
    'words',
    ' ',
    '&amp;',
    '\n',
    '<td>',
    '<a href="',
    '<style>',
    '</style>',
    'On 5 May 2025 10:00, a@b.example wrote:',
    'From: a@b.example',
    'Date: 5 May 2025',
    'Subject: x',
    '---- Forwarded message ----',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const html = pieces.join('');
      const { text, marks } = htmlLines(html);
      expect(marks.length).toBe(text.split('\n').length);
      expect(
        splitHtmlReply(html)
          .fragments.map(({ content }) => content)
          .join(''),
      ).toBe(text);
    }),
    { numRuns: 300 },
  );
});
