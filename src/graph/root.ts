import { builder } from './builder.ts';
import './scalars.ts';

builder.queryType({
  description:
    'Everything that can be read. You see what domain rules let you see; all else is answered as if it did not exist.',
  authScopes: { signedIn: true },
});

builder.subscriptionType({
  description:
    'What can be listened to, by server-sent events. Subscribe first and read then, or you miss what happens in between; and read anew ' +
    'whenever you subscribe again. A stream ends when you could not sign in any more: an expired token, a revoked key, a user who is no ' +
    'longer active; the last answer then says so (UNAUTHENTICATED). One that ends without an error does so because the process stops: ' +
    'subscribe again. RATE_LIMITED (429) when you have as many streams open as you may (MAX_STREAMS, 20, in each process).',
  authScopes: { signedIn: true },
});

builder.mutationType({
  description:
    'Everything that can be changed. Each takes one `input` and answers with a payload: what a person or program did wrong comes back in `userErrors`, and nothing was changed.',
  authScopes: { signedIn: true },
});
