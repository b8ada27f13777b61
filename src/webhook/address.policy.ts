import { BlockList, isIP } from 'node:net';

/** Addresses and ranges in CIDR ("10.0.0.0/8", "::1"), as node:net compares them: an IPv4 address in IPv6 clothes is an IPv4 address. */
export function rangesOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

// the special-purpose registry of IANA, and one that a cloud took for itself
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8', // this network; 0.0.0.0 connects to loopback
  '10.0.0.0/8', // private (RFC 1918)
  '100.64.0.0/10', // behind a carrier's NAT; Alibaba's metadata at 100.100.100.200
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's host: a public number that leads to the machine below
  '169.254.0.0/16', // link-local; metadata of most clouds at 169.254.169.254
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocols; Oracle's metadata at 192.0.0.192
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // sinks of questions to name servers (AS112)
  '192.52.193.0/24', // relays of multicast (AMT)
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
];
// of IPv6 only what is given out is public: loopback, link-local, ULA, multicast, mapped and compatible IPv4 lie elsewhere
const GIVEN_OUT_V6 = '2000::/3';
const NOT_PUBLIC_V6 = [
  '2001::/23', // protocols: Teredo (with an IPv4 address in it), benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, with an IPv4 address in it: given up in 2015
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
];
// what an IPv6-only network calls IPv4 addresses by (NAT64): as public as the address in the last 32 bits
const NAT64 = '64:ff9b::';

const notPublicV4 = rangesOf(NOT_PUBLIC_V4);
const givenOutV6 = rangesOf([GIVEN_OUT_V6, `${NAT64}/96`]);
const notPublicV6 = rangesOf([
  ...NOT_PUBLIC_V6,
  ...NOT_PUBLIC_V4.map((cidr) => cidr.split('/')).map(([address, bits]) => `${NAT64}${address}/${96 + Number(bits)}`),
]);

/** Whether an address belongs to the internet at large. What is no plain address (a name, one with a zone) does not. */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !notPublicV4.check(address, 'ipv4');
    case 6:
      return givenOutV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** What decides where calls may go: ranges allowed although they are not public, and whether others must be called by TLS. */
export interface CallRules {
  allowed: BlockList;
  secureOnly: boolean;
}

const isAllowed = ({ allowed }: CallRules, address: string): boolean =>
  isIP(address) !== 0 && allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Why nothing of this form is called, or null: judged before its name is looked up. */
export function refuseForm(url: URL): string | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The address must begin with https://.';
  if (url.username || url.password) return 'The address must not have a user or a password in it.';
  return null;
}

/**
 * Why an address whose name has these IP addresses is not called, or null. One that is not public among others refuses all: no
 * receiver has such a mixture but by mistake, or to find out which of them is taken. The sentence does not tell them: who names
 * hosts of an inner network must not learn its addresses.
 */
export function refuseAddresses(rules: CallRules, url: URL, addresses: readonly string[]): string | null {
  const outside = addresses.filter((address) => !isAllowed(rules, address));
  if (!outside.every(isPublic))
    return `${url.hostname} is or resolves to an address that is not public: of this machine, a private network, or reserved.`;
  if (outside.length > 0 && rules.secureOnly && url.protocol !== 'https:')
    return 'The address must begin with https://.';
  return null;
}
