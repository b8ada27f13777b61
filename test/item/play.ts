import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { columnOf } from '../kit/oracle.ts';
import { putItems } from '../kit/putItems.ts';
import { createWorld, type Person } from '../kit/world.ts';
import { CAST, type Part } from './cast.ts';

/** An item of the play, and what hangs on it. */
export interface Piece {
  id: string;
  gid: string;
  externalId: string;
  title: string;
  creator: Part;
  /** its column in the table */
  column: string;
  archived: boolean;
  /** an official response to it, a change that is no secret of its Draft, and an attachment */
  response: string;
  change: string;
  attachment: string;
}

const STATUSES = ['Draft', 'Open', 'Closed', 'Won', 'Lost'];

/**
 * A project with an item for every creator, status, privacy and kind of tool, live and archived. Requests may be long: hundreds of
 * items are asked for at once.
 */
export async function createPlay() {
  const world = await createWorld({ MAX_ALIASES: '5000', MAX_COST: '1000000', MAX_TOKENS: '50000' });
  const tower = await world.project('Tower');
  const elsewhere = await world.project('Elsewhere');
  const letters = await world.tool('Letters', [tower, elsewhere]);
  const claims = await world.tool('Claims', [tower, elsewhere], { adminsSeePrivateItems: false });
  const people = new Map<Part, Person>();
  for (const part of CAST) {
    const options = { vendor: part.firm, admin: part.companyAdmin, active: !part.inactive };
    const person = await world.person(part.name, options);
    people.set(part, person);
    const { level, granular } = part;
    if (level !== null) for (const tool of [letters, claims]) await world.grant(person, tower, tool, level, granular);
  }
  const elsa = await world.person('Elsa Elsewhere', { vendor: 'Doers' });
  const abroad = await world.company('Southside Builders');
  const fay = await world.person('Fay Foreign', { admin: true, companyId: abroad.id });
  for (const tool of [letters, claims]) await world.grant(elsa, elsewhere, tool, 'ADMIN', ['VIEW_VENDOR_ITEMS']);
  const inRole = (role: Part['role']) => CAST.filter((part) => part.role === role);
  const named = (role: Part['role']) => inRole(role).map((part) => people.get(part)!);
  const parts = inRole('creator').flatMap((creator) =>
    [letters, claims].flatMap((tool) =>
      [false, true].flatMap((isPrivate) =>
        STATUSES.flatMap((status) =>
          [false, true].map((archived) => ({ creator, tool, private: isPrivate, status, archived })),
        ),
      ),
    ),
  );
  const things = await putItems(
    world,
    parts.map(({ creator, ...part }, n) => ({
      ...part,
      project: tower,
      by: people.get(creator)!,
      externalId: `piece ${n}`,
      title: `Broken lintel ${n}`,
      assignees: named('assignee'),
      distribution: named('distribution'),
      receivedFrom: named('receivedFrom')[0]!,
    })),
  );
  const pieces = things.map((thing, n): Piece => {
    const { creator, tool, private: isPrivate, status, archived } = parts[n]!;
    const column = columnOf({
      category: status === 'Draft' ? 'DRAFT' : 'OPEN',
      private: isPrivate,
      adminsSeePrivateItems: tool === letters,
    });
    const [response, change, attachment] = [1, 2, 3].map(() => newId(world.clock.now())) as [string, string, string];
    return {
      ...thing,
      externalId: `piece ${n}`,
      title: `Broken lintel ${n}`,
      creator,
      column,
      archived,
      response,
      change,
      attachment,
    };
  });
  await hangOnto(world, pieces);
  return { ...world, tower, elsewhere, letters, claims, people, elsa, abroad, fay, pieces };
}

export type Play = Awaited<ReturnType<typeof createPlay>>;

/** An official response, a change and an attachment for every piece: whoever sees it sees these. */
async function hangOnto({ sql, db }: Pick<Play, 'sql' | 'db'>, pieces: readonly Piece[]): Promise<void> {
  const ids = sql`unnest(
    ${pieces.map(({ id }) => id)}::uuid[], ${pieces.map(({ response }) => response)}::uuid[], ${pieces.map(({ change }) => change)}::uuid[],
    ${pieces.map(({ attachment }) => attachment)}::uuid[]
  ) piece(id, response, change, attachment) join items i on i.id = piece.id`;
  await sql`
    insert into responses (id, company_id, created_at, updated_at, external_id, project_id, item_id, position, notes, official, status_id, created_by_id)
    select response, company_id, created_at, updated_at, external_id, project_id, i.id, 1, 'The broken lintel is replaced.', true, status_id, created_by_id
    from ${ids}`.execute(db);
  await sql`
    insert into item_changes (id, company_id, created_at, updated_at, project_id, item_id, field, old_value, new_value, in_draft, created_by_id)
    select change, company_id, created_at, updated_at, project_id, i.id, 'title', 'Old', 'New', false, created_by_id
    from ${ids}`.execute(db);
  await sql`
    insert into attachments (id, company_id, created_at, updated_at, project_id, item_id, kind, name, external_id, created_by_id)
    select attachment, company_id, created_at, updated_at, project_id, i.id, 'FORM', 'Survey', '7', created_by_id from ${ids}`.execute(
    db,
  );
  for (const piece of pieces) {
    piece.response = toGlobalId('Response', piece.response);
    piece.change = toGlobalId('ItemChange', piece.change);
    piece.attachment = toGlobalId('Attachment', piece.attachment);
  }
}
