import { expect, test } from 'vitest';
import { isEmail, isLocale, isTimeZone, nameOfEmail } from '../../src/directory/directory.policy.ts';

test.each([
  'jjowner@example.com',
  "o'brien+site@sub.example.co",
  'admin@localhost',
  'jürgen@bücher.example',
  'a@b',
])('%j is an e-mail address', (text) => expect(isEmail(text)).toBe(true));

test.each([
  '',
  '@',
  'joe',
  'joe@',
  '@example.com',
  'joe@example.com, zoe@example.com',
  'Joe <joe@example.com>',
  'joe @example.com',
  'joe@exa mple.com',
  'joe@@example.com',
  'joe@example..com',
  '.joe@example.com',
  'joe.@example.com',
  'joe@.example.com',
  'joe@example.com.',
  'joe@[127.0.0.1]',
  '"joe"@example.com',
  `${'x'.repeat(250)}@example.com`,
])('%j is no e-mail address', (text) => expect(isEmail(text)).toBe(false));

test.each([
  'America/Los_Angeles',
  'UTC',
  'Etc/GMT+5',
  'Asia/Kolkata',
  'Europe/Kyiv',
  'America/Argentina/Buenos_Aires',
])('%j is a time zone', (text) => expect(isTimeZone(text)).toBe(true));

test.each([
  '',
  'EST',
  'PST8PDT',
  'SystemV/AST4',
  '+01:00',
  'Z',
  'Mars/Olympus',
  'Europe/Berlin ',
  '../etc/passwd',
  'local',
])('%j is no time zone', (text) => expect(isTimeZone(text)).toBe(false));

test.each([
  ['en-GB', true],
  ['de', true],
  ['en_GB', false],
  ['', false],
  ['english please', false],
])('%j as a language: %s', (text, expected) => expect(isLocale(text)).toBe(expected));

test.each([
  ['jane.doe@example.com', 'Jane Doe'],
  ['jj_owner+site@example.com', 'Jj Owner Site'],
  ['ADMIN@localhost', 'ADMIN'],
  ['_@example.com', ''],
])('%s suggests the name %j', (email, name) => expect(nameOfEmail(email)).toBe(name));
