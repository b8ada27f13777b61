import type { UserInput } from '../src/sync/sync.input.ts';

/** The firms of the demo, by the ids that they have in Procore's tutorial. */
export const VENDORS = {
  jj: { externalId: '3968041', name: 'JJ Developers' },
  jmj: { externalId: '3828353', name: 'JMJ Construction' },
  cm: { externalId: '3968054', name: 'Construction Management, Inc' },
} as const;

type VendorKey = keyof typeof VENDORS;

const person = (
  externalId: string,
  name: string,
  vendor: VendorKey | null,
  jobTitle: string,
  more: Partial<UserInput> = {},
): UserInput => ({
  externalId,
  name,
  email: `${name.toLowerCase().replace(' ', '.')}@example.com`,
  vendorExternalId: vendor && VENDORS[vendor].externalId,
  jobTitle,
  ...more,
});

/**
 * The people of the demo. The first three are those of the tutorial; each of the others stands for one row or cell of the
 * tables of permissions (README, "Who sees what, and who may do what"). What they hold on which tool: rights.ts.
 */
export const PEOPLE = {
  // the creator's and the assignee's rows: STANDARD with all five granular permissions on Basic Correspondence
  owner: person('1477682', 'Joe Owner', 'jj', "Owner's Representative", { email: 'jjowner@example.com' }),
  // ADMIN of all tools, and company admin: whoever manages the company sees items by tool permissions all the same
  architect: person('3277981', 'Architect', 'cm', 'Project Architect', {
    email: 'architect@example.com',
    isCompanyAdmin: true,
  }),
  // ADMIN of all tools
  manager: person('1477666', 'Joe ProjectManager', 'jmj', 'Project Manager', { email: 'projmanager@example.com' }),
  // see, READ_ONLY or higher: issued items that are not private, and nothing to do with them
  rita: person('1477701', 'Rita ReadOnly', 'jj', 'Facilities Planner'),
  // do, READ_ONLY that has CREATE: makes items, edits own Drafts, and own Open items no more
  carl: person('1477702', 'Carl Creator', 'jmj', 'Field Engineer'),
  // do, READ_ONLY that has EDIT_ITEMS_THEY_CREATED (and CREATE): edits own Open items too
  edna: person('1477703', 'Edna Editor', 'cm', 'Interior Designer'),
  // do, READ_ONLY that has CREATE_RESPONSE: responds where involved
  ralph: person('1477704', 'Ralph Responder', 'cm', 'Structural Engineer'),
  // do, READ_ONLY that has RESPOND_TO_VENDOR_ITEMS: responds where a colleague is involved
  vera: person('1477705', 'Vera VendorResponder', 'jj', 'Development Manager'),
  // see, VIEW_VENDOR_ITEMS and a colleague involved: private and super private items of JMJ Construction
  victor: person('1477706', 'Victor VendorViewer', 'jmj', 'Superintendent'),
  // do, STANDARD: makes items, edits own Drafts and own Open items
  stan: person('1477707', 'Stan Standard', 'jmj', 'Project Engineer'),
  // see, assignee, distribution, received-from: private items that she is on, by no right but READ_ONLY
  dana: person('1477708', 'Dana Distribution', 'jj', 'Accounts Manager'),
  // ADMIN of one tool, Design Review, and no company admin: manages its items and grants, and nothing else
  adele: person('1477709', 'Adele Admin', 'cm', 'Design Coordinator'),
  // do, READ_ONLY that has both rights (EDIT_ITEMS_THEY_CREATED, CREATE_RESPONSE): responds to own Open items and changes them
  // in the same call
  bea: person('1477710', 'Bea BothRights', 'jmj', 'Safety Manager'),
  // level NONE, granted directly over a template that says READ_ONLY: a member of the project who sees no tool of it
  nora: person('1477711', 'Nora NoAccess', 'jmj', 'Recruiter'),
  // no member of the project (of the other one only): everything in it does not exist for him
  oscar: person('1477712', 'Oscar Outsider', null, 'Parking Consultant'),
  // company admin without any right on a tool: manages everything, sees not one item
  cora: person('1477713', 'Cora CompanyAdmin', 'cm', 'Office Manager', { isCompanyAdmin: true }),
  // gone: cannot sign in or be chosen, stays on items, and still makes a colleague involved
  ina: person('1477714', 'Ina Inactive', 'jmj', 'Assistant Project Manager'),
} satisfies Record<string, UserInput>;

export type PersonKey = keyof typeof PEOPLE;
