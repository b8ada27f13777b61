import { contextOf } from '../src/graph/context.ts';
import { saveView } from '../src/view/view.commands.ts';
import type { Place } from './place.ts';
import type { Seeding } from './seeding.ts';

/** A view that everybody in the library's project finds, and one of the architect's own. */
export async function makeViews(
  { world, calendar }: Seeding,
  { viewers, projects, tools, people }: Place,
): Promise<void> {
  calendar.go(-4);
  const context = contextOf(world, viewers.architect);
  await saveView(context, {
    projectId: projects.library,
    name: 'Overdue design reviews',
    shared: true,
    filter: { genericTool: { eq: tools.review }, overdue: { eq: true } },
    orderBy: [{ field: 'DUE_DATE' }],
    columns: ['NUMBER', 'TITLE', 'STATUS', 'ASSIGNEES', 'DUE_DATE', 'LOCATION'],
  });
  await saveView(context, {
    projectId: projects.library,
    name: 'Waiting for the owner',
    filter: { statusCategory: { eq: 'OPEN' }, assignee: { eq: people.owner } },
    orderBy: [{ field: 'DUE_DATE' }],
  });
}
