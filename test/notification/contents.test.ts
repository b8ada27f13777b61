import { expect, test } from 'vitest';
import { composeNotification } from '../../src/notification/mail.ts';
import { act } from '../../src/worker/act.ts';
import type { ComposedDelivery } from '../../src/worker/composers.ts';
import { putCustomFields } from '../kit/customFields.ts';
import { createArchive } from '../kit/files.ts';
import type { ReadMail } from '../kit/mails.ts';
import { createOffice, type Payload } from '../kit/office.ts';
import { workOff } from '../kit/work.ts';
import type { Person } from '../kit/world.ts';

test('what mails say of what happened, to each as far as they may see it', async () => {
  await using office = await createArchive();
  const { ada, ben, rae, review, tower, tell } = office;
  const cam = await office.person('Cam Admin', { admin: true });
  const eve = await office.person('Eve Reader', { vendor: 'Hart & <Sons>' });
  await office.grant(eve, tower, review, 'READ_ONLY');
  const { rating, stamp } = await putCustomFields(office, cam, review, {
    rating: { dataType: 'STRING' },
    stamp: { dataType: 'SINGLE_SELECT', options: ['Red', 'Green'] },
  });
  const box = (event: string, role: string, enabled: boolean) => ({ event, role, enabled });
  const set = async (...notifications: object[]) => {
    const input = { projectId: tower.gid, genericToolId: review.gid, notifications };
    expect((await tell(ada, 'updateGenericToolDefaults', input, 'defaults { private }')).userErrors).toEqual([]);
  };
  let read = 0;
  /** The mails since the last look, by whom they went to. */
  const mailed = async () => {
    expect(await office.work()).toEqual([]);
    const mails = (await office.mails()).slice(read);
    read += mails.length;
    return (who: Person): ReadMail => {
      const [mail, ...more] = mails.filter(({ to }) => to![0]!.address === who.email);
      expect(more).toEqual([]);
      return mail!;
    };
  };
  const saidIn = ({ text }: ReadMail) => text!.split('________')[0]!.replaceAll(/https?:\S+/g, 'URL');

  // issued, after something happened that only its creator and ADMINs know
  const draft = await office.item(ben, { title: 'First thoughts', description: '<p>Who <b>forgot</b> it?</p>' });
  const patch = {
    ...{ title: 'Broken lintel', description: '<p>It has <b>cracked</b>.</p>', statusName: 'Open', private: true },
    ...{ assigneeIds: [rae.gid, eve.gid], dueDate: '2026-03-10', uploadIds: [await office.bring(ben, 'crack.jpg')] },
    customFields: [
      { customFieldId: rating.gid, value: 'REI 90' },
      { customFieldId: stamp.gid, value: stamp.options.Red!.gid },
    ],
  };
  // by being assigned, which is not the same mail
  await set(box('CREATED', 'ASSIGNEE', false));
  expect((await office.update(ben, draft.id, patch)).userErrors).toEqual([]);
  const issued = (await mailed())(rae);
  expect(saidIn(issued)).toMatchInlineSnapshot(`
    "Northside Builders | Tower

    DR-001  Broken lintel
    Design Review | Open | Private | due Tue 10 Mar 2026, in 8 days

    Ben Standard assigned this item to you.
    2 Mar 2026, 01:00 PST | you are an assignee

    What has changed:
        Status: Draft -> Open

    As it is now:
        Assignees: Rae Reader, Eve Reader
        rating: REI 90
        stamp: Red

    Description:
        It has cracked.

    Attached: crack.jpg

    Open DR-001: URL

    "
  `);
  expect(issued.text! + issued.html).not.toMatch(/First thoughts|forgot/);

  // changed: custom fields by their labels, people and files that came and went
  await set(box('UPDATED', 'ASSIGNEE', true), box('UPDATED', 'CREATOR', true));
  await office.update(ada, draft.id, {
    ...{ description: '<p>It has <i>cracked</i> through.</p>', distributionMemberIds: [ada.gid, ben.gid] },
    customFields: [
      { customFieldId: rating.gid, value: null },
      { customFieldId: stamp.gid, value: stamp.options.Green!.gid },
    ],
    ...{ costImpact: { status: 'YES_KNOWN', amount: '12500' }, dueDate: '2026-02-27' },
  });
  const changed = await mailed();
  expect(saidIn(changed(rae))).toMatchInlineSnapshot(`
    "Northside Builders | Tower

    DR-001  Broken lintel
    Design Review | Open | Private | due Fri 27 Feb 2026, overdue by 3 days

    Ada Admin changed this item.
    2 Mar 2026, 01:00 PST | you are an assignee

    What has changed:
        Description: It has cracked. -> It has cracked through.
        Due Date: 10 Mar 2026 -> 27 Feb 2026
        Cost Impact: none -> Yes: 12500
        Distribution: added Ada Admin, Ben Standard
        rating: REI 90 -> none
        stamp: Red -> Green

    Open DR-001: URL

    "
  `);

  // answered by somebody whose firm has a name like markup, and to whom nobody else is a colleague
  await set(box('RESPONDED_TO', 'CREATOR', false), box('RESPONDED_TO', 'DISTRIBUTION', false));
  const notes =
    '<p>Take <a href="https://x.example/a?b=1&amp;c=2">HEA 120</a> &lt;S235&gt;.</p><ul><li>150 mm</li></ul>';
  await office.grant(eve, tower, review, 'READ_ONLY', ['CREATE_RESPONSE']);
  const uploadIds = [await office.bring(eve, 'note "7".pdf')];
  expect(
    (await tell(eve, 'createResponse', { itemId: draft.id, notes, uploadIds }, 'response { id }')).userErrors,
  ).toEqual([]);
  const answered = await mailed();
  expect(answered(ben)?.subject).toBeUndefined();
  expect(saidIn(answered(rae))).toMatchInlineSnapshot(`
    "Northside Builders | Tower

    DR-001  Broken lintel
    Design Review | Open | Private | due Fri 27 Feb 2026, overdue by 3 days

    Eve Reader (Hart & <Sons>) responded to this item.
    2 Mar 2026, 01:00 PST | you are an assignee

    Response:
        Take HEA 120 (URL <S235>.
        • 150 mm
        Attached: note "7".pdf

    Open DR-001: URL

    "
  `);
  expect(answered(rae).html).toContain('Hart &amp; &lt;Sons&gt;');
  expect(answered(rae).from?.name).toBe('Eve Reader via Correspondence Gateway');

  // answered and changed: who is not to be mailed of answers is told of the change alone
  await tell(
    ada,
    'createResponse',
    { itemId: draft.id, notes: 'Between us.', itemPatch: { unit: 'kg' } },
    'item { id }',
  );
  const both = await mailed();
  expect(both(ben).text).toMatch(/changed this item\.[\s\S]*Unit: none -> kg/);
  expect(both(ben).text).not.toMatch(/Between us|responded/);
  expect(both(rae).text).toMatch(/responded to this item and changed it\.[\s\S]*Between us/);

  // what a fieldset hides, no mail to somebody new shows
  await office.rule(review, { DESCRIPTION: 'hidden', ATTACHMENTS: 'hidden', DUE_DATE: 'hidden' });
  await office.grant(cam, tower, review, 'READ_ONLY');
  await office.update(ada, draft.id, { assigneeIds: [rae.gid, eve.gid, cam.gid] });
  const hidden = await mailed();
  expect(saidIn(hidden(cam))).toMatchInlineSnapshot(`
    "Northside Builders | Tower

    DR-001  Broken lintel
    Design Review | Open | Private | due Fri 27 Feb 2026, overdue by 3 days

    Ada Admin assigned this item to you.
    2 Mar 2026, 01:00 PST | you are an assignee

    What has changed:
        Assignees: added Cam Admin

    As it is now:
        Assignees: Rae Reader, Eve Reader, Cam Admin
        Distribution: Ada Admin, Ben Standard
        Cost Impact: Yes: 12500
        Quantity: kg
        stamp: Green

    Open DR-001: URL

    "
  `);

  // closed: what it was is told, what is due no more
  await set(box('CLOSED', 'ASSIGNEE', true));
  await office.update(ada, draft.id, { statusName: 'Won' });
  expect(saidIn((await mailed())(rae))).toMatchInlineSnapshot(`
    "Northside Builders | Tower

    DR-001  Broken lintel
    Design Review | Won | Private

    Ada Admin closed this item as Won.
    2 Mar 2026, 01:00 PST | you are an assignee

    What has changed:
        Status: Open -> Won

    Open DR-001: URL

    "
  `);
});

test('a digest takes as many statements for twelve items as for three', async () => {
  await using office = await createOffice();
  const { ada, ben } = office;
  const items: Payload[] = [];
  for (let n = 0; n < 12; n += 1)
    items.push(await office.item(ada, { statusName: 'Open', assigneeIds: [ben.gid] }, { skipEmails: true }));
  const ids = items.map(({ id }) => id);
  /** The statements that it takes to write a digest of so many items. */
  async function statementsFor(count: number, dueDate: string): Promise<number> {
    const patch = { dueDate, distributionMemberIds: [ben.gid], statusName: 'Won' };
    await office.batch(ada, { ids: ids.slice(0, count), patch });
    await workOff(office.world, [act]);
    const { rows } = await office.sql<ComposedDelivery>`
      select id, company_id as "companyId", project_id as "projectId", user_id as "userId", address, name
      from email_deliveries where state = 'QUEUED'`.execute(office.db);
    const before = office.statements.count;
    const mail = await composeNotification(office.world, rows[0]!);
    const statements = office.statements.count - before;
    expect(mail?.subject).toBe(`You were put on ${count} items in Tower`);
    expect(mail?.text.match(/^- DR-/gm)).toHaveLength(count);
    expect(await office.work()).toEqual([]);
    await office.batch(ada, { ids, patch: { statusName: 'Open', distributionMemberIds: [] }, skipEmails: true });
    return statements;
  }
  expect(await statementsFor(3, '2026-04-01')).toBe(await statementsFor(12, '2026-04-02'));
});
