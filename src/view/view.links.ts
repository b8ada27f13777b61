import { type ExportFormat, exportList } from '../export/list.export.ts';
import type { Context } from '../graph/context.ts';
import type { InputReader } from '../graph/readInput.ts';
import { type LinkAnswerer, linkTo } from '../link/link.ts';
import { savedViewById } from './view.queries.ts';

const VIEW = 'view';

interface ViewOptions {
  v: string;
  f: ExportFormat;
}

/** A link to the file of what a view lists. */
export const linkToView = (context: Context, viewId: string, format: ExportFormat): string =>
  linkTo(context, VIEW, { v: viewId, f: format } satisfies ViewOptions);

/** Who answers these links: with the view as it is then, for who sees it then. */
export const viewAnswerers = (read: InputReader): Record<string, LinkAnswerer> => ({
  async [VIEW](context, options, request) {
    const { v, f } = options as ViewOptions;
    const view = await context.loads.load(savedViewById, v);
    if (!view) return null;
    const { projectId, filter, orderBy, columns, name } = view;
    return exportList(context, request, read, { projectId, format: f, filter, orderBy, columns, name });
  },
});
