import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressFault } from '../../src/delivery/address.policy.ts';
import { type ReplyTarget, readReplyAddress, replyAddress, replyKeys } from '../../src/delivery/replyAddress.policy.ts';

const OLD: [string, string] = ['old', 'o'.repeat(32)];
const NEW: [string, string] = ['new', 'n'.repeat(32)];
const keys = replyKeys([NEW, OLD]);
const targets: fc.Arbitrary<ReplyTarget> = fc.record({
  kind: fc.constantFrom('thread', 'item', 'project', 'company'),
  id: fc.uuid(),
  epoch: fc.integer({ min: 0, max: 0xff_ff_ff }),
});

test('a reply address says what it stands for, in whatever case it comes back', () => {
  fc.assert(
    fc.property(targets, fc.func(fc.boolean()), (target, isUpper) => {
      const address = replyAddress(keys, target, 'mail.example.com');
      expect(address).toMatch(/^reply\+[a-z2-7]{52}@mail\.example\.com$/);
      expect(address.indexOf('@')).toBeLessThanOrEqual(64);
      expect(addressFault(address)).toBeNull();
      const shouted = [...address].map((letter, i) => (isUpper(i) ? letter.toUpperCase() : letter)).join('');
      expect(readReplyAddress(keys, shouted)).toEqual(target);
    }),
  );
});

test('one letter that is different, and it stands for nothing', () => {
  const address = replyAddress(
    keys,
    { kind: 'item', id: '0190c9a0-0000-7000-8000-000000000000', epoch: 3 },
    'x.example',
  );
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const taken: string[] = [];
  for (let at = 'reply+'.length; at < address.indexOf('@'); at += 1) {
    for (const letter of letters) {
      const other = address.slice(0, at) + letter + address.slice(at + 1);
      if (other !== address && readReplyAddress(keys, other)) taken.push(other);
    }
  }
  expect(taken).toEqual([]);
  const token = address.slice(6, 58);
  for (const other of [
    `reply+${token}a@x.example`,
    `reply+${token.slice(1)}@x.example`,
    `reply@x.example`,
    `reply+@x.example`,
    token,
    '',
    `x+${token}@x.example`,
    `reply+${token}@a@b`,
  ])
    expect([other, readReplyAddress(keys, other)]).toEqual([other, null]);
});

test('what an old key has signed holds until the key is gone; other keys sign other addresses', () => {
  const target: ReplyTarget = { kind: 'thread', id: '0190c9a0-0000-7000-8000-000000000000', epoch: 0 };
  const old = replyAddress(replyKeys([OLD]), target, 'x.example');
  expect(replyAddress(keys, target, 'x.example')).not.toBe(old);
  expect(readReplyAddress(keys, old)).toEqual(target);
  expect(readReplyAddress(replyKeys([NEW]), old)).toBeNull();
  expect(readReplyAddress([], old)).toBeNull();
  for (const epoch of [-1, 0.5, 0x1_00_00_00, Number.NaN])
    expect(() => replyAddress(keys, { ...target, epoch }, 'x.example')).toThrow(RangeError);
});
