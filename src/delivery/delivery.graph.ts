import { builder } from '../graph/builder.ts';
import type { DELIVERY_STATES, DeliveryKind } from './delivery.policy.ts';
import { type DeliveryRow, type DeliverySight, visibleDelivery } from './delivery.queries.ts';

const EmailDeliveryState = builder.enumType('EmailDeliveryState', {
  description: 'Where a mail to one recipient stands.',
  values: Object.fromEntries(
    Object.entries({
      QUEUED: 'It is on its way for the first time, or anew.',
      SENT: 'The mail server has taken it.',
      DEFERRED: 'It could not be sent yet, and is tried again, for five days at most.',
      FAILED:
        'The mail server refused it for good, or five days have passed: nothing more happens, unless it is sent anew.',
      BOUNCED: 'It was sent, and came back.',
    } satisfies Record<(typeof DELIVERY_STATES)[number], string>).map(([state, description]) => [
      state,
      { value: state as (typeof DELIVERY_STATES)[number], description },
    ]),
  ) as Record<(typeof DELIVERY_STATES)[number], { value: (typeof DELIVERY_STATES)[number]; description: string }>,
});

/** The type; what belongs to something that the viewer sees is loaded by `deliveryOfSeen`. */
export const EmailDelivery = builder.objectRef<DeliveryRow>('EmailDelivery');

/** Adds the type to the graph, with the sight of each kind for those who ask by id. */
export function showDeliveries(sights: Record<DeliveryKind, DeliverySight>): void {
  const deliveryById = visibleDelivery(sights);
  builder.node(EmailDelivery, {
    description:
      'What became of a mail to one recipient. Seen by whoever sees what it belongs to: of a notification its recipient and ADMINs of ' +
      'the tool who see the item.',
    id: { resolve: ({ id }) => id, description: 'Global id.' },
    loadMany: (ids, { loads }) => ids.map((id) => loads.load(deliveryById, id)),
    fields: (t) => ({
      address: t.exposeString('address', { description: 'The e-mail address that it goes to, as it was then.' }),
      state: t.field({ type: EmailDeliveryState, description: 'Where it stands.', resolve: ({ state }) => state }),
      attempts: t.exposeInt('attempts', {
        description: 'How often it was tried since it was queued, or last sent anew.',
      }),
      lastError: t.exposeString('lastError', {
        nullable: true,
        description:
          'Why the last attempt came to nothing, often in the words of the mail server, at most 500 characters; null if it did not.',
      }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        description: 'When its state or its attempts last changed.',
      }),
    }),
  });
}
