import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { type UserError, userError } from '../kernel/errors.ts';
import type { Path } from '../kernel/input.ts';
import type { ItemContent } from './item.patch.ts';

/** A state that an item is about to have, and what is wrong with it so far. */
export interface Claim {
  before: ItemContent | null;
  after: ItemContent;
  path: Path;
  errors: UserError[];
}

interface Kind {
  field: 'position' | 'externalId';
  what: string;
  /** uniqueness within what, besides the value itself */
  scope(item: ItemContent): string;
}

const KINDS: Kind[] = [
  { field: 'position', what: 'number', scope: (item) => `${item.projectId} ${item.genericToolId}` },
  { field: 'externalId', what: 'external id', scope: (item) => item.companyId },
];

/**
 * Adds TAKEN to the claims whose number or external id another item has. Judged on the final state: claims may swap values,
 * and one that is refused for any reason keeps what it had. At most one statement for each kind.
 */
export async function refuseTaken(act: Act, claims: readonly Claim[]): Promise<void> {
  for (const kind of KINDS) {
    const changing = claims.filter(
      ({ before, after, errors }) =>
        errors.length === 0 && after[kind.field] && before?.[kind.field] !== after[kind.field],
    );
    if (changing.length === 0) continue;
    const found =
      kind.field === 'position' ? await positionHolders(act, changing) : await externalIdHolders(act, changing);
    judge(kind, changing, found);
  }
}

/** For each claim: the value as the database compares it, and the item that has it now. */
interface Holder {
  key: string;
  holder: string | null;
}

function judge(kind: Kind, claims: readonly Claim[], found: readonly Holder[]): void {
  const keyOf = (claim: Claim) => `${kind.scope(claim.after)} ${found[claims.indexOf(claim)]!.key}`;
  // whoever is refused keeps its value, which may be what another one wanted: until nothing changes any more
  for (let settled = false; !settled; ) {
    settled = true;
    const moving = claims.filter(({ errors }) => errors.length === 0);
    const leaving = new Set(moving.map(({ before }) => before?.id));
    const taken = new Set<string>();
    for (const claim of moving) {
      const { holder } = found[claims.indexOf(claim)]!;
      const key = keyOf(claim);
      if ((holder !== null && holder !== claim.before?.id && !leaving.has(holder)) || taken.has(key)) {
        claim.errors.push(
          userError('TAKEN', `Another item has the ${kind.what} ${JSON.stringify(claim.after[kind.field])} already.`, [
            ...claim.path,
            kind.field,
          ]),
        );
        settled = false;
      } else taken.add(key);
    }
  }
}

async function positionHolders({ db }: Act, claims: readonly Claim[]): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select wanted.key, i.id as holder
    from (
      select project_id, generic_tool_id, lower(position collate "pg_c_utf8") as key, n
      from unnest(
        ${claims.map(({ after }) => after.projectId)}::uuid[],
        ${claims.map(({ after }) => after.genericToolId)}::uuid[],
        ${claims.map(({ after }) => after.position)}::text[]
      ) with ordinality as given(project_id, generic_tool_id, position, n)
    ) wanted
    left join items i
      on i.project_id = wanted.project_id and i.generic_tool_id = wanted.generic_tool_id and i.position_key = wanted.key
    order by wanted.n`.execute(db);
  return rows;
}

async function externalIdHolders({ db }: Act, claims: readonly Claim[]): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select wanted.key, i.id as holder
    from unnest(${claims.map(({ after }) => after.externalId)}::text[]) with ordinality as wanted(key, n)
    left join items i on i.company_id = ${claims[0]!.after.companyId} and i.external_id = wanted.key
    order by wanted.n`.execute(db);
  return rows;
}
