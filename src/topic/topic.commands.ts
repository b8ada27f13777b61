import { sql } from 'kysely';
import { transaction } from '../database/transaction.ts';
import { requireAdmin } from '../directory/admin.commands.ts';
import type { Context } from '../graph/context.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { refuseExternal, type TopicType } from './topic.policy.ts';

export const ADMINS_KEEP_TOPICS = 'Only company admins may make or change external topics.';

export interface UpsertTopicInput {
  projectId: string;
  type: TopicType;
  externalId: string;
  title: string;
  number?: string | null;
  url?: string | null;
}

/** Makes the external topic with that type and external id in a project, or changes it. Gives its id. Company admins only. */
export const upsertTopic = ({ world, viewer }: Context, input: UpsertTopicInput): Promise<string> =>
  transaction(world, async (act) => {
    await requireAdmin(act, viewer, ADMINS_KEEP_TOPICS);
    const faults = new Faults();
    const projectId = faults.id('Project', input.projectId, ['projectId']);
    const refusal = refuseExternal(input.type);
    if (refusal) faults.add('INVALID', refusal, ['type']);
    const externalId = faults.requiredText(input.externalId, ['externalId'], 'the external id');
    const title = faults.requiredText(input.title, ['title'], 'the title');
    const number = faults.text(input.number, ['number'], 'the number');
    const url = faults.webAddress(input.url, ['url'], 'the address');
    faults.refuse();
    const { rows } = await sql`
      select from projects where id = ${projectId} and company_id = ${viewer.companyId}`.execute(act.db);
    if (rows.length === 0) faults.notFound('Project', input.projectId, ['projectId']);
    faults.refuse();
    const kept = await sql<{ id: string }>`
      insert into external_topics as t
        (id, company_id, created_at, updated_at, project_id, topic_type, external_id, title, number, url)
      values (${newId(act.now)}, ${viewer.companyId}, ${act.now}, ${act.now}, ${projectId}, ${input.type}, ${externalId},
        ${title}, ${number ?? null}, ${url ?? null})
      on conflict (company_id, project_id, topic_type, external_id) do update set
        updated_at = excluded.updated_at, title = excluded.title,
        number = ${number === undefined ? sql`t.number` : sql`excluded.number`},
        url = ${url === undefined ? sql`t.url` : sql`excluded.url`}
      returning id`.execute(act.db);
    return kept.rows[0]!.id;
  });
