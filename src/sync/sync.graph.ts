import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { toGlobalId } from '../kernel/ids.ts';
import { REFERENCE_TYPES } from '../reference/reference.policy.ts';
import { ExternalKindRef } from './externalNode.graph.ts';
import { AccountInputRef, CaseInputRef, ContactInputRef, TeamInputRef } from './outsideInput.graph.ts';
import { ADMINS_SYNC, type Synced, syncDirectory } from './sync.commands.ts';
import type { ProjectInput, ReferenceInput, SyncDirectoryInput, UserInput, VendorInput } from './sync.input.ts';
import type { SyncedKind, SyncedRow } from './sync.plan.ts';

const externalId = 'The id that it has where it comes from, up to 255 characters; twice in a list is INVALID.';
const name = 'Its name, up to 255 characters (REQUIRED).';

const VendorInputRef = builder.inputRef<VendorInput>('VendorInput').implement({
  description: 'A firm that users work for.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    name: t.string({ required: true, description: name }),
  }),
});

const UserInputRef = builder.inputRef<UserInput>('UserInput').implement({
  description:
    'A user, matched by external id, else by e-mail address where the user has no external id. Absent fields stay as they are; null clears.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    name: t.string({ required: true, description: 'Full name, up to 255 characters (REQUIRED).' }),
    email: t.string({
      required: true,
      description:
        'E-mail address (INVALID), unique in the company whatever its case (TAKEN); users of one call may swap theirs.',
    }),
    vendorExternalId: t.string({
      description: 'The external id of the firm that they work for, of this call or known already (NOT_FOUND).',
    }),
    isCompanyAdmin: t.boolean({
      description: 'Whether they manage the company; new users do not. The last active admin must stay one (IN_USE).',
    }),
    isService: t.boolean({
      description: 'Whether it is a program, which signs in by API key only. Fixed when the user is made (INVALID).',
    }),
    active: t.boolean({
      description:
        'Whether they may sign in and be chosen; new users may. The last active admin must stay so (IN_USE).',
    }),
    locale: t.string({ description: 'Language and region, BCP 47: "en-GB" (INVALID).' }),
    jobTitle: t.string({ description: 'What they do there, up to 255 characters.' }),
    phone: t.string({ description: 'Telephone number, up to 255 characters.' }),
    avatarUrl: t.string({ description: 'Address of a picture, http or https (INVALID).' }),
  }),
});

const ProjectInputRef = builder.inputRef<ProjectInput>('ProjectInput').implement({
  description:
    'A project. A new one gets the Default fieldsets of the tools that are enabled on new projects. Absent fields stay as they are; null clears.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    name: t.string({ required: true, description: name }),
    number: t.string({ description: 'Its number, up to 255 characters.' }),
    timeZone: t.string({
      required: true,
      description: 'IANA time zone, such as "America/Los_Angeles" (INVALID if there is none of that name).',
    }),
  }),
});

const ReferenceKindRef = builder.enumType('ReferenceKind', {
  description: 'Kinds of reference data of a project.',
  values: {
    LOCATION: { description: 'A Location.' },
    COST_CODE: { description: 'A CostCode.' },
    SPECIFICATION_SECTION: { description: 'A SpecificationSection.' },
    SUB_JOB: { description: 'A SubJob.' },
    TRADE: { description: 'A Trade.' },
    TASK: { description: 'A Task.' },
  } as const,
});

const ReferenceInputRef = builder.inputRef<ReferenceInput>('ReferenceInput').implement({
  description:
    'Reference data of a project, matched by external id within project and kind. Absent fields stay as they are; null clears.',
  fields: (t) => ({
    kind: t.field({ type: ReferenceKindRef, required: true, description: 'What it is.' }),
    projectExternalId: t.string({
      required: true,
      description: 'The external id of its project, of this call or known already (NOT_FOUND).',
    }),
    externalId: t.string({
      required: true,
      description:
        'The id that it has where it comes from, up to 255 characters; twice in a list for one kind and project is INVALID.',
    }),
    name: t.string({
      required: true,
      description:
        'Its name, up to 255 characters (REQUIRED); the description of a specification section. Of a location: the last part of its path, or the path as a whole.',
    }),
    code: t.string({
      description:
        'Its code, up to 255 characters: the number of a specification section, the key of a task. Cost codes, specification sections and sub jobs must have one (REQUIRED), trades have none (INVALID).',
    }),
    path: t.string({
      description:
        'Of locations only (INVALID): the names of the places that it lies in, and its own, "A>B>C", up to 1,000 characters. Its last part is the name; a name that says otherwise is INVALID. ' +
        'Left out, a name without ">" renames the location where it is, and one with it is the path; null takes it to the top.',
    }),
    active: t.boolean({
      description: 'Whether it can be chosen; new ones can. Items keep what they have. Null is REQUIRED.',
    }),
  }),
});

const SyncOutcomeRef = builder.enumType('SyncOutcome', {
  description: 'What has become of a row.',
  values: {
    CREATED: { description: 'It was not there and was made.' },
    UPDATED: { description: 'It was there and has changed.' },
    UNCHANGED: { description: 'It was there just like this.' },
  } as const,
});

const TYPES: Record<SyncedKind, string> = {
  VENDOR: 'Vendor',
  USER: 'User',
  PROJECT: 'Project',
  TEAM: 'Team',
  ACCOUNT: 'Account',
  CONTACT: 'Contact',
  CASE: 'Case',
  ...REFERENCE_TYPES,
};

const SyncedRowRef = builder.objectRef<SyncedRow>('SyncedRow').implement({
  description: 'What has become of one row of the input.',
  fields: (t) => ({
    kind: t.field({ type: ExternalKindRef, description: 'What it is.', resolve: ({ kind }) => kind }),
    externalId: t.exposeString('externalId', { description: 'The external id of the row.' }),
    id: t.id({ description: 'Its global id.', resolve: ({ kind, id }) => toGlobalId(TYPES[kind], id) }),
    outcome: t.field({ type: SyncOutcomeRef, description: 'What was done.', resolve: ({ outcome }) => outcome }),
  }),
});

mutation<SyncDirectoryInput, Synced>('syncDirectory', {
  description:
    'Brings the directory to what another system says (vendors, users, projects and their reference data, teams, accounts, contacts, cases): rows are made or changed, nothing is deleted, and a second call changes nothing. ' +
    'All or nothing. Company admins only.',
  input: builder.inputRef<SyncDirectoryInput>('SyncDirectoryInput').implement({
    description: 'At most 5,000 rows, of all kinds together, and 50,000 users in teams (TOO_MANY).',
    fields: (t) => ({
      companyId: t.id({ required: true, description: 'Id of the Company that you act for (NOT_FOUND).' }),
      vendors: t.field({ type: [VendorInputRef], description: 'Firms.' }),
      users: t.field({ type: [UserInputRef], description: 'Users; they can work for firms of the same call.' }),
      projects: t.field({ type: [ProjectInputRef], description: 'Projects.' }),
      teams: t.field({ type: [TeamInputRef], description: 'Teams, of users of the same call too.' }),
      accounts: t.field({ type: [AccountInputRef], description: 'Firms of contacts.' }),
      contacts: t.field({
        type: [ContactInputRef],
        description: 'People outside of the company; with accounts, users and teams of the same call too.',
      }),
      cases: t.field({
        type: [CaseInputRef],
        description: 'Matters that contacts raise; with contacts, users and teams of the same call too.',
      }),
      references: t.field({
        type: [ReferenceInputRef],
        description: 'Reference data of projects, those of the same call too.',
      }),
    }),
  }),
  admins: ADMINS_SYNC,
  refused: { rows: [], created: 0, updated: 0, unchanged: 0 },
  payload: (t) => ({
    created: t.int({ description: 'How many rows were made.', resolve: ({ created }) => created! }),
    updated: t.int({ description: 'How many rows were changed.', resolve: ({ updated }) => updated! }),
    unchanged: t.int({ description: 'How many rows were as they should be.', resolve: ({ unchanged }) => unchanged! }),
    rows: t.field({
      type: [SyncedRowRef],
      description:
        'What has become of each row, in the order of the input: vendors, users, projects, teams, accounts, contacts, cases, references.',
      resolve: ({ rows }) => rows!,
    }),
  }),
  run: syncDirectory,
});
