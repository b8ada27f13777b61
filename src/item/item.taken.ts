import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { type UserError, userError } from '../kernel/errors.ts';
import type { Path } from '../kernel/input.ts';
import type { ItemContent, ItemPatch } from './item.patch.ts';
import { lockNumbers } from './item.position.ts';

/** A state that an item is about to have, what asked for it, and what is wrong with it so far. */
export interface Proposal {
  before: ItemContent | null;
  /** null: refused for what has nothing to do with its values */
  after: ItemContent | null;
  patch: ItemPatch;
  path: Path;
  errors: UserError[];
}

interface Kind {
  field: 'position' | 'externalId';
  what: string;
  holders(act: Act, wanted: readonly ItemContent[]): Promise<Holder[]>;
}

/** A value as the database compares it, with the scope that it is unique in; and the item that has it now. */
interface Holder {
  key: string;
  holder: string | null;
}

/** What a proposal wants, and who has it. */
interface Wish extends Holder {
  kind: Kind;
  proposal: Proposal;
}

const NUMBER: Kind = { field: 'position', what: 'number', holders: positionHolders };
const EXTERNAL_ID: Kind = { field: 'externalId', what: 'external id', holders: externalIdHolders };

/**
 * Adds TAKEN to the proposals whose number or external id another item has. Judged on the final state: proposals may swap values.
 * When all stand or fall `together` that is the state with all of them carried out; else whoever is refused for any reason keeps
 * what it had, and so on until nothing changes. Two statements for each kind that anybody wants, none where nobody wants any.
 */
export async function refuseTaken(act: Act, proposals: readonly Proposal[], together: boolean): Promise<void> {
  // whoever makes a new item has locked its place before
  const numbered = proposals.filter((proposal) => proposal.before && wants(proposal, NUMBER));
  if (numbered.length > 0)
    await lockNumbers(
      act,
      numbered.map(({ after }) => after!),
    );
  const wishes: Wish[] = [];
  // numbers are locked before external ids, whoever it is: nobody waits in a circle
  for (const kind of [NUMBER, EXTERNAL_ID]) {
    const wanting = proposals.filter((proposal) => wants(proposal, kind));
    if (wanting.length === 0) continue;
    const holders = await kind.holders(
      act,
      wanting.map(({ after }) => after!),
    );
    wishes.push(...wanting.map((proposal, n) => ({ kind, proposal, ...holders[n]! })));
  }
  if (wishes.length > 0) judge(wishes, proposals, together);
}

const wants = ({ before, after, path, errors }: Proposal, { field }: Kind): boolean =>
  Boolean(after?.[field]) &&
  before?.[field] !== after?.[field] &&
  !errors.some((error) => String(error.path) === String([...path, field]));

function judge(wishes: readonly Wish[], proposals: readonly Proposal[], together: boolean): void {
  const known = new Map(proposals.map((proposal) => [proposal.before?.id, proposal]));
  const moves = (proposal: Proposal) => together || proposal.errors.length === 0;
  const leaves = (id: string, { field }: Kind) => {
    const proposal = known.get(id);
    if (!proposal || !moves(proposal)) return false;
    return proposal.after ? proposal.after[field] !== proposal.before?.[field] : proposal.patch[field] !== undefined;
  };
  const kept = ({ holder, proposal, kind }: Wish) =>
    holder !== null && holder !== proposal.before?.id && !leaves(holder, kind);

  let open = [...wishes];
  for (;;) {
    // who wants the same as somebody before them gives way only when all else is settled, one at a time
    const blocked = open.filter(kept);
    const refused =
      blocked.length > 0 ? blocked : secondOnes(open.filter(({ proposal }) => moves(proposal))).slice(0, 1);
    if (refused.length === 0) return;
    for (const { kind, proposal } of refused)
      proposal.errors.push(
        userError(
          'TAKEN',
          `Another item has the ${kind.what} ${JSON.stringify(proposal.after![kind.field])} already.`,
          [...proposal.path, kind.field],
        ),
      );
    open = open.filter((wish) => !refused.includes(wish));
  }
}

/** Those of the wishes that somebody before them has as well. */
function secondOnes(wishes: readonly Wish[]): Wish[] {
  const first = new Set<string>();
  return wishes.filter(({ kind, key }) => {
    const value = `${kind.field} ${key}`;
    const second = first.has(value);
    first.add(value);
    return second;
  });
}

async function positionHolders({ db }: Act, wanted: readonly ItemContent[]): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select concat_ws(' ', wanted.project_id, wanted.generic_tool_id, wanted.key) as key, i.id as holder
    from (
      select project_id, generic_tool_id, lower(position collate "pg_c_utf8") as key, n
      from unnest(
        ${wanted.map(({ projectId }) => projectId)}::uuid[],
        ${wanted.map(({ genericToolId }) => genericToolId)}::uuid[],
        ${wanted.map(({ position }) => position)}::text[]
      ) with ordinality as given(project_id, generic_tool_id, position, n)
    ) wanted
    left join items i
      on i.project_id = wanted.project_id and i.generic_tool_id = wanted.generic_tool_id and i.position_key = wanted.key
    order by wanted.n`.execute(db);
  return rows;
}

async function externalIdHolders({ db }: Act, wanted: readonly ItemContent[]): Promise<Holder[]> {
  // whoever else wants one of them waits here, and then sees who has it; in one order, so that nobody waits in a circle
  await sql`
    select pg_advisory_xact_lock(wanted.lock) from (
      select distinct hashtextextended('external id of item ' || ${wanted[0]!.companyId} || external_id, 0) as lock
      from unnest(${wanted.map(({ externalId }) => externalId)}::text[]) as given(external_id) order by 1
    ) wanted`.execute(db);
  const { rows } = await sql<Holder>`
    select wanted.key, i.id as holder
    from unnest(${wanted.map(({ externalId }) => externalId)}::text[]) with ordinality as wanted(key, n)
    left join items i on i.company_id = ${wanted[0]!.companyId} and i.external_id = wanted.key
    order by wanted.n`.execute(db);
  return rows;
}
