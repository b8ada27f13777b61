import { sql } from 'kysely';
import { batch, byId, groupBy } from '../database/loader.ts';
import { emailById } from '../email/email.queries.ts';
import type { AttachmentKind } from '../file/attach.policy.ts';
import type { Context } from '../graph/context.ts';
import { itemById } from '../item/item.queries.ts';
import { responseById } from '../response/response.queries.ts';

export interface AttachmentRow {
  id: string;
  itemId: string | null;
  responseId: string | null;
  kind: AttachmentKind;
  name: string;
  externalId: string | null;
  url: string | null;
  emailId: string | null;
  /** null of mail from outside */
  createdById: string | null;
  createdAt: string;
  /** of an UPLOAD: what is stored */
  fileId: string | null;
  size: number | null;
  contentType: string | null;
  sha256: string | null;
}

const ROWS = sql`
  select a.id, a.item_id as "itemId", a.response_id as "responseId", a.email_id as "emailId", a.kind, a.name, a.external_id as "externalId", a.url,
    a.created_by_id as "createdById", a.created_at as "createdAt", a.file_id as "fileId", f.size::float8 as size,
    f.content_type as "contentType", f.sha256
  from attachments a left join files f on f.id = a.file_id`;

/** An attachment of something that the viewer was just shown: nothing more is asked. */
export const attachmentOfSeen = batch<Context, string, AttachmentRow>(async ({ lagging, viewer }, ids) => {
  const { rows } = await sql<AttachmentRow>`
    ${ROWS} where a.id = any(${ids}::uuid[]) and a.company_id = ${viewer.companyId}`.execute(lagging);
  return byId(rows);
});

/** The attachments of responses that the viewer was just shown, in the order in which they came. */
export const attachmentsOfResponse = batch<Context, string, AttachmentRow[]>(async ({ lagging, viewer }, ids) => {
  const { rows } = await sql<AttachmentRow>`
    ${ROWS} where a.response_id = any(${ids}::uuid[]) and a.company_id = ${viewer.companyId}
    order by a.response_id, a.id`.execute(lagging);
  return groupBy(rows, ({ responseId }) => responseId!);
});

/** An attachment by its id alone, if the viewer sees the item, the response or the mail that has it. */
export const attachmentById = batch<Context, string, AttachmentRow>(async ({ loads }, ids) => {
  const rows = await loads.loadAll(attachmentOfSeen, ids);
  const owner = ({ itemId, responseId, emailId }: AttachmentRow): Promise<unknown> => {
    if (itemId) return loads.load(itemById, itemId);
    return responseId ? loads.load(responseById, responseId) : loads.load(emailById, emailId!);
  };
  const seen = await Promise.all(rows.map(owner));
  return byId(rows.filter((_, n) => seen[n] !== null));
});

/** The attachments of mails that the viewer was just shown, in the order in which they came, without those that are shown within. */
export const attachmentsOfEmail = batch<Context, string, AttachmentRow[]>(async ({ lagging, viewer }, ids) => {
  const { rows } = await sql<AttachmentRow>`
    ${ROWS} where a.email_id = any(${ids}::uuid[]) and a.company_id = ${viewer.companyId} and a.content_id is null
    order by a.email_id, a.id`.execute(lagging);
  return groupBy(rows, ({ emailId }) => emailId!);
});

/** The names of attachments of items that the viewer was just shown, by their ids. Nothing of it stays in the loads of the request. */
export async function attachmentNames(
  { lagging, viewer }: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from attachments where id = any(${ids}::uuid[]) and company_id = ${viewer.companyId}`.execute(
    lagging,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
