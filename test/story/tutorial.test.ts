import { expect, test } from 'vitest';
import { type Place, seedPlace } from '../../seeds/place.ts';
import { createWorld, type Person, type TestWorld } from '../kit/world.ts';
import { peopleOf } from '../seeds/demo.ts';
import {
  AVAILABLE_TYPES,
  BATCH,
  CREATE_ITEM,
  GET_ITEM,
  ITEM_IDS,
  PERMISSIONS,
  RESPOND,
  TYPES,
  USER_AVAILABILITY,
} from './operations.ts';

/* Procore's correspondence tutorial, told again through the front door, in a world with its directory and tools and no item. */

const NOW = '2020-08-03T16:00:00Z';

async function createStory() {
  const world = await createWorld();
  world.clock.set(NOW);
  const place = await seedPlace(world.world);
  world.clock.set(NOW);
  const people = await peopleOf(world);
  return { world, place, ...people, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

const consoleDesign = ({ projects, tools, people }: Place) => ({
  projectId: projects.library,
  genericToolId: tools.review,
  item: {
    title: 'Console design finishes',
    position: 'interior-002',
    description: 'Please confirm the finishes of the console.',
    statusName: 'Open',
    private: true,
    assigneeIds: [people.owner],
    distributionMemberIds: [people.manager],
  },
});

/** What a mutation answers, which must be no top-level error. */
const tell = async (world: TestWorld, who: Person, document: string, input: object) =>
  Object.values((await world.get(who, document, { input })) as Record<string, never>)[0]!;

test('the tutorial: from the types of the company to a batch over two of them', async () => {
  await using story = await createStory();
  const { world, place, owner, architect, manager } = story;

  // Joe Owner: which types of correspondence the company has
  const { company } = await world.get(owner, TYPES, { id: place.company });
  expect(company.genericTools.nodes).toEqual([
    { externalId: '126094', title: 'Basic Correspondence', abbreviation: '01', privateByDefault: true },
    { externalId: '126160', title: 'Design Review', abbreviation: 'DR', privateByDefault: true },
  ]);

  // ... which of them are available in the project, asked from either side
  const available = await world.get(owner, AVAILABLE_TYPES, {
    company: place.company,
    project: place.projects.library,
  });
  expect(available.company.genericTools.nodes).toEqual([{ title: 'Basic Correspondence' }, { title: 'Design Review' }]);
  expect(available.project).toMatchObject({
    externalId: '219542',
    genericTools: [{ title: 'Basic Correspondence' }, { title: 'Design Review' }],
  });
  expect(available.project.genericTools[1].statuses).toEqual([
    { name: 'Draft', category: 'DRAFT' },
    { name: 'In Review', category: 'OPEN' },
    { name: 'Open', category: 'OPEN' },
    { name: 'Closed', category: 'CLOSED' },
    { name: 'Approved', category: 'CLOSED_SUCCESSFUL' },
    { name: 'Rejected', category: 'CLOSED_UNSUCCESSFUL' },
  ]);

  // ... who can be chosen there
  const { project } = await world.get(owner, USER_AVAILABILITY, { id: place.projects.library });
  const all = { potentialAssignee: true, potentialReceivedFrom: true, potentialDistributionMember: true };
  const none = { potentialAssignee: false, potentialReceivedFrom: false, potentialDistributionMember: false };
  const on = (externalId: string, can: object) => ({ genericTool: { externalId }, ...can });
  const entryOf = ({ name }: Person) =>
    project.userAvailability.nodes.find((node: { user: { name: string } }) => node.user.name === name);
  expect(entryOf(owner)).toEqual({
    user: { externalId: '1477682', name: 'Joe Owner', vendor: { externalId: '3968041', name: 'JJ Developers' } },
    genericTools: [on('126094', all), on('126160', all)],
  });
  expect(entryOf(architect)).toEqual({
    user: {
      externalId: '3277981',
      name: 'Architect',
      vendor: { externalId: '3968054', name: 'Construction Management, Inc' },
    },
    genericTools: [on('126094', all), on('126160', all)],
  });
  expect(entryOf(manager)).toEqual({
    user: {
      externalId: '1477666',
      name: 'Joe ProjectManager',
      vendor: { externalId: '3828353', name: 'JMJ Construction' },
    },
    genericTools: [on('126094', all), on('126160', all)],
  });
  expect(entryOf(story.adele).genericTools).toEqual([on('126094', none), on('126160', all)]);
  expect(entryOf(story.nora).genericTools).toEqual([on('126094', none), on('126160', none)]);
  expect(entryOf(story.oscar)).toBeUndefined();

  // ... and what he himself may do
  const permissionsOf = async (who: Person) =>
    (await world.get(who, PERMISSIONS, { id: place.projects.library })).project.permissions;
  expect(await permissionsOf(owner)).toEqual([
    {
      genericTool: { externalId: '126094' },
      accessLevel: 'STANDARD',
      permittedActions: [
        'CREATE',
        'EDIT_ITEMS_THEY_CREATED',
        'CREATE_RESPONSE',
        'RESPOND_TO_VENDOR_ITEMS',
        'VIEW_VENDOR_ITEMS',
      ],
      viewerCanCreate: true,
    },
    {
      genericTool: { externalId: '126160' },
      accessLevel: 'READ_ONLY',
      permittedActions: ['CREATE_RESPONSE'],
      viewerCanCreate: false,
    },
  ]);
  for (const admin of [architect, manager]) {
    expect((await permissionsOf(admin)).slice(0, 2)).toEqual([
      { genericTool: { externalId: '126094' }, accessLevel: 'ADMIN', permittedActions: [], viewerCanCreate: true },
      { genericTool: { externalId: '126160' }, accessLevel: 'ADMIN', permittedActions: [], viewerCanCreate: true },
    ]);
  }

  // which is not to make a Design Review
  const refused = await tell(world, owner, CREATE_ITEM, consoleDesign(place));
  expect(refused).toMatchObject({ item: null, userErrors: [{ code: 'FORBIDDEN', path: ['genericToolId'] }] });

  // Architect: the item of the tutorial; a date as it is written there is refused by its name and leaves nothing behind
  const draft = consoleDesign(place);
  const american = await world.ask(architect, CREATE_ITEM, {
    input: { ...draft, item: { ...draft.item, dueDate: '08/31/2020' } },
  });
  expect(american.errors).toHaveLength(1);
  expect(american.errors![0].message).toContain('"08/31/2020"');
  expect(american.errors![0].message).toContain('dueDate');
  const { item } = (await tell(world, architect, CREATE_ITEM, {
    ...draft,
    item: { ...draft.item, dueDate: '2020-08-31' },
  })) as { item: { id: string } };
  const kept = {
    id: item.id,
    number: 'DR-interior-002',
    position: 'interior-002',
    title: 'Console design finishes',
    description: 'Please confirm the finishes of the console.',
    private: true,
    dueDate: '2020-08-31',
    version: 1,
    status: { name: 'Open', category: 'OPEN' },
    genericTool: { externalId: '126160' },
    createdBy: { name: 'Architect' },
    assignees: [{ name: 'Joe Owner', vendor: { name: 'JJ Developers' } }],
    distributionMembers: [{ name: 'Joe ProjectManager', vendor: { name: 'JMJ Construction' } }],
    issuedAt: expect.stringMatching(/^2020-08-03T16:00:/),
    closedAt: null,
    isOverdue: false,
    ballInCourt: [{ name: 'Joe Owner' }],
  };
  expect(item).toEqual(kept);

  // ... is the one item of its type: ids only, then all of it
  const { items } = await world.get(architect, ITEM_IDS, {
    filter: { genericTool: { eq: place.tools.review }, project: { eq: place.projects.library } },
  });
  expect(items).toEqual({ totalCount: 1, nodes: [{ id: item.id }] });
  const whole = await world.get(architect, GET_ITEM, { id: item.id });
  expect(whole.item).toEqual(kept);
  // it is private: whoever only reads the type has never heard of it
  expect(await world.get(story.rita, GET_ITEM, { id: item.id })).toEqual({
    item: null,
  });

  // Joe Owner: an official answer, which changes neither version nor status
  const answered = await tell(world, owner, RESPOND, {
    itemId: item.id,
    notes: 'The finishes are confirmed: walnut veneer, satin.',
    official: true,
  });
  expect(answered).toEqual({
    response: {
      notes: 'The finishes are confirmed: walnut veneer, satin.',
      official: true,
      position: 1,
      status: { name: 'Open' },
      createdBy: { name: 'Joe Owner' },
    },
    item: { version: 1, status: { name: 'Open' } },
    userErrors: [],
  });

  // Architect: an item of the other type, then both at once
  const letter = (await tell(world, architect, CREATE_ITEM, {
    projectId: place.projects.library,
    genericToolId: place.tools.basic,
    item: { title: 'Samples of the console', statusName: 'Open', assigneeIds: [place.people.manager] },
  })) as { item: { id: string; number: string } };
  expect(letter.item).toMatchObject({ number: '01-001', private: true });
  const batch = await tell(world, architect, BATCH, {
    updates: [
      {
        id: item.id,
        expectedVersion: 1,
        patch: {
          dueDate: '2020-09-14',
          scheduleImpact: { status: 'YES_UNKNOWN' },
          costImpact: { status: 'NO_IMPACT' },
          statusName: 'Approved',
        },
      },
      { id: letter.item.id, expectedVersion: 1, patch: { dueDate: '2020-09-14', statusName: 'Closed' } },
    ],
  });
  const impacts = { scheduleImpact: { status: 'YES_UNKNOWN' }, costImpact: { status: 'NO_IMPACT' } };
  expect(batch).toEqual({
    updatedCount: 2,
    results: [
      {
        outcome: 'UPDATED',
        item: {
          number: 'DR-interior-002',
          version: 2,
          dueDate: '2020-09-14',
          status: { name: 'Approved' },
          ...impacts,
        },
        userErrors: [],
      },
      {
        outcome: 'UPDATED',
        item: {
          number: '01-001',
          version: 2,
          dueDate: '2020-09-14',
          status: { name: 'Closed' },
          scheduleImpact: null,
          costImpact: null,
        },
        userErrors: [],
      },
    ],
    userErrors: [],
  });
});
