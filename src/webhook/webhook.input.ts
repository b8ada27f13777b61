import { Refused, refuse } from '../kernel/errors.ts';
import { Faults } from '../kernel/input.ts';
import type { World } from '../world.ts';
import { refuseAddress } from './target.ts';
import { isForCompaniesOnly, WEBHOOK_EVENTS, type WebhookEvent, type WebhookEventName } from './webhook.policy.ts';

/** What can be said of a webhook when it is made, and changed later; absent parts stay. */
export interface WebhookContent {
  url?: string | null;
  events?: readonly WebhookEventName[] | null;
  description?: string | null;
}

/** The same, read: undefined stays. */
export interface ReadContent {
  url?: string | undefined;
  events?: WebhookEvent[] | undefined;
  description?: string | null | undefined;
}

/** Reads what is said of a webhook; what is wrong goes to the faults. The address is written as it is called. */
export function readContent(faults: Faults, { url, events, description }: WebhookContent): ReadContent {
  if (events !== undefined && !events?.length)
    faults.add('REQUIRED', 'It is told of nothing: name at least one event.', ['events']);
  return {
    url: readAddress(faults, url),
    events: events ? [...new Set(events)].map((name) => WEBHOOK_EVENTS[name]) : undefined,
    description: faults.text(description, ['description'], 'the description'),
  };
}

function readAddress(faults: Faults, given: string | null | undefined): string | undefined {
  const known = faults.errors.length;
  const text = faults.webAddress(given, ['url'], 'the address');
  if (text === null) faults.add('REQUIRED', 'The address is missing.', ['url']);
  if (!text || faults.errors.length > known) return undefined;
  const address = new URL(text);
  if (address.hash || text.endsWith('#'))
    faults.add('INVALID', 'The address has a fragment (#), which no server would get.', ['url']);
  return address.href;
}

/** Adds to the faults what a webhook of that project is never told of. */
export function checkEvents(
  faults: Faults,
  events: readonly WebhookEvent[] | undefined,
  projectId: string | null,
): void {
  if (projectId !== null && events?.some(isForCompaniesOnly))
    faults.add(
      'INVALID',
      'IMPORT_FINISHED is told to webhooks of the company: an import is no matter of one project.',
      ['events'],
    );
}

/** Refuses an address that would not be called: its name is looked up. Outside of any transaction, for this takes its time. */
export async function checkAddress(world: World, url: string): Promise<void> {
  const refusal = await refuseAddress(world, url);
  if (refusal) refuse('INVALID', refusal, ['url']);
}

/** What a webhook that is not seen is answered with, as one that never was. */
export function noSuchWebhook(gid: string): Refused {
  const faults = new Faults();
  faults.notFound('Webhook', gid, ['id']);
  return new Refused(faults.errors);
}
