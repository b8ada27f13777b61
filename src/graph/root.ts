import { builder } from './builder.ts';
import './scalars.ts';

builder.queryType({
  description:
    'Everything that can be read. You see what domain rules let you see; all else is answered as if it did not exist.',
  authScopes: { signedIn: true },
});

builder.mutationType({
  description:
    'Everything that can be changed. Each takes one `input` and answers with a payload: what a person or program did wrong comes back in `userErrors`, and nothing was changed.',
  authScopes: { signedIn: true },
});
