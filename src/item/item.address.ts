/** The page of an item where the company has said what its address is (Company.itemUrlTemplate). Else the gateway's own: GraphiQL. */
export function addressOf(template: string | null, publicUrl: string, itemId: string): string {
  if (template !== null) return template.replaceAll('{itemId}', () => encodeURIComponent(itemId));
  const query = `{item(id:"${itemId}"){number title status{name}}}`;
  return `${publicUrl}/graphql?query=${encodeURIComponent(query)}`;
}
