/** How many items each size has. */
export const SIZES = { s: 10_000, m: 100_000, l: 1_000_000 } as const;
export type SizeName = keyof typeof SIZES;

export const VENDORS = 250;
export const USERS = 5_000;
export const PROJECTS = 200;
export const TOOLS = 5;

/** Users above this number are nobody's assignee, author or reader but where the workloads want them. */
export const CROWD = 4_990;
/** Vendors above this number have only the people of W5. */
export const CROWD_VENDORS = 248;

/** The people who ask, by number. */
export const PEOPLE = {
  /** Standard */
  reader: 1,
  /** Admin, of private items too */
  admin: 2,
  /** Standard; created a good part of the open items of project 1 */
  writer: 3,
  /** Read Only; involved in 50 private items of project 2 */
  few: 4_991,
  /** Read Only with VIEW_VENDOR_ITEMS; involved in 25 private items of project 2, a colleague in 25 others */
  fewOfVendor: 4_992,
  colleague: 4_993,
} as const;
export type Person = keyof typeof PEOPLE;

export const emailOf = (person: Person): string => `user${PEOPLE[person]}@example.com`;

/** The kinds of rows, as the ids name them. */
const KINDS = {
  company: 1,
  vendor: 2,
  user: 3,
  project: 4,
  tool: 5,
  status: 6,
  fieldset: 7,
  template: 8,
  entry: 9,
  member: 10,
  item: 11,
  change: 12,
  response: 13,
  customField: 14,
  option: 15,
  fieldsetField: 16,
} as const;
export type Kind = keyof typeof KINDS;

/** The id of the n-th row of a kind; those of items sort by their time, as the gateway's own do. */
export const idOf = (kind: Kind, n: number): string =>
  `${KINDS[kind].toString(16).padStart(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** The same in SQL, of an expression. */
export const sqlId = (kind: Kind, n: string): string =>
  `('${KINDS[kind].toString(16).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
