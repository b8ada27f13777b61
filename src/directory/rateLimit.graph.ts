import { builder } from '../graph/builder.ts';
import type { Context } from '../graph/context.ts';

const RateLimit = builder.objectRef<ReturnType<Context['rateLimit']>>('RateLimit').implement({
  description: 'How much you may still ask for: a leaky bucket of points of cost, one for each user.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'How many points the bucket holds.' }),
    remaining: t.exposeInt('remaining', { description: 'How many of them are left, after this operation.' }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      description: 'When all are there again, if nothing more is asked.',
    }),
    cost: t.exposeInt('cost', { description: 'How many points this operation costs.' }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    description: 'How much you may still ask for.',
    resolve: (_root, _args, context) => context.rateLimit(),
  }),
);
