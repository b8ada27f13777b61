import type { AccessLevel, GranularPermission } from '../../src/permission/permission.policy.ts';
import type { StatusCategory } from '../../src/tool/tool.policy.ts';

/** Somebody, as far as sight asks: who they are, and what firm they work for. */
export interface Somebody {
  id: string;
  vendorId: string | null;
}

/** A viewer and an item, with everything that the law asks about the two of them. */
export interface Sight {
  viewer: Somebody;
  level: AccessLevel;
  granular: readonly GranularPermission[];
  adminsSeePrivateItems: boolean;
  category: StatusCategory;
  private: boolean;
  archived: boolean;
  creator: Somebody;
  receivedFrom: Somebody | null;
  assignees: readonly Somebody[];
  distribution: readonly Somebody[];
}

/** A table of the law: its rows by name, each with its cells by the name of their column. */
export function readTable(text: string): Map<string, Map<string, string>> {
  const [head, ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => !cells[1]!.startsWith('---'));
  const columns = head!.slice(2, -1);
  return new Map(rows.map((cells) => [cells[1]!, new Map(columns.map((name, n) => [name, cells[n + 2]!]))]));
}

/** Who sees an item, word for word as the domain has it ("See an item"). */
const LAW = readTable(`
| | Draft | Draft, private | Draft, super private | issued | issued, private | issued, super private |
|---|---|---|---|---|---|---|
| creator | yes | yes | yes | yes | yes | yes |
| assignee, distribution, received-from | - | - | - | yes | yes | yes |
| READ_ONLY or higher | - | - | - | yes | - | - |
| ... with VIEW_VENDOR_ITEMS and a colleague involved | - | - | - | yes | yes | yes |
| ADMIN | yes | yes | - | yes | yes | - |
`);

/** The column of the law that an item stands in. */
export const columnOf = (item: Pick<Sight, 'category' | 'private' | 'adminsSeePrivateItems'>): string =>
  (item.category === 'DRAFT' ? 'Draft' : 'issued') +
  (item.private ? (item.adminsSeePrivateItems ? ', private' : ', super private') : '');

/** Which rows of the law somebody satisfies. */
function rowsOf({ viewer, level, granular, creator, receivedFrom, assignees, distribution }: Sight): string[] {
  const others = [...assignees, ...distribution, ...(receivedFrom ? [receivedFrom] : [])];
  const isColleague = (person: Somebody) =>
    person.id !== viewer.id && viewer.vendorId !== null && person.vendorId === viewer.vendorId;
  const rows: string[] = ['READ_ONLY or higher'];
  if (creator.id === viewer.id) rows.push('creator');
  if (others.some(({ id }) => id === viewer.id)) rows.push('assignee, distribution, received-from');
  if (granular.includes('VIEW_VENDOR_ITEMS') && [creator, ...others].some(isColleague))
    rows.push('... with VIEW_VENDOR_ITEMS and a colleague involved');
  if (level === 'ADMIN') rows.push('ADMIN');
  return rows;
}

/**
 * Whether somebody sees an item, found the way a person would: by looking it up in the table. It knows nothing of audiences,
 * so it can judge what is made of them.
 */
export function maySee(sight: Sight): boolean {
  if (sight.level === 'NONE') return false;
  if (sight.archived && sight.level !== 'ADMIN') return false;
  return rowsOf(sight).some((row) => LAW.get(row)!.get(columnOf(sight)) === 'yes');
}
