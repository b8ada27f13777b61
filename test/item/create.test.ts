import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/kernel/ids.ts';
import { createOffice, faultsOf, namesOf, nothing, type Office } from '../kit/office.ts';

describe('createItem', () => {
  let office: Office;
  beforeAll(async () => {
    office = await createOffice();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const refusals = async (item: object, more: object = {}) => {
    const before = await office.trace();
    const payload = await office.create(office.ada, item, more);
    expect(payload.item).toBe(null);
    expect(await office.trace()).toBe(before);
    return faultsOf(payload);
  };

  test('nothing said makes an empty Draft with the next number, as private as the tool has it', async () => {
    const { ada, secondTool } = office;
    const open = await secondTool('Bulletin', { abbreviation: 'B' });
    const shut = await secondTool('Letters', { abbreviation: null, privateByDefault: true });
    expect((await open.words.create(ada, {})).item).toMatchObject({
      number: 'B-001',
      position: '001',
      title: '',
      description: null,
      externalId: null,
      private: false,
      dueDate: null,
      quantity: null,
      unit: null,
      version: 1,
      issuedAt: null,
      closedAt: null,
      archivedAt: null,
      status: { name: 'Draft', category: 'DRAFT' },
      scheduleImpact: null,
      costImpact: null,
      createdBy: { name: 'Ada Admin' },
      receivedFrom: null,
      assignees: [],
      distributionMembers: [],
    });
    expect((await shut.words.create(ada, {})).item).toMatchObject({ number: '001', private: true });
    expect((await shut.words.create(ada, { private: false })).item.private).toBe(false);
  });

  test('left out, the status is the built-in Draft, whatever it is called and whatever other Drafts there are', async () => {
    const { ada } = office;
    const tool = await office.secondTool('Notification of Backcharge');
    await office.sql`
      insert into generic_tool_statuses (id, company_id, created_at, updated_at, generic_tool_id, name, sort_key, category, is_built_in)
      select gen_random_uuid(), company_id, now(), now(), generic_tool_id, 'A first sketch', '0a first sketch', category, false
      from generic_tool_statuses where id = ${tool.statuses.Draft!.id}`.execute(office.db);
    await office.sql`update generic_tool_statuses set name = 'Sketch' where id = ${tool.statuses.Draft!.id}`.execute(
      office.db,
    );
    expect((await tool.words.create(ada, {})).item.status).toEqual({ name: 'Sketch', category: 'DRAFT' });
    const { item } = await tool.words.create(ada, { statusName: 'a first sketch' });
    expect((await tool.words.update(ada, item.id, { statusName: 'Sketch' })).item).toMatchObject({
      version: 2,
      issuedAt: null,
    });
  });

  test('everything said is kept', async () => {
    const { ada, ben, rae, review } = office;
    const { item } = await office.create(ada, {
      externalId: ' 4711 ',
      position: ' interior-002 ',
      title: ' Console design finishes ',
      description: '<p>Walnut or <b>oak</b>?</p>',
      statusId: review.statuses['On Hold']!.gid,
      private: true,
      dueDate: '2020-08-31',
      scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
      costImpact: { status: 'YES_KNOWN', amount: '01250.750' },
      receivedFromId: rae.gid,
      assigneeIds: [rae.gid, ben.gid],
      distributionMemberIds: [ben.gid, ada.gid, rae.gid],
      quantity: '-0.50',
      unit: ' m² ',
    });
    expect(item).toMatchObject({
      externalId: '4711',
      number: 'DR-interior-002',
      position: 'interior-002',
      title: 'Console design finishes',
      description: '<p>Walnut or <b>oak</b>?</p>',
      status: { name: 'On Hold', category: 'OPEN' },
      private: true,
      dueDate: '2020-08-31',
      scheduleImpact: { status: 'YES_KNOWN', days: 2.5 },
      costImpact: { status: 'YES_KNOWN', amount: '1250.75' },
      createdBy: { name: 'Ada Admin' },
      receivedFrom: { name: 'Rae Reader' },
      quantity: '-0.5',
      unit: 'm²',
      version: 1,
      closedAt: null,
    });
    expect(namesOf(item.assignees)).toEqual(['Rae Reader', 'Ben Standard']);
    expect(namesOf(item.distributionMembers)).toEqual(['Ben Standard', 'Ada Admin', 'Rae Reader']);
    expect(item.issuedAt).toBe(item.createdAt);
    expect(await office.read(ada, item.id)).toEqual(item);
  });

  test('a status by name is looked up in the tool, whatever its case; closed ones set both times', async () => {
    const { ada } = office;
    const { item } = await office.create(ada, { title: 'Late', statusName: ' wON ' });
    expect(item.status).toEqual({ name: 'Won', category: 'CLOSED_SUCCESSFUL' });
    expect([item.issuedAt, item.closedAt]).toEqual([item.createdAt, item.createdAt]);
  });

  test('everything that is wrong is told at once, each with its place', async () => {
    const { review, nan, ina, out, ben, tower } = office;
    await office.item(office.ada, { position: 'mine', externalId: 'mine' });
    const faults = await refusals({
      externalId: 'mine',
      position: ' MINE',
      title: 'x'.repeat(256),
      description: 'a\u0000b',
      statusId: nothing('GenericToolStatus'),
      scheduleImpact: { status: 'TBD', days: 1 },
      costImpact: { status: 'N_A', amount: '1' },
      private: null,
      receivedFromId: nan.gid,
      assigneeIds: [ben.gid, ina.gid, nothing('User'), out.gid],
      distributionMemberIds: ['nobody', tower.gid],
      unit: 'u'.repeat(51),
    });
    expect(faults.toSorted()).toEqual(
      [
        'TAKEN item.externalId',
        'TAKEN item.position',
        'TOO_LONG item.title',
        'INVALID item.description',
        'NOT_FOUND item.statusId',
        'INVALID item.scheduleImpact.days',
        'INVALID item.costImpact.amount',
        'REQUIRED item.private',
        'NOT_SELECTABLE item.receivedFromId',
        'NOT_SELECTABLE item.assigneeIds.1',
        'NOT_FOUND item.assigneeIds.2',
        'NOT_SELECTABLE item.assigneeIds.3',
        'NOT_FOUND item.distributionMemberIds.0',
        'NOT_FOUND item.distributionMemberIds.1',
        'TOO_LONG item.unit',
      ].toSorted(),
    );
    expect(await refusals({ statusId: review.statuses.Open!.gid, statusName: 'Open', title: 'x' })).toEqual([
      'INVALID item.statusName',
    ]);
    expect(await refusals({ statusName: 'Open' })).toEqual(['REQUIRED item.title']);
    expect(await refusals({ statusId: null })).toEqual(['REQUIRED item.statusId']);
  });

  test('messages name the culprit', async () => {
    const { ada, nan, ina } = office;
    const { userErrors } = await office.create(ada, { assigneeIds: [nan.gid, ina.gid], statusName: 'Gone' });
    expect(userErrors.map(({ message }: { message: string }) => message)).toEqual([
      'Nan None has no access to Design Review in this project and cannot be chosen.',
      'Ina Inactive is not active and cannot be chosen.',
      'Design Review has no status "Gone".',
    ]);
  });

  test('ids that are malformed, of another type or company, or of nothing, are all NOT_FOUND', async () => {
    const { tower, review, ada } = office;
    const elsewhere = await office.company('Southside');
    const far = await office.project('Far', { companyId: elsewhere.id });
    const farTool = await office.tool('Design Review', [far], { companyId: elsewhere.id });
    const fay = await office.person('Fay Far', { companyId: elsewhere.id });
    await office.grant(fay, far, farTool, 'ADMIN');
    const unseen = await office.project('Unseen');
    const unread = await office.tool('Unread', [tower]);
    for (const projectId of ['', 'x', review.gid, nothing('Project'), far.gid, unseen.gid])
      expect(await refusals({}, { projectId })).toEqual(['NOT_FOUND projectId']);
    for (const genericToolId of ['', 'x', tower.gid, nothing('GenericTool'), farTool.gid, unread.gid])
      expect(await refusals({}, { genericToolId })).toEqual(['NOT_FOUND genericToolId']);
    expect(await refusals({}, { projectId: 'x', genericToolId: 'y' })).toEqual([
      'NOT_FOUND projectId',
      'NOT_FOUND genericToolId',
    ]);
    for (const id of ['', 'x', ada.id, tower.gid, nothing('User'), fay.gid]) {
      expect(await refusals({ receivedFromId: id, assigneeIds: [id], distributionMemberIds: [id] })).toEqual([
        'NOT_FOUND item.receivedFromId',
        'NOT_FOUND item.assigneeIds.0',
        'NOT_FOUND item.distributionMemberIds.0',
      ]);
    }
    for (const id of [
      '',
      'x',
      ada.gid,
      nothing('GenericToolStatus'),
      farTool.statuses.Open!.gid,
      unread.statuses.Open!.gid,
    ])
      expect(await refusals({ statusId: id })).toEqual(['NOT_FOUND item.statusId']);
  });

  test('a tool that one reads elsewhere, or reads only, takes no items: FORBIDDEN names the right', async () => {
    const { rae, ada, review, tower } = office;
    const annex = await office.project('Annex');
    await office.member(ada, annex);
    const there = await office.create(ada, {}, { projectId: annex.gid });
    expect(faultsOf(there)).toEqual(['FORBIDDEN genericToolId']);
    const readOnly = await office.create(rae, { title: 'x'.repeat(300) });
    expect(faultsOf(readOnly)).toEqual(['FORBIDDEN genericToolId']);
    expect(readOnly.userErrors[0].message).toContain('CREATE');
    const kim = await office.person('Kim Creator');
    await office.grant(kim, tower, review, 'READ_ONLY', ['CREATE']);
    expect((await office.create(kim, {})).item.createdBy.name).toBe('Kim Creator');
  });

  test('somebody named twice is on the item once', async () => {
    const { ada, ben, rae } = office;
    const item = await office.item(ada, {
      assigneeIds: [rae.gid, ben.gid, rae.gid],
      distributionMemberIds: [ben.gid, ben.gid],
    });
    expect(namesOf(item.assignees)).toEqual(['Rae Reader', 'Ben Standard']);
    expect(namesOf(item.distributionMembers)).toEqual(['Ben Standard']);
  });

  test('an id has one spelling: another that decodes to the same is the id of nothing', async () => {
    const { ada, ben } = office;
    const twin = twinOf(ben.gid);
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(ben.gid, 'base64url'));
    expect(await refusals({ assigneeIds: [ben.gid, twin] })).toEqual(['NOT_FOUND item.assigneeIds.1']);
    const item = await office.item(ada);
    expect((await office.ask(ada, `{ node(id: "${twinOf(item.id)}") { id } }`)).errors).toHaveLength(1);
  });

  test('at most 200 people in a list', async () => {
    const ids = Array.from({ length: 201 }, (_, n) =>
      toGlobalId('User', `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`),
    );
    expect(await refusals({ assigneeIds: ids })).toEqual(['TOO_MANY item.assigneeIds']);
  });

  test('texts have their limits, and no control characters', async () => {
    const { ada } = office;
    const item = await office.item(ada, {
      title: 'x'.repeat(255),
      position: 'p'.repeat(50),
      unit: 'u'.repeat(50),
      externalId: 'e'.repeat(255),
    });
    expect([item.title.length, item.position.length, item.unit.length, item.externalId.length]).toEqual([
      255, 50, 50, 255,
    ]);
    expect(
      await refusals({
        title: 'x'.repeat(256),
        position: 'p'.repeat(51),
        unit: 'u'.repeat(51),
        externalId: 'e'.repeat(256),
      }),
    ).toEqual(
      expect.arrayContaining([
        'TOO_LONG item.title',
        'TOO_LONG item.position',
        'TOO_LONG item.unit',
        'TOO_LONG item.externalId',
      ]),
    );
    for (const text of ['a\u0000b', 'a\u0007b', 'a\nb', 'a\tb', 'a\u202eb', 'a\ud800b', 'a\u007fb']) {
      expect((await refusals({ title: text, position: text, unit: text, externalId: text })).toSorted()).toEqual([
        'INVALID item.externalId',
        'INVALID item.position',
        'INVALID item.title',
        'INVALID item.unit',
      ]);
    }
    expect(await office.item(ada, { title: ' \n ', unit: '  ', externalId: ' ' })).toMatchObject({
      title: '',
      unit: null,
      externalId: null,
    });
    expect(await refusals({ position: '  ' })).toEqual(['REQUIRED item.position']);
  });

  test('rich text is made safe, and markup around nothing is nothing', async () => {
    const { ada } = office;
    const kept = async (description: string) => (await office.item(ada, { description })).description;
    expect(await kept('<p onclick="steal()">Hi<script>steal()</script><img src=x onerror=steal()></p>')).toBe(
      '<p>Hi</p>',
    );
    expect(await kept('<a href="javascript:steal()">a</a><a href="https://example.com">b</a>')).toBe(
      '<a>a</a><a href="https://example.com">b</a>',
    );
    expect(await kept('fish & chips < 5 > 3')).toBe('fish &amp; chips &lt; 5 &gt; 3');
    for (const empty of [
      '<script>steal()</script>',
      '<p></p>',
      '<p> <br/>&nbsp;</p>',
      '<img src=x>',
      ' ',
      '<style>p{}</style>',
    ])
      expect(await kept(empty)).toBe(null);
    expect(await refusals({ description: '<p>a&#7;b</p>' })).toEqual(['INVALID item.description']);
    expect(await refusals({ description: 'x'.repeat(100_001) })).toEqual(['TOO_LONG item.description']);
    expect(await refusals({ description: '&'.repeat(99_999) })).toEqual(['TOO_LONG item.description']);
    expect((await kept('x'.repeat(100_000))).length).toBe(100_000);
  });

  test('decimals are exact and have one form', async () => {
    const { ada } = office;
    const kept = async (quantity: string) => (await office.item(ada, { quantity })).quantity;
    expect(await kept('1.50')).toBe('1.5');
    expect(await kept('01.5')).toBe('1.5');
    expect(await kept('-0')).toBe('0');
    expect(await kept('-0.000')).toBe('0');
    expect(await kept('100')).toBe('100');
    expect(await kept('12345678901234567890.0123456789')).toBe('12345678901234567890.0123456789');
    for (const wrong of ['1,5', '1e3', '', ' 1', '.5', 'NaN', '123456789012345678901', 1e20, 0.1234567890123456])
      expect(
        (await office.ask(ada, CREATE, { input: inputWith({ quantity: wrong }) })).errors?.[0].extensions.code,
      ).toBe('BAD_USER_INPUT');
  });

  test('dates are days of the calendar as ISO 8601 writes them, refused by name else', async () => {
    const { ada } = office;
    for (const wrong of ['08/31/2020', '2020-02-30', '2020-8-31', '2020-08-31T00:00:00Z', 20200831, '0000-01-01']) {
      const { errors } = await office.ask(ada, CREATE, { input: inputWith({ dueDate: wrong }) });
      expect(errors?.[0].message).toContain(JSON.stringify(wrong));
    }
    expect((await office.item(ada, { dueDate: '2024-02-29' })).dueDate).toBe('2024-02-29');
    expect((await office.item(ada, { dueDate: '9999-12-31' })).dueDate).toBe('9999-12-31');
    expect((await office.item(ada, { dueDate: '0001-01-01' })).dueDate).toBe('0001-01-01');
  });

  test('an impact has a value only when it is known', async () => {
    const { ada } = office;
    for (const status of ['YES_UNKNOWN', 'NO_IMPACT', 'TBD', 'N_A', 'YES_KNOWN']) {
      const item = await office.item(ada, { scheduleImpact: { status }, costImpact: { status, amount: null } });
      expect([item.scheduleImpact, item.costImpact]).toEqual([
        { status, days: null },
        { status, amount: null },
      ]);
      if (status === 'YES_KNOWN') continue;
      expect(await refusals({ scheduleImpact: { status, days: 0 }, costImpact: { status, amount: '0' } })).toEqual([
        'INVALID item.scheduleImpact.days',
        'INVALID item.costImpact.amount',
      ]);
    }
    const known = await office.item(ada, {
      scheduleImpact: { status: 'YES_KNOWN', days: -0.25 },
      costImpact: { status: 'YES_KNOWN', amount: '-12.00' },
    });
    expect([known.scheduleImpact.days, known.costImpact.amount]).toEqual([-0.25, '-12']);
    expect(await refusals({ scheduleImpact: { status: 'YES_KNOWN', days: 1e300 } })).toEqual([
      'INVALID item.scheduleImpact.days',
    ]);
  });

  test('required fields are asked for when it is made issued, not of a Draft', async () => {
    const { ada, secondTool } = office;
    const strict = await secondTool('Client Instruction');
    await strict.words.rule(strict, {
      DUE_DATE: 'required',
      ASSIGNEES: 'required',
      DESCRIPTION: 'required',
      QUANTITY: 'required',
    });
    expect((await strict.words.create(ada, {})).item.status.name).toBe('Draft');
    for (const statusName of ['Open', 'Lost']) {
      expect(
        faultsOf(await strict.words.create(ada, { statusName, description: '<p></p>', assigneeIds: [] })).toSorted(),
      ).toEqual([
        'REQUIRED item.assigneeIds',
        'REQUIRED item.description',
        'REQUIRED item.dueDate',
        'REQUIRED item.quantity',
        'REQUIRED item.title',
      ]);
    }
  });

  const inputWith = (item: object) => ({ projectId: office.tower.gid, genericToolId: office.review.gid, item });
});

const CREATE = 'mutation ($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code } } }';

/** The same id in another spelling: the last character of base64url holds bits that say nothing. */
function twinOf(gid: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return gid.slice(0, -1) + alphabet[alphabet.indexOf(gid.at(-1)!) + 1];
}
