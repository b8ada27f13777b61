import { type RawBuilder, sql } from 'kysely';
import { unseen } from '../database/prepared.ts';
import type { Act } from '../database/transaction.ts';
import type { Viewer } from '../directory/viewer.ts';
import type { NewAttachment } from './attach.policy.ts';
import { UNUSED_MS } from './file.policy.ts';

/** What something gets and loses; the ids of both ends of its attachments. */
export interface Attaching {
  /** null of a mail of no project */
  projectId: string | null;
  itemId: string | null;
  responseId: string | null;
  emailId?: string;
  /** of a mail: what is shown within it is known by an id there */
  added: readonly (NewAttachment & { contentId?: string | null })[];
  removed: readonly string[];
  /** who attached it and when, where that is not whoever acts, now: an import */
  origin?: { createdById: string; createdAt: string };
}

/**
 * The uploads among some ids that a viewer may use: whole, their own, unused. Locked, so that nobody else uses them and no job removes
 * them meanwhile; whoever waits for that finds them no more.
 */
export const usableUploads = (
  viewer: Pick<Viewer, 'id' | 'companyId'>,
  ids: readonly string[],
): RawBuilder<unknown> => sql`
  select id, name, size::float8 as size, content_type as "contentType" from files
  where id = any(${unseen([...new Set(ids)])}) and created_by_id = ${viewer.id} and company_id = ${viewer.companyId}
    and stored_at is not null and not claimed and not removed
  order by id for update`;

/**
 * The steps of a statement that store what is attached and taken off; nothing where nothing is. Each begins with a comma. A file that
 * an attachment was taken off stays for a day, and as long as there is another.
 */
export function attachmentSteps(
  { now }: Act,
  actor: { id: string | null; companyId: string },
  all: readonly Attaching[],
): RawBuilder<unknown> {
  const rows = all.flatMap(({ added, removed, ...at }) =>
    added.map((attachment) => ({ ...attachment, ...at, ...at.origin })),
  );
  const removed = all.flatMap((each) => each.removed);
  const fileIds = [...new Set(rows.map(({ fileId }) => fileId))];
  const adding = sql`, attached as (
      insert into attachments (id, company_id, created_at, updated_at, project_id, item_id, response_id, email_id, content_id, kind, name,
        file_id, external_id, url, created_by_id)
      select id, ${actor.companyId}, coalesce("createdAt", ${now}), coalesce("createdAt", ${now}), "projectId", "itemId", "responseId", "emailId", "contentId", kind, name,
        "fileId", "externalId", url, coalesce("createdById", ${actor.id})
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(id uuid, "projectId" uuid, "itemId" uuid, "responseId" uuid, "emailId" uuid, "contentId" text,
        kind text, name text, "fileId" uuid, "externalId" text, url text, "createdById" uuid, "createdAt" timestamptz)
    ), claimed as (
      update files set claimed = true, due_at = null, updated_at = ${now} where id = any(${unseen(fileIds)})
    )`;
  const removing = sql`, detached as (
      delete from attachments where id = any(${unseen(removed)}) returning file_id
    ), released as (
      update files set due_at = ${new Date(now.getTime() + UNUSED_MS)}
      where id in (select file_id from detached) and not id = any(${unseen(fileIds)})
    )`;
  return sql`${rows.length > 0 ? adding : sql``}${removed.length > 0 ? removing : sql``}`;
}
