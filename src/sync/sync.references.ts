import { sql } from 'kysely';
import type { Act } from '../database/transaction.ts';
import { newId } from '../kernel/ids.ts';
import type { Faults } from '../kernel/input.ts';
import { type ReferenceKind, type ReferenceName, referenceKeys } from '../reference/reference.policy.ts';
import type { ReferenceInput } from './sync.input.ts';
import { locationOf } from './sync.locations.ts';
import { emptyPlan, type Plan, planRow, searchable } from './sync.plan.ts';

interface ReferenceRow extends ReferenceName {
  id: string;
  projectId: string;
  externalId: string | null;
  sortKey: string;
  searchKey: string;
  active: boolean;
}

/** What each kind is called in messages, and its code: where there is one, and whether it has to be there. */
const WORDS: Record<ReferenceKind, { what: string; code: 'required' | 'optional' | 'none' }> = {
  LOCATION: { what: 'a location', code: 'optional' },
  COST_CODE: { what: 'a cost code', code: 'required' },
  SPECIFICATION_SECTION: { what: 'a specification section', code: 'required' },
  SUB_JOB: { what: 'a sub job', code: 'required' },
  TRADE: { what: 'a trade', code: 'none' },
  TASK: { what: 'a task', code: 'optional' },
};

/** What becomes of reference data, matched by external id within project and kind. `projectIds` are by external id. */
export async function planReferences(
  act: Act,
  companyId: string,
  references: readonly ReferenceInput[],
  projectIds: ReadonlyMap<string, string>,
  faults: Faults,
): Promise<Plan<ReferenceRow>> {
  const plan = emptyPlan<ReferenceRow>();
  if (references.length === 0) return plan;
  const places = placesOf(faults, references, projectIds);
  const known = await knownReferences(act, companyId, references, places);
  references.forEach((reference, i) => {
    const { kind } = reference;
    const { projectId, externalId } = places[i]!;
    const before = known.get(keyOf(kind, places[i]!)) ?? null;
    const at = (field: string) => ['references', i, field];
    const read = {
      kind,
      ...readName(faults, reference, i, before),
      code: readCode(faults, reference, at('code'), before),
    };
    if (reference.active === null) faults.add('REQUIRED', 'active is true or false.', at('active'));
    const active = reference.active ?? before?.active ?? true;
    const id = before?.id ?? newId(act.now, i);
    planRow(plan, kind, before, { id, projectId, externalId, active, ...read, ...referenceKeys(read, active) });
  });
  return plan;
}

interface Place {
  projectId: string;
  externalId: string;
}
const keyOf = (kind: ReferenceKind, { projectId, externalId }: Place): string => `${kind} ${projectId} ${externalId}`;

/** Where each row belongs and what it is matched by; an unknown project and a row that is there twice are faults. */
function placesOf(
  faults: Faults,
  references: readonly ReferenceInput[],
  projectIds: ReadonlyMap<string, string>,
): Place[] {
  const first = new Map<string, number>();
  return references.map(({ kind, ...given }, i) => {
    const at = (field: string) => ['references', i, field];
    const project = faults.requiredText(
      given.projectExternalId,
      at('projectExternalId'),
      'the external id of the project',
    );
    const externalId = faults.requiredText(given.externalId, at('externalId'), 'the external id');
    const projectId = projectIds.get(project);
    if (project && !projectId) {
      const message = `There is no project with the external id "${project.slice(0, 100)}".`;
      faults.add('NOT_FOUND', message, at('projectExternalId'));
    }
    const key = keyOf(kind, { projectId: project, externalId });
    const twin = first.get(key);
    if (externalId && twin !== undefined) {
      const message = `"${externalId.slice(0, 100)}" is the external id of references ${twin}, of the same kind and project, already.`;
      faults.add('INVALID', message, at('externalId'));
    } else first.set(key, i);
    return { projectId: projectId ?? '', externalId: searchable(externalId) };
  });
}

/** The rows that are there already, by kind, project and external id. */
async function knownReferences(
  { db }: Act,
  companyId: string,
  references: readonly ReferenceInput[],
  places: readonly Place[],
): Promise<Map<string, ReferenceRow>> {
  const wanted = references.flatMap(({ kind }, i) => {
    const { projectId, externalId } = places[i]!;
    return projectId ? { kind, project_id: projectId, external_id: externalId } : [];
  });
  const { rows } = await sql<ReferenceRow>`
    select r.id, r.project_id as "projectId", r.external_id as "externalId", r.active, r.kind, r.name, r.code, r.path,
      r.sort_key as "sortKey", r.search_key as "searchKey"
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as wanted(kind text, project_id uuid, external_id text)
    join reference_data r on r.company_id = ${companyId} and r.project_id = wanted.project_id and r.kind = wanted.kind
      and r.external_id = wanted.external_id`.execute(db);
  return new Map(rows.map((row) => [keyOf(row.kind, { projectId: row.projectId, externalId: row.externalId! }), row]));
}

/** What a row is called: a location has a path, nothing else does. */
function readName(
  faults: Faults,
  reference: ReferenceInput,
  i: number,
  before: ReferenceRow | null,
): { name: string; path: string | null } {
  const { kind, name, path } = reference;
  if (kind === 'LOCATION') return locationOf(faults, reference, ['references', i], before);
  if (path?.trim())
    faults.add('INVALID', `${path.trim().slice(0, 100)}: only locations have a path.`, ['references', i, 'path']);
  return { name: faults.requiredText(name, ['references', i, 'name'], 'the name'), path: null };
}

function readCode(
  faults: Faults,
  { kind, code, name }: ReferenceInput,
  path: (string | number)[],
  before: ReferenceRow | null,
): string | null {
  const words = WORDS[kind];
  const read = faults.text(code, path, 'the code');
  const stays = read === undefined ? (before?.code ?? null) : read;
  if (words.code === 'required' && stays === null)
    faults.add('REQUIRED', `The code of "${name.trim().slice(0, 100)}" is missing: ${words.what} has one.`, path);
  if (words.code === 'none' && read) faults.add('INVALID', `${read.slice(0, 100)}: ${words.what} has no code.`, path);
  return stays;
}
