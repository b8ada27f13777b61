import { expect, test } from 'vitest';
import { Refused, refuse, refuseAny, userError } from '../../src/kernel/errors.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { Faults, NOBODY } from '../../src/kernel/input.ts';

const told = ({ errors }: Faults) => errors.map(({ code, path }) => `${code} ${path.join('.')}`);

test('a text is trimmed; absent is left, null and blank clear', () => {
  const faults = new Faults();
  expect(faults.text('  Lintel ', ['title'], 'the title')).toBe('Lintel');
  expect(faults.text(undefined, ['title'], 'the title')).toBe(undefined);
  expect(faults.text(null, ['title'], 'the title')).toBe(null);
  expect(faults.text(' \u00a0\n ', ['title'], 'the title')).toBe(null);
  faults.refuse();
});

test('a text that is too long, or holds what nobody types, is named', () => {
  const faults = new Faults();
  faults.text('x'.repeat(255), ['a'], 'the title');
  expect(faults.errors).toEqual([]);
  faults.text('x'.repeat(256), ['b'], 'the title');
  faults.text('a\0b', ['c', 0, 'd'], 'the title');
  faults.text('a\nb', ['e'], 'the title');
  faults.text('a\nb', ['f'], 'the notes', { multiline: true });
  faults.requiredText('   ', ['g'], 'the name');
  expect(told(faults)).toEqual(['TOO_LONG b', 'INVALID c.0.d', 'INVALID e', 'REQUIRED g']);
  expect(faults.errors.map(({ message }) => message)).toEqual([
    'The title has 256 characters; at most 255 are kept.',
    'The title holds control characters: "a\\u0000b".',
    'The title must be a single line: "a\\nb".',
    'The name is missing.',
  ]);
});

test('an id that is none, or of another type, is NOT_FOUND', () => {
  const faults = new Faults();
  const uuid = '01900000-0000-7000-8000-000000000001';
  expect(faults.id('User', toGlobalId('User', uuid), ['userId'])).toBe(uuid);
  expect(faults.errors).toEqual([]);
  for (const id of ['', 'x', uuid, toGlobalId('Item', uuid)]) expect(faults.id('User', id, ['userId'])).toBe(NOBODY);
  expect(told(faults)).toEqual(Array(4).fill('NOT_FOUND userId'));
  expect(faults.errors.every(({ message }) => message.length < 200)).toBe(true);
});

test('web addresses are http or https, without a password in them', () => {
  const good = ['https://a.example', 'http://localhost:8080/x?y=z#1', 'HTTPS://A.EXAMPLE/%20'];
  const bad = [
    'a.example',
    '//a.example',
    'ftp://a.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://me:secret@a.example',
    'https://me@a.example',
    'https://',
    'http://a b',
    'mailto:a@a.example',
    'file:///etc/passwd',
  ];
  for (const address of good) {
    const faults = new Faults();
    expect(faults.webAddress(address, ['url'], 'the address')).toBe(address);
    expect(faults.errors).toEqual([]);
  }
  for (const address of bad) {
    const faults = new Faults();
    faults.webAddress(address, ['url'], 'the address');
    expect(told(faults), address).toEqual(['INVALID url']);
  }
});

test('all mistakes are told at once', () => {
  const faults = new Faults();
  faults.add('INVALID', 'One.', ['updates', 3, 'patch']);
  faults.add('TAKEN', 'Two.', []);
  expect(() => faults.refuse()).toThrow(Refused);
  expect(() => faults.refuse()).toThrow('updates.3.patch: One.\n: Two.');
  expect(() => refuseAny([])).not.toThrow();
  expect(() => refuse('CLOSED', 'Shut.', ['id'])).toThrow(
    expect.objectContaining({ errors: [userError('CLOSED', 'Shut.', ['id'])] }),
  );
});
