/** The operations as a client of the gateway writes them; the hand-written Yoga server takes the same. */
const PEOPLE = `fragment Who on User { id name email jobTitle vendor { id name } }`;
const ROW = `fragment Row on Item {
  id externalId number position title private dueDate quantity unit createdAt updatedAt issuedAt closedAt archivedAt version
  genericTool { id title abbreviation } status { id name category }
  createdBy { ...Who } assignees { ...Who } distributionMembers { ...Who }
}
${PEOPLE}`;

export const LIST = `query List($project: ID!, $tool: ID!, $after: String) {
  project(id: $project) {
    items(first: 50, after: $after, filter: { genericTool: { eq: $tool } }) {
      nodes { ...Row }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
${ROW}`;

export const ITEM = `query Item($id: ID!) {
  item(id: $id) {
    ...Row
    description
    receivedFrom { ...Who }
    customFields { customField { id label dataType } value displayValue }
    responses(first: 25) { nodes { id position notes official createdAt status { id name category } createdBy { ...Who } } }
  }
}
${ROW}`;

export const BATCH = `mutation Batch($ids: [ID!]!, $statusName: String!) {
  batchUpdateItems(input: { ids: $ids, patch: { statusName: $statusName }, completionMode: EACH_ON_ITS_OWN }) {
    updatedCount
    results { id outcome userErrors { code message } }
    userErrors { code message }
  }
}`;

export const CREATE = `mutation Create($project: ID!, $tool: ID!, $title: String!, $assignees: [ID!]!) {
  createItem(input: { projectId: $project, genericToolId: $tool, item: { title: $title, statusName: "Open", assigneeIds: $assignees } }) {
    item { id number version }
    userErrors { code message }
  }
}`;

export const STATISTICS = `query Statistics($project: ID!, $tool: ID!) {
  project(id: $project) {
    itemStatistics(filter: { genericTool: { eq: $tool } }) { genericTool { id } status { id } count overdue }
  }
}`;
