/* The operations of the tutorial. */

const ITEM = `
  id number position title private dueDate description version
  status { name category }
  genericTool { externalId }
  createdBy { name }
  assignees { name vendor { name } }
  distributionMembers { name vendor { name } }
  issuedAt closedAt isOverdue ballInCourt { name }`;

export const TYPES = `query ($id: ID!) {
  company(id: $id) { genericTools { nodes { externalId title abbreviation privateByDefault } } }
}`;

export const AVAILABLE_TYPES = `query ($company: ID!, $project: ID!) {
  company(id: $company) { genericTools(projectId: $project) { nodes { title } } }
  project(id: $project) { externalId genericTools { title statuses { name category } } }
}`;

export const USER_AVAILABILITY = `query ($id: ID!) {
  project(id: $id) {
    userAvailability(first: 100) {
      nodes {
        user { externalId name vendor { externalId name } }
        genericTools { genericTool { externalId } potentialAssignee potentialReceivedFrom potentialDistributionMember }
      }
    }
  }
}`;

export const PERMISSIONS = `query ($id: ID!) {
  project(id: $id) { permissions { genericTool { externalId } accessLevel permittedActions viewerCanCreate } }
}`;

export const CREATE_ITEM = `mutation ($input: CreateItemInput!) {
  createItem(input: $input) { item { ${ITEM} } userErrors { code message path } }
}`;

export const ITEM_IDS = `query ($filter: ItemFilter!) { items(filter: $filter) { totalCount nodes { id } } }`;

export const GET_ITEM = `query ($id: ID!) { item(id: $id) { ${ITEM} } }`;

export const RESPOND = `mutation ($input: CreateResponseInput!) {
  createResponse(input: $input) {
    response { notes official position status { name } createdBy { name } }
    item { version status { name } }
    userErrors { code message path }
  }
}`;

export const BATCH = `mutation ($input: BatchUpdateItemsInput!) {
  batchUpdateItems(input: $input) {
    updatedCount
    results {
      outcome
      item { number version dueDate status { name } scheduleImpact { status } costImpact { status } }
      userErrors { code }
    }
    userErrors { code message path }
  }
}`;
