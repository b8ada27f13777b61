import { isIP } from 'node:net';

/**
 * Whether a request was made to this machine by number or as localhost. A site whose name was turned to our address while its
 * page was open (DNS rebinding) could read the page, but only under its own name: no tokens for those.
 */
export function isOwnAddress({ url }: Request): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}
