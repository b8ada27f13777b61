import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { isPublic, rangesOf, refuseAddresses } from '../../src/webhook/address.policy.ts';

const PRIVATE = `
  127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1
  169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.192 168.63.129.16 192.88.99.1
  192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.255 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
  ::1 :: ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 ::7f00:1 ::ffff:0:127.0.0.1
  fe80::1 febf::1 fec0::1 fc00::1 fd00:ec2::254 fdff::1 ff02::1 ff0e::1 100::1
  64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::192.168.0.1 64:ff9b::0.0.0.0 64:ff9b:1::1
  2002:7f00:1:: 2002:a00:1::1 2002:808:808::1 2001:0:7f00:1:: 2001::1 2001:db8::1 2001:2::1 2001:10::1 2001:20::1 3fff::1
  fe80::1%eth0 localhost 127.1 2130706433 1.2.3 1.2.3.4.5 1.2.3.4/8`;
const PUBLIC = `
  8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0
  172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 168.63.129.15
  2606:4700::1111 2a00:1450::1 2001:4860:4860::8888 2003::1 2400::1 64:ff9b::8.8.8.8 64:ff9b::808:808`;
const words = (text: string): string[] => text.trim().split(/\s+/);

test('which addresses are public', () => {
  expect(words(PRIVATE).filter(isPublic)).toEqual([]);
  expect(words(PUBLIC).filter((address) => !isPublic(address))).toEqual([]);
});

test('what another library finds special is not public here either, at both ends', () => {
  type Range = [{ toByteArray(): number[] }, bits: number];
  const special = [ipaddr.IPv4, ipaddr.IPv6].flatMap((family) =>
    Object.values((family.prototype as unknown as { SpecialRanges: Record<string, Range | Range[]> }).SpecialRanges),
  );
  const ranges = special.flatMap((range) => (Array.isArray(range[0]) ? (range as Range[]) : [range as Range]));
  expect(ranges.length).toBeGreaterThan(30);
  const ends = ranges.flatMap(([address, bits]) => {
    const first = address.toByteArray();
    const last = first.map((byte, at) => byte | (0xff >> Math.max(0, Math.min(8, bits - 8 * at))));
    return [first, last].map((bytes) => ipaddr.fromByteArray(bytes).toString());
  });
  // NAT64, special as a whole there, is as public here as what it leads to: at its ends not at all
  expect(ends.filter(isPublic)).toEqual([]);
  for (const v4 of words(`${PRIVATE} ${PUBLIC}`).filter(isIPv4)) expect(isPublic(`64:ff9b::${v4}`)).toBe(isPublic(v4));
});

test('allowed ranges open what they name; plain HTTP is for them alone where only TLS is good enough', () => {
  const refuse = (url: string, addresses: string[], secureOnly = true) =>
    refuseAddresses(
      { allowed: rangesOf(['10.0.0.0/8', '192.168.7.7', 'fd00::/8']), secureOnly },
      new URL(url),
      addresses,
    );
  expect(refuse('http://a.example', ['10.1.2.3', 'fd00::1', '192.168.7.7', '::ffff:10.0.0.1'])).toBeNull();
  expect(refuse('https://a.example', ['10.1.2.3', '8.8.8.8'])).toBeNull();
  expect(refuse('http://a.example', ['8.8.8.8'], false)).toBeNull();
  expect(refuse('http://a.example', ['8.8.8.8'])).toBe('The address must begin with https://.');
  expect(refuse('http://a.example', ['10.1.2.3', '8.8.8.8'])).toBe('The address must begin with https://.');
  for (const among of ['192.168.7.8', '127.0.0.1', 'fe80::1', 'nonsense']) {
    const told = refuse('https://a.example', ['8.8.8.8', among, '10.1.2.3'], false);
    expect(told).toMatch(/^a\.example is or resolves to an address that is not public/);
    expect(told).not.toContain(among);
  }
});
