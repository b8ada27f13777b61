import { expect, test } from 'vitest';
import { fromGlobalId, isUuid, newId, requireUuid, toGlobalId, uuidOf } from '../../src/kernel/ids.ts';

const NOW = new Date('2026-03-02T09:00:00.123Z');
const uuid = '01900000-0000-7000-8000-000000000001';
const base64 = (text: string) => Buffer.from(text).toString('base64url');

test('a new id is a UUIDv7 that begins with its time', () => {
  const id = newId(NOW);
  expect(isUuid(id)).toBe(true);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(NOW.getTime());
});

test('ids made later sort later; of the same instant, by their sequence', () => {
  expect(newId(NOW) < newId(new Date(NOW.getTime() + 1))).toBe(true);
  const ids = Array.from({ length: 4096 }, (_, n) => newId(NOW, n));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => id[14] === '7' && '89ab'.includes(id[19]!))).toBe(true);
});

test('a global id gives back its type and uuid', () => {
  for (const type of ['Item', 'GenericToolStatus', 'EmailCommunication']) {
    const id = toGlobalId(type, uuid);
    expect(fromGlobalId(id)).toEqual({ type, uuid });
    expect([uuidOf(type, id), uuidOf('User', id)]).toEqual([uuid, null]);
  }
});

test.each([
  ['empty', ''],
  ['a uuid', uuid],
  ['base64 of a uuid', base64(uuid)],
  ['capitals', base64(`Item:${uuid.replace('01900000', 'ABCDEF00')}`)],
  ['a third part', base64(`Item:${uuid}:`)],
  ['no type', base64(`:${uuid}`)],
  ['a blank in front', base64(` Item:${uuid}`)],
  ['a line break behind', base64(`Item:${uuid}\n`)],
  ['padded', `${base64(`Item:${uuid}`)}=`],
  ['a digit in the type', base64(`It3m:${uuid}`)],
  ['a type beyond ASCII', base64(`Ítem:${uuid}`)],
  ['a letter of base64 that it does not have', `${toGlobalId('Item', uuid).slice(0, -1)}!`],
  ['very long', base64(`${'I'.repeat(1_000)}:${uuid}`)],
])('%s is not a global id', (_what, id) => {
  expect(fromGlobalId(id)).toBe(null);
  expect(uuidOf('Item', id)).toBe(null);
  expect(() => requireUuid('Item', id, 'filter.ids')).toThrow(/^filter\.ids: ".*" is not the id of a Item\.$/s);
});

test('what is no text is no id', () => {
  for (const value of [null, undefined, 7, {}, ['a'], true]) expect(uuidOf('Item', value)).toBe(null);
});

test('every object has one global id: another spelling of the same bytes is none', () => {
  // the last letter of base64 can hold bits that no byte takes
  for (const type of ['Item', 'User', 'Project', 'GenericTool', 'Company']) {
    const id = toGlobalId(type, uuid);
    const spellings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .map((letter) => id.slice(0, -1) + letter)
      .filter((spelling) => fromGlobalId(spelling)?.uuid === uuid);
    expect(spellings).toEqual([id]);
  }
});
