import { PEOPLE } from '../../seeds/people.ts';
import { loadConfig } from '../../src/config.ts';
import { mintToken } from '../../src/http/token.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Data = any;

/** A mail that must arrive: its words, those that only another mail about the same item has, and whose it is. */
export interface Expected {
  words: string;
  without?: string;
  to: string;
}

const FIND = `{ viewer { companies { id users(first: 100) { nodes { id email } } projects(first: 50) { nodes { id name } }
  genericTools(first: 50) { nodes { id title statuses { id name } } } } } }`;
const EVENTS = ['ITEM_CREATED', 'ITEM_ISSUED', 'ITEM_UPDATED', 'ITEM_CLOSED', 'RESPONSE_CREATED'];

/** Two of the demo's people, who write to each other through a gateway, and those who get mails of it. */
export async function openOffice(origin: string, secret: string) {
  const { signIn } = loadConfig({ JWT_SECRET: secret });
  const { architect, manager, rita, dana } = PEOPLE;

  async function ask(who: { email: string }, query: string, variables: object = {}): Promise<Data> {
    const token = await mintToken(signIn, secret, { id: '', email: who.email, externalId: null }, new Date());
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query, variables });
    const { data, errors } = (await (
      await fetch(`${origin}/graphql`, { method: 'POST', headers, body })
    ).json()) as Data;
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  }
  /** A mutation that must go well: its payload. */
  async function tell(who: { email: string }, name: string, input: object, wanted: string): Promise<Data> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${wanted} userErrors { code message } } }`;
    const payload = (await ask(who, query, { input }))[name];
    if (payload.userErrors.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  }

  const [company] = (await ask(architect, FIND)).viewer.companies;
  const idOf = (who: { email: string }) => company.users.nodes.find(({ email }: Data) => email === who.email).id;
  const project = company.projects.nodes.find(({ name }: Data) => name === 'Harborview Library');
  const tool = company.genericTools.nodes.find(({ title }: Data) => title === 'Basic Correspondence');
  const open = tool.statuses.find(({ name }: Data) => name === 'Open').id;

  return {
    async hook(url: string): Promise<void> {
      const input = { companyId: company.id, url, events: EVENTS };
      await tell(architect, 'createWebhook', input, 'webhook { id }');
    },
    /** Makes an item for two people, and now and then answers it. Gives the mails that have to come of it. */
    async write(n: number): Promise<Expected[]> {
      const title = `Lintel ${n} of ${Date.now()}.`;
      const input = {
        projectId: project.id,
        genericToolId: tool.id,
        item: {
          title,
          statusId: open,
          private: false,
          assigneeIds: [idOf(rita), idOf(dana)],
          distributionMemberIds: [],
        },
      };
      const { item } = await tell(architect, 'createItem', input, 'item { id }');
      const expected = [rita, dana].map(({ email }) => ({ words: title, without: 'Remark no. ', to: email }));
      if (n % 3 > 0) return expected;
      const notes = `Remark no. ${n} of ${Date.now()}.`;
      await tell(manager, 'createResponse', { itemId: item.id, notes, official: true }, 'response { id }');
      return [...expected, ...[architect, rita, dana].map(({ email }) => ({ words: notes, to: email }))];
    },
  };
}
