import type { AccessLevel, GranularPermission } from '../../src/permission/permission.policy.ts';

/** Somebody with the rights and the part in items that a row of the see table is about. */
export interface Part {
  name: string;
  /** the row of the table that says what they see, and for creators the one for their own items */
  row: string;
  own?: string;
  /** what they end up with; null is no member of the project */
  level: AccessLevel | null;
  granular?: GranularPermission[];
  firm?: string;
  /** their part in every item; creators: in a third of them */
  role?: 'creator' | 'assignee' | 'distribution' | 'receivedFrom';
  companyAdmin?: true;
  inactive?: true;
}

const VIEW: GranularPermission[] = ['VIEW_VENDOR_ITEMS'];
const ALL_FIVE: GranularPermission[] = [
  'CREATE',
  'EDIT_ITEMS_THEY_CREATED',
  'CREATE_RESPONSE',
  'RESPOND_TO_VENDOR_ITEMS',
  'VIEW_VENDOR_ITEMS',
];

const NOBODY = 'nobody';
const READER = 'reader';
const COLLEAGUE = 'reader with VIEW_VENDOR_ITEMS and a colleague';

/** Who is in the play. Everybody but the last few belongs to one project. */
export const CAST: Part[] = [
  { name: 'Carl', own: 'creator', row: READER, level: 'READ_ONLY', firm: 'Makers', role: 'creator' },
  { name: 'Cora', own: 'ADMIN, creator', row: 'ADMIN', level: 'ADMIN', firm: 'Makers', role: 'creator' },
  { name: 'Cyrus', own: NOBODY, row: NOBODY, level: 'NONE', firm: 'Makers', role: 'creator' },
  { name: 'Alan', row: 'assignee', level: 'READ_ONLY', firm: 'Doers', role: 'assignee' },
  { name: 'Dina', row: 'distribution', level: 'STANDARD', role: 'distribution' },
  { name: 'Rita', row: 'received-from', level: 'READ_ONLY', firm: 'Senders', role: 'receivedFrom' },
  { name: 'Ada', row: 'ADMIN, assignee', level: 'ADMIN', role: 'assignee' },
  { name: 'Nora', row: NOBODY, level: 'NONE', firm: 'Shut Out', role: 'assignee' },
  { name: 'Mona', row: NOBODY, level: null, firm: 'Left', role: 'distribution' },
  { name: 'Ivan', row: NOBODY, level: 'READ_ONLY', firm: 'Gone', role: 'assignee', inactive: true },
  { name: 'Bert', row: NOBODY, level: null, firm: 'Doers', role: 'assignee', companyAdmin: true },
  { name: 'Rolf', row: READER, level: 'READ_ONLY' },
  { name: 'Stan', row: READER, level: 'STANDARD', firm: 'Lonely' },
  // a colleague is involved, but what lets one see it is missing
  { name: 'Rosa', row: READER, level: 'READ_ONLY', firm: 'Doers', granular: ALL_FIVE.slice(0, 4) },
  // the right is there, but nobody of their firm is involved, or they have no firm, as Dina has none
  { name: 'Vera', row: READER, level: 'STANDARD', firm: 'Lonely', granular: ALL_FIVE },
  { name: 'Vito', row: READER, level: 'READ_ONLY', granular: VIEW },
  { name: 'Kim', row: COLLEAGUE, level: 'READ_ONLY', firm: 'Makers', granular: VIEW },
  { name: 'Kay', row: COLLEAGUE, level: 'STANDARD', firm: 'Doers', granular: ALL_FIVE },
  { name: 'Ken', row: COLLEAGUE, level: 'READ_ONLY', firm: 'Senders', granular: VIEW },
  // colleagues count whatever their own level, membership or activity
  { name: 'Kira', row: COLLEAGUE, level: 'READ_ONLY', firm: 'Shut Out', granular: VIEW },
  { name: 'Kurt', row: COLLEAGUE, level: 'READ_ONLY', firm: 'Left', granular: VIEW },
  { name: 'Kate', row: COLLEAGUE, level: 'READ_ONLY', firm: 'Gone', granular: VIEW },
  { name: 'Adam', row: 'ADMIN', level: 'ADMIN', firm: 'Doers' },
  { name: 'Alma', row: 'ADMIN', level: 'ADMIN', firm: 'Lonely', granular: VIEW },
  {
    name: 'Axel',
    row: 'ADMIN with VIEW_VENDOR_ITEMS and a colleague',
    level: 'ADMIN',
    firm: 'Doers',
    granular: VIEW,
  },
  { name: 'Nils', row: NOBODY, level: 'NONE' },
  { name: 'Otto', row: NOBODY, level: null },
  { name: 'Boss', row: NOBODY, level: null, companyAdmin: true },
];
