import { Company, Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import type { World } from '../world.ts';
import { type ReplyTarget, replyAddress } from './replyAddress.policy.ts';

/** The address that people write to, and that letters about several things are answered to. */
const inboundAddress = ({ mailer }: World, kind: ReplyTarget['kind'], id: string): string =>
  replyAddress(mailer.replyKeys, { kind, id, epoch: 0 }, mailer.domain);

builder.objectField(Company, 'inboundAddress', (t) =>
  t.string({
    nullable: true,
    description:
      'The e-mail address of the company: mail to it belongs to no project. Null for a company that you do not act for.',
    resolve: ({ id }, _args, { world, viewer }) =>
      id === viewer.companyId ? inboundAddress(world, 'company', id) : null,
  }),
);
builder.objectField(Project, 'inboundAddress', (t) =>
  t.string({
    nullable: true,
    description: 'The e-mail address of the project: mail to it is about the project. For whoever sees the project.',
    resolve: ({ id }, _args, { world }) => inboundAddress(world, 'project', id),
  }),
);
