import { Webhook } from 'standardwebhooks';

/** What the receiver knows an event by, however often it comes: the same for all webhooks that it goes to. */
export const messageIdOf = (eventId: string): string => `evt_${eventId}`;

/** The headers of a call (Standard Webhooks): a signature by each of the secrets, of these very bytes at this very time. */
export function signedHeaders(
  secrets: readonly string[],
  messageId: string,
  body: string,
  now: Date,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, now, body)).join(' '),
  };
}
