import { showDeliveries } from '../delivery/delivery.graph.ts';
import { deliveriesSeen } from '../email/delivery.queries.ts';
import { mailsSeen } from '../notification/notification.queries.ts';

/* Who sees the deliveries of each kind, when they ask by id. What is in no sight is not seen. */
showDeliveries({
  NOTIFICATION: mailsSeen,
  EMAIL: deliveriesSeen,
});
