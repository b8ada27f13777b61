import { uuidOf } from '../kernel/ids.ts';
import type { Faults, Path } from '../kernel/input.ts';
import { REFERENCE_TYPES, type ReferenceKind, type ReferenceName } from '../reference/reference.policy.ts';

/** Reference data that an item may refer to. */
export interface Reference extends ReferenceName {
  id: string;
  projectId: string;
  active: boolean;
}

/** The parts of items and of patches that refer to one row of reference data, and those that refer to several. */
const ONE = {
  locationId: 'LOCATION',
  costCodeId: 'COST_CODE',
  specificationSectionId: 'SPECIFICATION_SECTION',
  subJobId: 'SUB_JOB',
} as const satisfies Record<string, ReferenceKind>;
const MANY = { tradeIds: 'TRADE', taskIds: 'TASK' } as const satisfies Record<string, ReferenceKind>;
type One = keyof typeof ONE;
type Many = keyof typeof MANY;
const ONES = Object.entries(ONE) as [One, ReferenceKind][];
const MANIES = Object.entries(MANY) as [Many, ReferenceKind][];

/** What a patch may say of reference data: ids of the graph. */
export type ReferencesPatch = { [part in One]?: string | null } & { [part in Many]?: readonly string[] | null };
/** What an item refers to. */
export type ReferencesContent = Record<One, string | null> & Record<Many, string[]>;

export const NO_REFERENCES: ReferencesContent = {
  locationId: null,
  costCodeId: null,
  specificationSectionId: null,
  subJobId: null,
  tradeIds: [],
  taskIds: [],
};

// nobody reads a longer list; the trades of a whole project are some forty
const MOST = 100;

/** Whether a patch speaks of reference data. */
export const isAboutReferences = (patch: ReferencesPatch): boolean =>
  [...ONES, ...MANIES].some(([part]) => patch[part] !== undefined);

/** The rows of reference data that an item refers to. */
export const referencesOf = (item: ReferencesContent): string[] => [
  ...ONES.flatMap(([part]) => item[part] ?? []),
  ...MANIES.flatMap(([part]) => item[part]),
];

/** The rows that a patch names, as uuids; what names none is found out by applyReferences, which takes no longer lists either. */
export const referencesNamed = (patch: ReferencesPatch): string[] =>
  [
    ...ONES.map(([part, kind]) => uuidOf(REFERENCE_TYPES[kind], patch[part])),
    ...MANIES.flatMap(
      ([part, kind]) => patch[part]?.slice(0, MOST).map((id) => uuidOf(REFERENCE_TYPES[kind], id)) ?? [],
    ),
  ].filter((id) => id !== null);

/**
 * Gives an item the references that a patch asks for. Only those that it adds are judged: unknown ones, of another kind or of
 * another project are NOT_FOUND, inactive ones NOT_SELECTABLE.
 */
export function applyReferences(
  faults: Faults,
  next: ReferencesContent,
  before: ReferencesContent,
  patch: ReferencesPatch,
  path: Path,
  reference: (id: string) => Reference | undefined,
): void {
  const chosen = (kind: ReferenceKind, gid: string, there: readonly (string | null)[], at: Path): string | null => {
    const type = REFERENCE_TYPES[kind];
    const id = uuidOf(type, gid);
    if (id !== null && there.includes(id)) return id;
    const found = id === null ? undefined : reference(id);
    if (found?.kind !== kind) faults.notFound(type, gid, at);
    else if (!found.active) faults.add('NOT_SELECTABLE', `${found.name} is no longer in use and cannot be chosen.`, at);
    return id;
  };
  for (const [part, kind] of ONES) {
    const gid = patch[part];
    if (gid !== undefined) next[part] = gid === null ? null : chosen(kind, gid, [before[part]], [...path, part]);
  }
  for (const [part, kind] of MANIES) {
    const gids = patch[part];
    if (gids === undefined) continue;
    if (gids && gids.length > MOST)
      faults.add('TOO_MANY', `${gids.length} of them; at most ${MOST} are taken.`, [...path, part]);
    else
      next[part] = [...new Set(gids ?? [])]
        .map((gid) => chosen(kind, gid, before[part], [...path, part, gids!.indexOf(gid)]))
        .filter((id) => id !== null);
  }
}
