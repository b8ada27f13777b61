/** The part of the gateway's graph that the workloads ask for. */
export const typeDefs = `
  type Query { project(id: ID!): Project item(id: ID!): Item }
  type Mutation {
    batchUpdateItems(input: BatchUpdateItemsInput!): BatchUpdateItemsPayload!
    createItem(input: CreateItemInput!): CreateItemPayload!
  }
  type Project {
    id: ID!
    items(first: Int, after: String, filter: ItemFilter): ItemConnection!
    itemStatistics(filter: ItemFilter): [ItemStatistic!]!
  }
  input IDFilter { eq: ID }
  input ItemFilter { genericTool: IDFilter }
  type ItemConnection { nodes: [Item!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type Item {
    id: ID! externalId: String number: String! position: String! title: String! description: String private: Boolean!
    dueDate: String quantity: String unit: String createdAt: String! updatedAt: String! issuedAt: String closedAt: String archivedAt: String
    version: Int! genericTool: GenericTool! status: GenericToolStatus! createdBy: User! receivedFrom: User
    assignees: [User!]! distributionMembers: [User!]!
    customFields: [CustomFieldValue!]!
    responses(first: Int): ResponseConnection!
  }
  scalar JSON
  type CustomField { id: ID! label: String! dataType: String! }
  type CustomFieldValue { customField: CustomField! value: JSON displayValue: String! }
  type GenericTool { id: ID! title: String! abbreviation: String }
  type GenericToolStatus { id: ID! name: String! category: String! }
  type User { id: ID! name: String! email: String! jobTitle: String vendor: Vendor }
  type Vendor { id: ID! name: String! }
  type ResponseConnection { nodes: [Response!]! }
  type Response { id: ID! position: Int! notes: String! official: Boolean! createdAt: String! status: GenericToolStatus! createdBy: User! }
  type ItemStatistic { genericTool: GenericTool! status: GenericToolStatus! count: Int! overdue: Int! }
  type UserError { code: String! message: String! }
  enum CompletionMode { ALL_OR_NOTHING EACH_ON_ITS_OWN }
  input ItemPatch { title: String statusName: String assigneeIds: [ID!] }
  input BatchUpdateItemsInput { ids: [ID!]! patch: ItemPatch! completionMode: CompletionMode }
  type BatchResult { id: ID! outcome: String! userErrors: [UserError!]! }
  type BatchUpdateItemsPayload { updatedCount: Int! results: [BatchResult!]! userErrors: [UserError!]! }
  input CreateItemInput { projectId: ID! genericToolId: ID! item: ItemPatch! }
  type CreateItemPayload { item: Item userErrors: [UserError!]! }
`;
