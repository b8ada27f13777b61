import { toGlobalId } from '../kernel/ids.ts';
import type { DemoIds } from './demoIds.ts';
import type { Tab } from './graphiql.ts';

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
  ];
}

const TYPES = `# Joe Owner: the types of correspondence of the company
query CorrespondenceTypes($company: ID!) {
  company(id: $company) {
    name
    genericTools {
      nodes {
        id
        externalId
        title
        abbreviation
        privateByDefault
      }
    }
  }
}
`;

const AVAILABLE_TYPES = `# Joe Owner: which of them are there in the project, and with which statuses
query AvailableTypes($project: ID!) {
  project(id: $project) {
    name
    genericTools {
      id
      title
      statuses { id name category }
    }
  }
}
`;

const USER_AVAILABILITY = `# Joe Owner: who can be chosen for which type
query UserAvailability($project: ID!) {
  project(id: $project) {
    userAvailability(first: 50) {
      nodes {
        user { id name vendor { name } }
        genericTools {
          genericTool { title }
          potentialAssignee
          potentialReceivedFrom
          potentialDistributionMember
        }
      }
    }
  }
}
`;

const PERMISSIONS = `# Joe Owner: what he may do
query Permissions($project: ID!) {
  project(id: $project) {
    permissions {
      genericTool { title }
      accessLevel
      permittedActions
      viewerCanCreate
    }
  }
}
`;

const ITEM_FIELDS = `      id
      number
      title
      status { name category }
      private
      dueDate
      createdBy { name }
      assignees { name vendor { name } }
      distributionMembers { name vendor { name } }
      version
`;

const CREATE_ITEM = `# Architect: a new item; its number is the next that is free
mutation CreateItem($input: CreateItemInput!) {
  createItem(input: $input) {
    item {
${ITEM_FIELDS}    }
    userErrors { code message path }
  }
}
`;

const ITEMS = `# Architect: the items of one type, newest first
query Items($project: ID!, $filter: ItemFilter) {
  project(id: $project) {
    items(filter: $filter, first: 20) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id
        number
        title
        status { name }
        private
        dueDate
        isOverdue
      }
    }
  }
}
`;

const ITEM = `# Architect: one item and its answers
query Item($id: ID!) {
  item(id: $id) {
${ITEM_FIELDS.replaceAll(/^ {2}/gm, '')}    description
    ballInCourt { name }
    viewerCanEdit
    viewerCanRespond
    responses {
      nodes {
        position
        notes
        official
        createdBy { name }
        createdAt
      }
    }
    changes {
      nodes {
        label
        oldValue
        newValue
        createdBy { name }
        createdAt
      }
    }
  }
}
`;

const RESPOND = `# Joe Owner: an official answer
mutation Respond($input: CreateResponseInput!) {
  createResponse(input: $input) {
    response { id position notes official createdBy { name } }
    userErrors { code message path }
  }
}
`;

const BATCH = `# Architect: items of both types changed at once
mutation BatchUpdateItems($input: BatchUpdateItemsInput!) {
  batchUpdateItems(input: $input) {
    updatedCount
    results {
      outcome
      item { number title dueDate version }
      userErrors { code message path }
    }
    userErrors { code message path }
  }
}
`;
