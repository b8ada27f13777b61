import { type SqlBool, sql } from 'kysely';
import { hasWords } from '../database/hasWords.ts';
import type { PageArgs } from '../database/keyset.ts';
import { batch, byId } from '../database/loader.ts';
import { namesIn, seesProject } from '../directory/directory.queries.ts';
import { standingIn } from '../directory/standing.queries.ts';
import type { Connection } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { byKey, listsOf } from '../graph/list.ts';
import type { ReferenceKind, ReferenceName } from './reference.policy.ts';

/** Reference data as the graph shows it. */
export interface ReferenceRow extends ReferenceName {
  id: string;
  projectId: string;
  externalId: string | null;
  active: boolean;
}

const COLUMNS = ['id', 'projectId', 'kind', 'externalId', 'name', 'code', 'path', 'active'] as const;

/** Reference data of the viewer's company: for whoever sees something that refers to it, such as an item. */
export const referenceNamed = namesIn<ReferenceRow>('reference_data', COLUMNS);

/** Reference data of projects that the viewer sees. */
export const referenceById = batch<Context, string, ReferenceRow>(async ({ loads }, ids) => {
  const rows = await loads.loadAll(referenceNamed, ids);
  const standings = await loads.loadAll(standingIn, [...new Set(rows.map(({ projectId }) => projectId))]);
  const seen = new Set(standings.map(({ projectId }) => projectId));
  return byId(rows.filter(({ projectId }) => seen.has(projectId)));
});

const list = listsOf<ReferenceRow>(
  sql`row.id, row.project_id as "projectId", row.kind, row.external_id as "externalId", row.name, row.code, row.path, row.active`,
  byKey('row.sort_key'),
);

/**
 * Reference data of one kind in a project that the viewer sees: what can be chosen first, each by path, code or name as people count.
 * A request for 100 of 20,000 locations takes 11 ms, with a word to find 14 to 20: a search key is looked at for each of the kind.
 */
export const listReferences = (
  context: Context,
  projectId: string,
  kind: ReferenceKind,
  query: string | null | undefined,
  args: PageArgs,
): Promise<Connection<ReferenceRow>> =>
  list(
    context,
    kind,
    sql<SqlBool>`reference_data row
      where row.company_id = ${context.viewer.companyId} and row.project_id = ${projectId} and row.kind = ${kind}
        and exists (select from projects p where p.id = ${projectId} and ${seesProject(context, 'p')})
        and ${hasWords(query, 'row.search_key')}`,
    args,
  );
