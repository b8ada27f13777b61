import { toGlobalId } from '../kernel/ids.ts';
import type { DemoIds } from './demoIds.ts';
import type { Tab } from './graphiql.ts';
import {
  AVAILABLE_TYPES,
  BATCH,
  CREATE_ITEM,
  FILES,
  ITEM,
  ITEMS,
  LIVE_UPDATES,
  PERMISSIONS,
  RESPOND,
  SEARCH,
  TYPES,
  USER_AVAILABILITY,
} from './tutorial.ts';

const GREETING: Tab = {
  query: `# Set your token under Headers: { "Authorization": "Bearer <token>" }
query Viewer {
  viewer {
    user { id name email }
    companies { id name }
    projects { nodes { id name } }
  }
}
`,
};

/** The page without a demo: one tab that says who is signed in. */
export const plainTabs: Tab[] = [GREETING];

/** Who runs a tab of the tutorial. */
type Actor = 'joeOwner' | 'architect';

/**
 * The tutorial, a tab for each step, ready to run over the demo's data; `tokens` are those of its two people.
 * `today` is the day that due dates are set from.
 */
export function tutorialTabs(ids: DemoIds, tokens: Record<Actor, string>, today: Date): Tab[] {
  const company = toGlobalId('Company', ids.company);
  const project = toGlobalId('Project', ids.project);
  const designReview = toGlobalId('GenericTool', ids.designReview);
  const item = toGlobalId('Item', ids.item);
  const dueDate = new Date(today.getTime() + 14 * 86_400_000).toISOString().slice(0, 10);
  const tab = (actor: Actor, query: string, variables: object): Tab => ({
    query,
    variables,
    headers: { Authorization: `Bearer ${tokens[actor]}` },
  });
  return [
    tab('joeOwner', TYPES, { company }),
    tab('joeOwner', AVAILABLE_TYPES, { project }),
    tab('joeOwner', USER_AVAILABILITY, { project }),
    tab('joeOwner', PERMISSIONS, { project }),
    tab('architect', CREATE_ITEM, {
      input: {
        projectId: project,
        genericToolId: designReview,
        item: {
          title: 'Console design finishes',
          description: 'Please confirm the finishes of the console.',
          statusName: 'Open',
          private: true,
          dueDate,
          assigneeIds: [toGlobalId('User', ids.joeOwner.id)],
          distributionMemberIds: [toGlobalId('User', ids.joeProjectManager.id)],
        },
      },
    }),
    tab('architect', ITEMS, { project, filter: { genericTool: { eq: designReview } } }),
    tab('architect', ITEM, { id: item }),
    tab('joeOwner', RESPOND, {
      input: { itemId: item, notes: 'The finishes are confirmed.', official: true },
    }),
    tab('architect', BATCH, {
      input: {
        ids: [item, toGlobalId('Item', ids.otherItem)],
        patch: { dueDate },
        completionMode: 'EACH_ON_ITS_OWN',
      },
    }),
    tab('architect', SEARCH, { query: 'console fin' }),
    tab('architect', FILES, { project, item }),
    tab('joeOwner', LIVE_UPDATES, { project }),
  ];
}
