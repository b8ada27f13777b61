import { speak } from './gateway.ts';

const bare = speak(
  (_type, id) => id,
  (id) => id,
);

/** How the hand-written server is asked: the gateway's operations, with the ids of the rows and cursors that say what they are. */
export const yogaDialect = {
  ...bare,
  cursor: async (_place, { createdAt, id }) => Buffer.from(JSON.stringify([createdAt, id])).toString('base64url'),
} satisfies typeof bare;
