import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentTypeOf, HEAD_BYTES } from '../../src/file/contentType.ts';
import { dispositionOf, fileNameOf, namesInFolder, rangeOf } from '../../src/file/file.policy.ts';

test.each([
  ['plan.pdf', 'plan.pdf'],
  ['  plan \t 2.pdf ', 'plan 2.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\ann\\plan.pdf', 'plan.pdf'],
  ['a/b\\c', 'c'],
  ['plan\u0000.pdf\u009f', 'plan.pdf'],
  ['plan\u202Efdp.exe', 'planfdp.exe'],
  ['pl\u200Ban\uFEFF\u2066.pdf', 'plan.pdf'],
  ['pl\uD800an.pdf', 'plan.pdf'],
  ['Fac\u0327ade.pdf', 'Façade.pdf'],
  ['.htaccess', '.htaccess'],
  ['..', ''],
  ['...', ''],
  ['/', ''],
  [' \u202E ', ''],
])('a file called %j is kept as %j', (given, name) => {
  expect(fileNameOf(given)).toBe(name);
});

test('names in a folder are unique on every system, and lead nowhere else', () => {
  const names = [
    'a.pdf',
    'A.pdf',
    'a.pdf',
    'a (2).pdf',
    '/etc/x',
    '..',
    'nul',
    'Com1.txt',
    'a:b',
    'end. ',
    '.x',
    '.X',
    'no',
  ];
  const safe = [
    'a.pdf',
    'A (2).pdf',
    'a (3).pdf',
    'a (2) (2).pdf',
    'x',
    'file',
    '_nul',
    '_Com1.txt',
    'a_b',
    'end_',
    '.x',
    '.X (2)',
    'no',
  ];
  expect(namesInFolder(names)).toEqual(safe);
  expect(namesInFolder(Array(500).fill('a.pdf')).at(-1)).toBe('a (500).pdf');
});

test.each([
  ['plan.pdf', 'attachment; filename="plan.pdf"'],
  ['a"b\\c%d.pdf', `attachment; filename="a_b_c_d.pdf"; filename*=UTF-8''a%22b%5Cc%25d.pdf`],
  ["Bob's (1)*.pdf", 'attachment; filename="Bob\'s (1)*.pdf"'],
  ["é'(*)", `attachment; filename="e'(*)"; filename*=UTF-8''%C3%A9%27%28%2A%29`],
  ['x\r\nset-cookie: a=b', `attachment; filename="x__set-cookie: a=b"; filename*=UTF-8''x%0D%0Aset-cookie%3A%20a%3Db`],
])('%j is disposed of as %s', (name, disposition) => {
  expect(dispositionOf(name)).toBe(disposition);
});

test.each([
  [null, null],
  ['', null],
  ['bytes=-', null],
  ['bytes=a-b', null],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-', { start: 0, end: 9 }],
  ['bytes=-20', { start: 0, end: 9 }],
  ['bytes=9-9999999999', { start: 9, end: 9 }],
  ['bytes=5-4', null],
  ['bytes=10-', 'UNSATISFIABLE'],
  ['bytes=99999999999999999999-', null],
])('of ten bytes, %j is %j', (header, range) => {
  expect(rangeOf(header, 10)).toEqual(range);
});

const html = '<!doctype html><script>alert(1)</script>';
test.each<[string, string | Uint8Array, string]>([
  ['x.png', Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex'), 'image/png'],
  ['x.txt', Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex'), 'image/png'],
  ['x.pdf', '%PDF-1.7\n1 0 obj', 'application/pdf'],
  ['x.gz', gzipSync('x'), 'application/gzip'],
  ['x.html', html, 'text/plain'],
  ['x.png', html, 'text/plain'],
  ['x.svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'text/plain'],
  ['x.xml', '\uFEFF<?xml version="1.0"?><x/>', 'text/plain'],
  ['x.mht', 'MIME-Version: 1.0\nContent-Type: multipart/related', 'text/plain'],
  ['x.bmp', 'BM stands for BMW', 'text/plain'],
  ['LIST.CSV', 'a;b\r\n1;2', 'text/csv'],
  ['x.csv', 'a\u0000b', 'application/octet-stream'],
  ['x.txt', Buffer.from('caf\xe9', 'latin1'), 'application/octet-stream'],
  // a letter that is cut in two by the end of what is looked at
  ['x.txt', Buffer.from(`${'n'.repeat(HEAD_BYTES - 1)}é`).subarray(0, HEAD_BYTES), 'text/plain'],
  ['x.html', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(html, 'utf16le')]), 'application/octet-stream'],
  [
    'x.xml',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<?xml version="1.0"?><x/>', 'utf16le')]),
    'application/octet-stream',
  ],
  ['x.bin', new Uint8Array(100), 'application/octet-stream'],
])('%s with %.40j is %s', async (name, content, type) => {
  expect(await contentTypeOf(Buffer.from(content as string), name)).toBe(type);
});
