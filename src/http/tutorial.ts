/* The operations of the tutorial, as they stand in GraphiQL's tabs: the first line says who runs it, and what for. */

export const TYPES = `# Joe Owner: the types of correspondence of the company
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

export const AVAILABLE_TYPES = `# Joe Owner: which of them are there in the project, and with which statuses
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

export const USER_AVAILABILITY = `# Joe Owner: who can be chosen for which type
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

export const PERMISSIONS = `# Joe Owner: what he may do
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

export const CREATE_ITEM = `# Architect: a new item; its number is the next that is free
mutation CreateItem($input: CreateItemInput!) {
  createItem(input: $input) {
    item {
${ITEM_FIELDS}    }
    userErrors { code message path }
  }
}
`;

export const ITEMS = `# Architect: the items of one type, newest first
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

export const ITEM = `# Architect: one item and its answers
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

export const SEARCH = `# Architect: what has these words; the beginning of a word or of a number is enough
query Search($query: String!) {
  search(query: $query, first: 10) {
    totalCount
    nodes {
      hit {
        ... on Item { number title status { name } }
        ... on Response { notes item { number } }
      }
      highlights { text isHit }
    }
  }
}
`;

export const FILES = `# Architect: links to a list as CSV and to an item as PDF: open them within a quarter of an hour
query Files($project: ID!, $item: ID!) {
  project(id: $project) {
    itemsExportUrl(format: CSV, columns: ["NUMBER", "TITLE", "STATUS", "ASSIGNEES", "DUE_DATE", "LOCATION"])
  }
  item(id: $item) {
    pdfUrl
    qrCodeUrl
    location { path }
    customFields { customField { label } displayValue }
    relatedItems { note item { number title } topic { ... on ExternalTopic { title url } } }
  }
}
`;

export const LIVE_UPDATES = `# Joe Owner: what becomes of items that he sees, while it happens.
# Run it, and change something in another window: BatchUpdateItems
subscription LiveUpdates($project: ID!) {
  itemChanged(projectId: $project) {
    kind
    itemId
    item { number title status { name } dueDate version }
  }
}
`;

export const RESPOND = `# Joe Owner: an official answer
mutation Respond($input: CreateResponseInput!) {
  createResponse(input: $input) {
    response { id position notes official createdBy { name } }
    userErrors { code message path }
  }
}
`;

export const BATCH = `# Architect: items of both types changed at once
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
