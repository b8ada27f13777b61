import { builder } from '../graph/builder.ts';
import { mutation } from '../graph/payload.ts';
import { ADMINS_CHANGE_COMPANIES, type UpdateCompanyInput, updateCompany } from './company.commands.ts';
import { Company, Project, User } from './directory.graph.ts';
import { companyById, projectById } from './directory.queries.ts';
import { emailMembersOf, OF_COMPANY } from './emailMember.queries.ts';
import { ADMINS_CHANGE_PROJECTS, type UpdateProjectInput, updateProject } from './project.commands.ts';

const TOLD = 'by name; for company admins and those who are among them, null for others';
builder.objectField(Company, 'emailMembers', (t) =>
  t.field({
    type: [User],
    nullable: true,
    description: `Whom mail to the address of the company is for, ${TOLD}.`,
    resolve: ({ id }, _args, { loads, viewer }) =>
      id === viewer.companyId ? loads.load(emailMembersOf, OF_COMPANY) : null,
  }),
);
builder.objectField(Project, 'emailMembers', (t) =>
  t.field({
    type: [User],
    nullable: true,
    description: `Whom mail to the address of the project is for, ${TOLD}.`,
    resolve: ({ id }, _args, { loads }) => loads.load(emailMembersOf, id),
  }),
);
const emailMembers =
  'the list replaces the list, null clears it. At most 100 (TOO_MANY). Only who is added is checked: unknown is NOT_FOUND, inactive NOT_SELECTABLE.';

mutation<UpdateCompanyInput, { id: string }>('updateCompany', {
  description: 'Changes settings of the company. Company admins only.',
  input: builder.inputRef<UpdateCompanyInput>('UpdateCompanyInput').implement({
    description: 'What to change about the company. Absent fields stay as they are.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'Id of the Company that you act for (NOT_FOUND).' }),
      name: t.string({ description: 'Its name, up to 255 characters; it cannot be cleared (REQUIRED).' }),
      issuedItemsAreFrozen: t.boolean({
        description: 'Whether issued items take nothing but status, responses, archive, restore and related items.',
      }),
      itemUrlTemplate: t.string({
        description:
          'How to write the web address of an item: http or https, with {itemId} in it (INVALID); null clears it.',
      }),
      emailMemberIds: t.idList({
        description: `Users of the company whom mail to its address shall be for: ${emailMembers}`,
      }),
    }),
  }),
  admins: ADMINS_CHANGE_COMPANIES,
  payload: (t) => ({
    company: t.field({
      type: Company,
      nullable: true,
      description: 'The company, as it is now.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(companyById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await updateCompany(context, input) }),
});

mutation<UpdateProjectInput, { id: string }>('updateProject', {
  description: 'Changes a project. Company admins only.',
  input: builder.inputRef<UpdateProjectInput>('UpdateProjectInput').implement({
    description: 'What to change about a project. Absent fields stay as they are; null clears.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'Id of the Project (NOT_FOUND).' }),
      name: t.string({ description: 'Its name, up to 255 characters; it cannot be cleared (REQUIRED).' }),
      number: t.string({ description: 'Its number, up to 255 characters.' }),
      timeZone: t.string({
        description:
          'IANA time zone, such as "America/Los_Angeles" (INVALID if there is none of that name); it cannot be cleared (REQUIRED).',
      }),
      emailMemberIds: t.idList({
        description: `Users of the company whom mail to the address of the project shall be for: ${emailMembers} Who does not see the project sees none of that mail.`,
      }),
    }),
  }),
  admins: ADMINS_CHANGE_PROJECTS,
  payload: (t) => ({
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project, as it is now.',
      resolve: ({ id }, _args, { loads }) => (id ? loads.load(projectById, id) : null),
    }),
  }),
  run: async (context, input) => ({ id: await updateProject(context, input) }),
});
