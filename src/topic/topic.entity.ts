import { defineEntity, p } from '@mikro-orm/core';
import { companyColumns } from '../database/columns.ts';
import { TOPIC_TYPES } from './topic.policy.ts';

/** Something of another system that correspondence is about. */
export const ExternalTopicSchema = defineEntity({
  name: 'ExternalTopic',
  tableName: 'external_topics',
  properties: {
    ...companyColumns,
    projectId: p.uuid(),
    topicType: p.enum(TOPIC_TYPES),
    externalId: p.string(),
    title: p.string(),
    number: p.string().nullable(),
    url: p.string().nullable(),
  },
});
