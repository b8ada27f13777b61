import type { PageArgs } from '../database/keyset.ts';
import { Project } from '../directory/directory.graph.ts';
import type { ProjectRow } from '../directory/directory.queries.ts';
import { builder } from '../graph/builder.ts';
import { connectionType } from '../graph/connection.ts';
import type { Context } from '../graph/context.ts';
import { REFERENCE_TYPES, type ReferenceKind } from './reference.policy.ts';
import { listReferences, type ReferenceRow, referenceById } from './reference.queries.ts';

const SEEN = 'Reference data of a project, seen by whoever sees the project, or an item that has it.';
const externalId = 'The id that it has in the system it came from, unique in its project.';
const active = 'Whether new items can have it; those that have it keep it.';

/** What a node of a kind is made of: one table has all kinds, and the id of a Trade finds no Location. */
const nodeOf = (kind: ReferenceKind) => ({
  id: { resolve: ({ id }: ReferenceRow) => id, description: 'Global id.' },
  loadMany: (ids: string[], { loads }: Context) =>
    ids.map(async (id) => {
      const row = await loads.load(referenceById, id);
      return row?.kind === kind ? row : null;
    }),
});
const refOf = (kind: ReferenceKind) => builder.objectRef<ReferenceRow>(REFERENCE_TYPES[kind]);

export const Location = refOf('LOCATION');
builder.node(Location, {
  ...nodeOf('LOCATION'),
  description: `A place, such as a room on a storey of a building. ${SEEN}`,
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    name: t.exposeString('name', { description: 'Its name, the last part of the path: "Room 204".' }),
    path: t.string({
      description: 'The names of the places that it lies in, and its own: "Building A>Level 2>Room 204".',
      resolve: ({ path, name }) => path ?? name,
    }),
    code: t.exposeString('code', { nullable: true, description: 'A short form of it, if it has one.' }),
    active: t.exposeBoolean('active', { description: active }),
  }),
});

export const CostCode = refOf('COST_CODE');
builder.node(CostCode, {
  ...nodeOf('COST_CODE'),
  description: `What costs are booked on. ${SEEN}`,
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    code: t.string({ description: 'The code: "03-300".', resolve: ({ code, name }) => code ?? name }),
    name: t.exposeString('name', { description: 'What it stands for: "Cast-in-place concrete".' }),
    active: t.exposeBoolean('active', { description: active }),
  }),
});

export const SpecificationSection = refOf('SPECIFICATION_SECTION');
builder.node(SpecificationSection, {
  ...nodeOf('SPECIFICATION_SECTION'),
  description: `A section of the specification. ${SEEN}`,
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    number: t.string({ description: 'Its number: "08 80 00".', resolve: ({ code, name }) => code ?? name }),
    description: t.exposeString('name', { description: 'What it is about: "Glazing".' }),
    active: t.exposeBoolean('active', { description: active }),
  }),
});

export const SubJob = refOf('SUB_JOB');
builder.node(SubJob, {
  ...nodeOf('SUB_JOB'),
  description: `A part of a project that is accounted for by itself. ${SEEN}`,
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    code: t.string({ description: 'The code: "01".', resolve: ({ code, name }) => code ?? name }),
    name: t.exposeString('name', { description: 'What it stands for: "Parking garage".' }),
    active: t.exposeBoolean('active', { description: active }),
  }),
});

export const Trade = refOf('TRADE');
builder.node(Trade, {
  ...nodeOf('TRADE'),
  description: `A craft that works on the project. ${SEEN}`,
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    name: t.exposeString('name', { description: 'Its name: "Masonry".' }),
    active: t.exposeBoolean('active', { description: active }),
  }),
});

export const Task = refOf('TASK');
builder.node(Task, {
  ...nodeOf('TASK'),
  description: `An activity of the schedule. ${SEEN}`,
  fields: (t) => ({
    externalId: t.exposeString('externalId', { nullable: true, description: externalId }),
    name: t.exposeString('name', { description: 'Its name: "Pour slab, level 2".' }),
    key: t.exposeString('code', {
      nullable: true,
      description: 'What the schedule knows it by, if anything: "A1040".',
    }),
    active: t.exposeBoolean('active', { description: active }),
  }),
});

const query =
  'Only those that have every word of this text in name, path or code, whatever case and accents; at most 10 words, 255 characters (BAD_USER_INPUT).';
const lists = (what: string) =>
  `${what}, for you to choose from: active ones first. Those that are not active come last, to filter by.`;

/** How a list of a kind is answered. */
const listOf =
  (kind: ReferenceKind) =>
  ({ id }: ProjectRow, { query, ...args }: PageArgs & { query?: string | null }, context: Context) =>
    listReferences(context, id, kind, query, args);

builder.objectFields(Project, (t) => ({
  locations: t.connection(
    {
      type: Location,
      description: lists('Its locations by path'),
      args: { query: t.arg.string({ description: query }) },
      resolve: listOf('LOCATION'),
    },
    connectionType('Location', Location),
  ),
  costCodes: t.connection(
    {
      type: CostCode,
      description: lists('Its cost codes by code'),
      args: { query: t.arg.string({ description: query }) },
      resolve: listOf('COST_CODE'),
    },
    connectionType('CostCode', CostCode),
  ),
  specificationSections: t.connection(
    {
      type: SpecificationSection,
      description: lists('The sections of its specification by number'),
      args: { query: t.arg.string({ description: query }) },
      resolve: listOf('SPECIFICATION_SECTION'),
    },
    connectionType('SpecificationSection', SpecificationSection),
  ),
  subJobs: t.connection(
    {
      type: SubJob,
      description: lists('Its sub jobs by code'),
      args: { query: t.arg.string({ description: query }) },
      resolve: listOf('SUB_JOB'),
    },
    connectionType('SubJob', SubJob),
  ),
  trades: t.connection(
    {
      type: Trade,
      description: lists('Its trades by name'),
      args: { query: t.arg.string({ description: query }) },
      resolve: listOf('TRADE'),
    },
    connectionType('Trade', Trade),
  ),
  tasks: t.connection(
    {
      type: Task,
      description: lists('The tasks of its schedule by name'),
      args: { query: t.arg.string({ description: query }) },
      resolve: listOf('TASK'),
    },
    connectionType('Task', Task),
  ),
}));
