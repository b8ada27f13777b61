import { toGlobalId } from '../../src/kernel/ids.ts';
import type { ItemField } from '../../src/tool/tool.policy.ts';
import type { TestDatabase } from './database.ts';
import { blocked, intruder } from './locks.ts';
import { createWorld, type Person, type Project, type TestWorld, type Tool } from './world.ts';

// biome-ignore lint/suspicious/noExplicitAny: payloads of many shapes
export type Payload = any;

/** What tests look at of an item. */
export const ITEM = `id externalId number position title description private dueDate quantity unit
  version createdAt updatedAt issuedAt closedAt archivedAt status { name category }
  scheduleImpact { status days } costImpact { status amount }
  createdBy { name } receivedFrom { name } assignees { name } distributionMembers { name }`;
const RESPONSE = 'id notes official position status { name } createdBy { name }';

/** The errors of a payload, as `CODE path.to.it`. */
export const faultsOf = ({ userErrors }: { userErrors: { code: string; path: string[] }[] }): string[] =>
  userErrors.map(({ code, path }) => `${code} ${path.join('.')}`.trim());

export const namesOf = (people: { name: string }[]): string[] => people.map(({ name }) => name);

/** A global id that no row has. */
export const nothing = (type: string): string => toGlobalId(type, '01900000-0000-7000-8000-000000000000');

/** Everything that writing items writes. */
const TABLES = [
  'items',
  'item_people',
  'item_audiences',
  'item_counters',
  'item_counts',
  'item_changes',
  'responses',
  'events',
  'idempotency_keys',
  'files',
  'attachments',
];

/** Words to write items with; `review` in `tower` is where they go unless told otherwise. */
export function wordsOf(world: TestWorld, tower: Project, review: Tool) {
  /** What a mutation answers; `input` goes in as one variable. */
  async function tell(who: Person, mutation: string, input: object, shown: string): Promise<Payload> {
    const title = mutation[0]!.toUpperCase() + mutation.slice(1);
    const document = `mutation ($input: ${title}Input!) { ${mutation}(input: $input) { ${shown} userErrors { code path message } } }`;
    return (await world.get(who, document, { input }))[mutation];
  }
  const create = (who: Person, item: object, more: object = {}): Promise<Payload> =>
    tell(who, 'createItem', { projectId: tower.gid, genericToolId: review.gid, item, ...more }, `item { ${ITEM} }`);

  return {
    tell,
    create,
    update: (who: Person, id: string, patch: object, more: object = {}): Promise<Payload> =>
      tell(who, 'updateItem', { id, patch, ...more }, `item { ${ITEM} }`),
    batch: (who: Person, input: object, shown = 'id version title number status { name }'): Promise<Payload> =>
      tell(
        who,
        'batchUpdateItems',
        input,
        `updatedCount results { id outcome item { ${shown} } userErrors { code path message } }`,
      ),
    archive: (who: Person, ...ids: string[]): Promise<Payload> =>
      tell(who, 'archiveItems', { ids }, `items { ${ITEM} }`),
    restore: (who: Person, ...ids: string[]): Promise<Payload> =>
      tell(who, 'restoreItems', { ids }, `items { ${ITEM} }`),
    respond: (who: Person, itemId: string, input: object = {}): Promise<Payload> =>
      tell(who, 'createResponse', { itemId, notes: 'Seen.', ...input }, `response { ${RESPONSE} } item { ${ITEM} }`),
    switchOfficial: (who: Person, id: string, official: boolean): Promise<Payload> =>
      tell(who, 'updateResponse', { id, official }, `response { ${RESPONSE} }`),

    /** An item that is there: made by somebody, which must go well. */
    async item(by: Person, patch: object = {}, more: object = {}): Promise<Payload> {
      const { item, userErrors } = await create(by, { title: 'Broken lintel', ...patch }, more);
      if (!item) throw new Error(`no item: ${JSON.stringify(userErrors)}`);
      return item;
    },
    /** An item as somebody sees it; null if they do not. */
    read: async (who: Person, id: string): Promise<Payload> =>
      (await world.get(who, `query ($id: ID!) { item(id: $id) { ${ITEM} } }`, { id })).item,
    /** The history of an item as somebody sees it, oldest first, as `field: old > new`. */
    async history(who: Person, id: string): Promise<string[]> {
      const document = `query ($id: ID!) { item(id: $id) { changes(first: 100) { nodes { field oldValue newValue } } } }`;
      const { item } = await world.get(who, document, { id });
      return item.changes.nodes
        .reverse()
        .map(({ field, oldValue, newValue }: Payload) => `${field}: ${oldValue ?? ''} > ${newValue ?? ''}`);
    },
    /** The events about items, in the order in which they are told; of one item or of all. */
    async events(item?: { id: string }): Promise<Payload[]> {
      const rows = await world.db
        .selectFrom('events')
        .select(['actId', 'type', 'actorId', 'itemId', 'responseId', 'payload', 'handledAt'])
        .where('itemId', 'is not', null)
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      return item ? rows.filter(({ itemId }) => toGlobalId('Item', itemId!) === item.id) : rows;
    },
    /** A mark of everything that writing items writes: the same as long as nothing was written. */
    async trace(): Promise<string> {
      const marks = await Promise.all(
        TABLES.map(async (table) => {
          const { rows } = await world.sql<{ mark: string }>`
            select ${table}::text || count(*) || md5(string_agg(t::text, ',' order by t::text)) as mark
            from ${world.sql.table(table)} t`.execute(world.db);
          return rows[0]!.mark;
        }),
      );
      return marks.join();
    },
    /** What the Default fieldset of a tool says about some fields. */
    async rule(tool: Tool, rules: Partial<Record<ItemField, 'required' | 'hidden' | 'free'>>): Promise<void> {
      for (const [field, rule] of Object.entries(rules)) {
        await world.sql`
          update fieldset_fields set required = ${rule === 'required'}, visible = ${rule !== 'hidden'}
          where field = ${field} and fieldset_id = (select id from fieldsets where generic_tool_id = ${tool.id})`.execute(
          world.db,
        );
      }
    },
  };
}

/** A project "Tower" with the tool Design Review (DR), people on every level, and words to write items with. */
export async function createOffice(env: Record<string, string> = {}, on?: TestDatabase) {
  const world = await createWorld(env, on);
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower], { abbreviation: 'DR' });
  const ada = await world.person('Ada Admin');
  const ben = await world.person('Ben Standard');
  const rae = await world.person('Rae Reader');
  const nan = await world.person('Nan None');
  const ina = await world.person('Ina Inactive', { active: false });
  const out = await world.person('Out Sider');
  await world.grant(ada, tower, review, 'ADMIN');
  await world.grant(ben, tower, review, 'STANDARD');
  await world.grant(rae, tower, review, 'READ_ONLY');
  await world.grant(nan, tower, review, 'NONE');
  await world.grant(ina, tower, review, 'STANDARD');
  return {
    ...world,
    tower,
    review,
    ada,
    ben,
    rae,
    nan,
    ina,
    out,
    ...wordsOf(world, tower, review),
    intruder: () => intruder(world),
    blocked: (count?: number) => blocked(world, count),
    /** Another tool, where Ada is ADMIN, Ben STANDARD and Rae READ_ONLY; `words` write items there. */
    async secondTool(title: string, options: Parameters<TestWorld['tool']>[2] = {}, where = tower) {
      const tool = await world.tool(title, [where], options);
      await world.grant(ada, where, tool, 'ADMIN');
      await world.grant(ben, where, tool, 'STANDARD');
      await world.grant(rae, where, tool, 'READ_ONLY');
      return { ...tool, words: wordsOf(world, where, tool) };
    },
  };
}

export type Office = Awaited<ReturnType<typeof createOffice>>;
