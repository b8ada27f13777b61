import { builder } from '../graph/builder.ts';
import { requireUuid, toGlobalId } from '../kernel/ids.ts';
import { TopicTypeRef } from '../topic/topic.graph.ts';
import { findExternal } from './externalNode.queries.ts';

export const ExternalKindRef = builder.enumType('ExternalKind', {
  description: 'Kinds of things that keep the id of the system that they came from.',
  values: {
    VENDOR: { description: 'A Vendor.' },
    USER: { description: 'A User.' },
    PROJECT: { description: 'A Project.' },
    GENERIC_TOOL: { description: 'A GenericTool.' },
    GENERIC_TOOL_STATUS: { description: 'A GenericToolStatus.' },
    ITEM: { description: 'An Item.' },
    RESPONSE: { description: 'A Response.' },
    TOPIC: { description: 'What correspondence is about: an ExternalTopic, or what topicType says.' },
    TEAM: { description: 'A Team.' },
    CONTACT: { description: 'A Contact.' },
    ACCOUNT: { description: 'An Account.' },
    CASE: { description: 'A Case.' },
    LOCATION: { description: 'A Location; its external id is unique in its project.' },
    COST_CODE: { description: 'A CostCode; its external id is unique in its project.' },
    SPECIFICATION_SECTION: { description: 'A SpecificationSection; its external id is unique in its project.' },
    SUB_JOB: { description: 'A SubJob; its external id is unique in its project.' },
    TRADE: { description: 'A Trade; its external id is unique in its project.' },
    TASK: { description: 'A Task; its external id is unique in its project.' },
  } as const,
});

builder.queryField('externalNode', (t) =>
  t.node({
    description:
      'What has this id in the system that it came from; null when there is no such thing that you see, or the company is not the one that you act for.',
    args: {
      companyId: t.arg.id({ required: true, description: 'Id of the Company.' }),
      kind: t.arg({ type: ExternalKindRef, required: true, description: 'What it is.' }),
      externalId: t.arg.string({ required: true, description: 'Its id there.' }),
      projectId: t.arg.id({
        description:
          'Id of the Project that it belongs to; looked at for kinds that belong to one. ' +
          'Left out, reference data and external topics that several projects of yours have under this id are BAD_USER_INPUT.',
      }),
      topicType: t.arg({
        type: TopicTypeRef,
        description: 'What kind of topic it is: needed for TOPIC (BAD_USER_INPUT), not looked at for others.',
      }),
    },
    id: async (_root, { companyId, kind, externalId, projectId, topicType }, context) => {
      const found = await findExternal(context, kind, externalId, {
        companyId: requireUuid('Company', companyId, 'companyId'),
        projectId: projectId == null ? null : requireUuid('Project', projectId, 'projectId'),
        topicType: topicType ?? null,
      });
      return found && toGlobalId(found.type, found.id);
    },
  }),
);
