import { batch, byId } from '../database/loader.ts';
import { namesIn } from '../directory/directory.queries.ts';
import { standingIn } from '../directory/standing.queries.ts';
import type { Context } from '../graph/context.ts';
import type { ReferenceName } from './reference.policy.ts';

/** Reference data as the graph shows it. */
export interface ReferenceRow extends ReferenceName {
  id: string;
  projectId: string;
  externalId: string | null;
  active: boolean;
}

export const REFERENCE_COLUMNS = ['id', 'projectId', 'kind', 'externalId', 'name', 'code', 'path', 'active'] as const;

/** Reference data of the viewer's company: for whoever sees something that refers to it, such as an item. */
export const referenceNamed = namesIn<ReferenceRow>('reference_data', REFERENCE_COLUMNS);

/** Reference data of projects that the viewer sees. */
export const referenceById = batch<Context, string, ReferenceRow>(async ({ loads }, ids) => {
  const rows = await loads.loadAll(referenceNamed, ids);
  const standings = await loads.loadAll(standingIn, [...new Set(rows.map(({ projectId }) => projectId))]);
  const seen = new Set(standings.map(({ projectId }) => projectId));
  return byId(rows.filter(({ projectId }) => seen.has(projectId)));
});
