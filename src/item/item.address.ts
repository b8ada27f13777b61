/** The gateway's own page for a document of GraphQL: GraphiQL, with the document in it and nothing run. */
export const graphiqlAddress = (publicUrl: string, document: string): string =>
  `${publicUrl}/graphql?query=${encodeURIComponent(document)}`;

/** The page of an item where the company has said what its address is (Company.itemUrlTemplate). Else the gateway's own: GraphiQL. */
export function addressOf(template: string | null, publicUrl: string, itemId: string): string {
  if (template !== null) return template.replaceAll('{itemId}', () => encodeURIComponent(itemId));
  return graphiqlAddress(publicUrl, `{item(id:"${itemId}"){number title status{name}}}`);
}
