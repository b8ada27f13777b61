import { showDeliveries } from '../delivery/delivery.graph.ts';

/* Who sees the deliveries of each kind, when they ask by id. What is in no sight is not seen. */
showDeliveries({
  // the recipients their own
  NOTIFICATION: async ({ viewer }, deliveries) =>
    deliveries.filter(({ userId }) => userId === viewer.id).map(({ id }) => id),
});
