import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import { mutation } from '../graph/payload.ts';
import { requireUuid } from '../kernel/ids.ts';
import {
  type CompanyRow,
  companyById,
  inOwn,
  listProjects,
  listUsers,
  listVendors,
  otherCompany,
  type ProjectRow,
  projectById,
  type UserRow,
  userById,
  type VendorRow,
  vendorById,
} from './directory.queries.ts';
import { type UpdateViewerInput, updateViewer } from './viewer.commands.ts';
import type { Viewer } from './viewer.ts';

const externalId = 'The id that it has in the system it came from; null for what was made here.';

export const Vendor = builder.objectRef<VendorRow>('Vendor');
builder.node(Vendor, {
  description:
    'A firm that users work for. "Same company" in permission rules means the same vendor. Seen by all of the company.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(vendorById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
  }),
});

export const User = builder.objectRef<UserRow>('User');
builder.node(User, {
  description: 'A person with a login, or a service user of an integration. Seen by all of the company.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(userById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Full name.' }),
    email: t.exposeString('email', { description: 'E-mail address, unique in the company whatever its case.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    locale: t.exposeString('locale', { nullable: true, description: 'Language and region, BCP 47: "en-GB".' }),
    jobTitle: t.exposeString('jobTitle', { nullable: true, description: 'What they do there.' }),
    phone: t.exposeString('phone', { nullable: true, description: 'Telephone number, as it was given.' }),
    avatarUrl: t.exposeString('avatarUrl', { nullable: true, description: 'Address of a picture (http or https).' }),
    vendor: t.expose('vendor', { type: Vendor, nullable: true, description: 'The firm that they work for.' }),
    active: t.exposeBoolean('active', {
      description: 'Whether they may sign in, be chosen and get mail. Inactive users stay on items.',
    }),
    isService: t.exposeBoolean('isService', { description: 'A program: it signs in by API key only.' }),
    wantsEmail: t.exposeBoolean('wantsEmail', { description: 'Whether they want mail about items.' }),
  }),
});

export const Company = builder.objectRef<CompanyRow>('Company');
export const Project = builder.objectRef<ProjectRow>('Project');

const UserConnection = connectionType('User', User);
const VendorConnection = connectionType('Vendor', Vendor);
export const ProjectConnection = connectionType('Project', Project);
export { UserConnection };

builder.node(Company, {
  description:
    'The tenant that owns tools, projects and settings. Everything belongs to exactly one company, and a request acts for one. ' +
    'Of the other companies in Viewer.companies only id and name answer.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(companyById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    issuedItemsAreFrozen: t.exposeBoolean('issuedItemsAreFrozen', {
      description:
        'Whether an issued item takes nothing but status, responses, archive, restore and related items; anything else is FROZEN.',
    }),
    itemUrlTemplate: t.exposeString('itemUrlTemplate', {
      nullable: true,
      description: 'How to write the web address of an item, with {itemId} in it; http or https.',
    }),
    viewerIsAdmin: t.boolean({
      description: 'Whether you manage settings, tools, directory and memberships of this company.',
      resolve: ({ id }, _args, { viewer }) => id === viewer.companyId && viewer.isCompanyAdmin,
    }),
    projects: t.connection(
      {
        type: Project,
        description: 'The projects that you see, by name: those that you are a member of; company admins see all.',
        resolve: ({ id }, args, context) => listProjects(context, args, inOwn(context, id)),
      },
      ProjectConnection,
    ),
    users: t.connection(
      {
        type: User,
        description: 'The people of the company by name, inactive ones too.',
        args: {
          query: t.arg.string({ description: 'Only who has this text in name or e-mail address, whatever its case.' }),
        },
        resolve: ({ id }, { query, ...args }, context) => listUsers(context, query, args, inOwn(context, id)),
      },
      UserConnection,
    ),
    vendors: t.connection(
      {
        type: Vendor,
        description: 'The firms that users work for, by name.',
        args: { query: t.arg.string({ description: 'Only those with this text in the name, whatever its case.' }) },
        resolve: ({ id }, { query, ...args }, context) => listVendors(context, query, args, inOwn(context, id)),
      },
      VendorConnection,
    ),
  }),
});

builder.node(Project, {
  description: 'Where correspondence happens. Seen by its members and company admins.',
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, { loads }) => ids.map((id) => loads.load(projectById, id)),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    number: t.exposeString('number', { nullable: true, description: 'Its number, as the company counts them.' }),
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    timeZone: t.exposeString('timeZone', {
      description: 'IANA time zone, such as "America/Los_Angeles": due dates are days there.',
    }),
    company: t.field({
      type: Company,
      description: 'The company that it belongs to.',
      resolve: async ({ companyId }, _args, { loads }) => (await loads.load(companyById, companyId))!,
    }),
  }),
});

export const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'You: the user that this request acts as.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user.',
      resolve: ({ id }, _args, { loads }) => loads.the(userById, id),
    }),
    companies: t.field({
      type: [Company],
      description: 'The companies that your sign-in can act for; the header X-Company-Id chooses one.',
      resolve: ({ companies }, _args, { loads }) =>
        Promise.all(
          companies.map(async ({ id, name }) => (await loads.load(companyById, id)) ?? otherCompany(id, name)),
        ),
    }),
    projects: t.connection(
      {
        type: Project,
        description: 'The projects that you see, by name.',
        resolve: (_viewer, args, context) => listProjects(context, args),
      },
      ProjectConnection,
    ),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({ type: ViewerRef, description: 'You.', resolve: (_root, _args, { viewer }) => viewer }),
  company: t.field({
    type: Company,
    nullable: true,
    description: 'The company that you act for; null for any other.',
    args: { id: t.arg.id({ required: true, description: 'Id of a Company.' }) },
    resolve: (_root, { id }, { loads }) => loads.load(companyById, requireUuid('Company', id, 'id')),
  }),
  project: t.field({
    type: Project,
    nullable: true,
    description: 'A project that you see.',
    args: { id: t.arg.id({ required: true, description: 'Id of a Project.' }) },
    resolve: (_root, { id }, { loads }) => loads.load(projectById, requireUuid('Project', id, 'id')),
  }),
}));

const UpdateViewerInputRef = builder.inputType('UpdateViewerInput', {
  description: 'What to change about yourself. Absent fields stay as they are; null clears.',
  fields: (t) => ({
    wantsEmail: t.boolean({ description: 'Whether you want mail about items.' }),
    locale: t.string({ description: 'Your language and region, BCP 47: "en-GB". INVALID if it is no such tag.' }),
  }),
});

mutation<UpdateViewerInput, { viewer: Viewer }>('updateViewer', {
  description: 'Changes your own settings.',
  input: UpdateViewerInputRef,
  payload: (t) => ({
    viewer: t.field({
      type: ViewerRef,
      nullable: true,
      description: 'You, as you are now.',
      resolve: ({ viewer }) => viewer,
    }),
  }),
  run: async (context, input) => {
    await updateViewer(context, input);
    return { viewer: context.viewer };
  },
});
