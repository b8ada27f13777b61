import { expect, test } from 'vitest';
import type { Letter } from '../../src/notification/letter.ts';
import { writeLetter } from '../../src/notification/letter.write.ts';
import { BRIDGE, edited, letterItem, NOW } from './letters.ts';

const write = (items: Letter['items']) =>
  writeLetter({ company: 'Northside Builders', now: NOW, repliable: items.length === 1, settingsUrl: null, items });
const lost = { event: 'REMOVED', others: [], number: 'DR-002', title: 'Broken lintel', project: BRIDGE } as const;

test.each([
  [[letterItem()], '[DR-interior-002] Broken lintel: Ann Lee responded'],
  [[edited()], '[DR-interior-002] Broken lintel: Ann Lee changed it'],
  [[edited({ reopened: true })], '[DR-interior-002] Broken lintel: Ann Lee reopened it'],
  [[edited({ event: 'CREATED' })], '[DR-interior-002] Broken lintel: Ann Lee issued it'],
  [
    [edited({ event: 'ASSIGNED', joined: ['ASSIGNEE'] })],
    '[DR-interior-002] Broken lintel: Ann Lee assigned it to you',
  ],
  [[edited({ event: 'ASSIGNED', joined: ['DISTRIBUTION'] })], '[DR-interior-002] Broken lintel: Ann Lee put you on it'],
  [[edited({ event: 'CLOSED' })], '[DR-interior-002] Broken lintel: Ann Lee closed it'],
  [[edited({ event: 'OVERDUE', dueDate: '2026-02-27' })], '[DR-interior-002] Broken lintel: overdue by 3 days'],
  [[lost], '[DR-002] Broken lintel: you were taken off it'],
  [[edited(), edited()], '2 items changed in Bridge (B-12)'],
  [[edited(), edited({ event: 'CLOSED' })], '2 items changed in Bridge (B-12)'],
  [[edited({ event: 'CLOSED' }), edited({ event: 'CLOSED' })], '2 items closed in Bridge (B-12)'],
  [[lost, lost], 'You were taken off 2 items in Bridge (B-12)'],
])('%# the subject says which item and what', (items, subject) => {
  expect(write(items).subject).toBe(subject);
});

const change = (field: string, label: string, old: string | null, now: string | null) => ({
  field,
  label,
  old,
  new: now,
});

test('a response reads well', () => {
  const { text } = write([letterItem({ others: ['CLOSED'], status: { name: 'Won', category: 'CLOSED_SUCCESSFUL' } })]);
  expect(text).toMatchInlineSnapshot(`
    "##- Reply above this line -##

    Northside Builders | Bridge (B-12)

    DR-interior-002  Broken lintel
    Design Review | Won

    Ann Lee (JJ Developers) responded to this item and closed it as Won.
    2 Mar 2026, 01:00 PST | you are an assignee

    Response:
        Seen. We replace it.
        Attached: lintel.jpg

    Open DR-interior-002: https://office.example/items/2

    ________

    Answer this mail to respond: what you write above the line at its top goes to the item.

    You get this mail about DR-interior-002 because you are an assignee. The ADMINs of Design Review in this project set who gets mail about what.

    To get no mail from Northside Builders at all, turn off wantsEmail of your user (updateViewer).
    "
  `);
});

test('a new item says what it is', () => {
  const { text } = write([
    edited({
      event: 'CREATED',
      others: ['ASSIGNED'],
      joined: ['ASSIGNEE', 'DISTRIBUTION'],
      roles: ['ASSIGNEE', 'DISTRIBUTION'],
      isPrivate: true,
      fields: [
        { label: 'Assignees', value: ['Bob Stone', 'Cy Hart'] },
        { label: 'Distribution', value: Array.from({ length: 48 }, (_, n) => `No. ${n + 1}`) },
        { label: 'Fire rating', value: 'REI 90' },
      ],
      description: '<p>It has <b>cracked</b>, see <a href="https://x.example/a">A-301</a>.</p><ul><li>2 mm</li></ul>',
      attachments: ['crack.jpg'],
    }),
  ]);
  expect(text.split('________')[0]).toMatchInlineSnapshot(`
    "##- Reply above this line -##

    Northside Builders | Bridge (B-12)

    DR-interior-002  Broken lintel
    Design Review | Open | Private | due Tue 10 Mar 2026, in 8 days

    Ann Lee (JJ Developers) issued this item, assigned it to you and put you on its distribution.
    2 Mar 2026, 01:00 PST | you are an assignee and are on its distribution

    As it is now:
        Assignees: Bob Stone, Cy Hart
        Distribution: No. 1, No. 2, No. 3, No. 4, No. 5, No. 6, No. 7, No. 8, No. 9, No. 10 and 38 more
        Fire rating: REI 90

    Description:
        It has cracked, see A-301 (https://x.example/a).
        • 2 mm

    Attached: crack.jpg

    Open DR-interior-002: https://office.example/items/2

    "
  `);
});

test('what has changed is a line for each field', () => {
  const long = `<p>${'One two three four five. '.repeat(20)}`;
  const { text } = write([
    edited({
      changes: [
        change('status', 'Status', 'Open', 'On Hold'),
        change('dueDate', 'Due Date', null, '2026-03-10'),
        change('description', 'Description', `${long}We send photos.</p>`, `${long}Photos are attached.</p>`),
        change('customField:1', 'Fire rating', 'REI 60', null),
        change('assignees', 'Assignees', 'Cy Hart', null),
        change('assignees', 'Assignees', null, 'Bob Stone'),
        change('assignees', 'Assignees', null, 'Eve Miller'),
      ],
    }),
  ]);
  expect(text.split('\n\n')[4]).toMatchInlineSnapshot(`
    "What has changed:
        Status: Open -> On Hold
        Due Date: none -> 10 Mar 2026
        Description: …three four five. One two three four five. We send photos. -> …three four five. One two three four five. Photos are attached.
        Fire rating: REI 60 -> none
        Assignees: removed Cy Hart, added Bob Stone, Eve Miller"
  `);
});

test('where only the formatting of a text has changed, that is said', () => {
  const changes = [change('description', 'Description', '<p>Same <b>words</b></p>', '<p>Same words</p>')];
  expect(write([edited({ changes })]).text).toContain('Same words -> the same words, formatted otherwise');
});

test('a digest says once what happened to many', () => {
  const closed = { event: 'CLOSED', changes: [change('status', 'Status', 'Open', 'Closed')] } as const;
  const tower = { name: 'Tower', number: null, timeZone: 'Europe/Berlin' };
  const status = { name: 'Closed', category: 'CLOSED' } as const;
  const { text, subject } = write([
    edited({ number: 'DR-1', ...closed, status }),
    edited({ number: 'DR-2', changes: [change('title', 'Subject', 'Lintel', 'Broken lintel')] }),
    edited({ number: 'DR-3', ...closed, status }),
    edited({ number: 'DR-4', project: tower, ...closed, status }),
    { ...lost, project: tower },
  ]);
  expect(subject).toBe('5 items changed in 2 projects');
  expect(text.split('________')[0]).toMatchInlineSnapshot(`
    "Northside Builders

    Bridge (B-12)

    Ann Lee (JJ Developers) closed these 2 items.
    Status: Open -> Closed
    - DR-1  Broken lintel
      Design Review | Closed
      https://office.example/items/2
    - DR-3  Broken lintel
      Design Review | Closed
      https://office.example/items/2

    Ann Lee (JJ Developers) changed this item.
    Subject: Lintel -> Broken lintel
    - DR-2  Broken lintel
      Design Review | Open | due Tue 10 Mar 2026, in 8 days
      https://office.example/items/2

    Tower

    Ann Lee (JJ Developers) closed this item.
    Status: Open -> Closed
    - DR-4  Broken lintel
      Design Review | Closed
      https://office.example/items/2

    You were taken off this item.
    - DR-002  Broken lintel

    "
  `);
});

test('what is overdue is listed, each by how much', () => {
  const late = (number: string, dueDate: string) => edited({ event: 'OVERDUE', actor: null, number, dueDate });
  const { text, subject } = write([late('DR-1', '2026-03-01'), late('DR-2', '2026-02-01')]);
  expect(subject).toBe('2 items overdue in Bridge (B-12)');
  expect(text.split('________')[0]).toMatchInlineSnapshot(`
    "Northside Builders

    Bridge (B-12)

    2 items are overdue.
    - DR-1  Broken lintel
      Design Review | Open | due Sun 1 Mar 2026, overdue by 1 day
      https://office.example/items/2
    - DR-2  Broken lintel
      Design Review | Open | due Sun 1 Feb 2026, overdue by 29 days
      https://office.example/items/2

    "
  `);
});

test('whom a letter says nothing but number and title to, learns nothing else', () => {
  const { subject, text, html } = write([lost]);
  expect(text).toMatchInlineSnapshot(`
    "##- Reply above this line -##

    Northside Builders | Bridge (B-12)

    DR-002  Broken lintel

    You were taken off this item.

    ________

    Answer this mail to respond: what you write above the line at its top goes to the item.

    You get this mail because you were taken off DR-002. The ADMINs of each tool in a project set who gets mail about what.

    To get no mail from Northside Builders at all, turn off wantsEmail of your user (updateViewer).
    "
  `);
  expect(subject + text + html).not.toMatch(/Ann|Design Review|office\.example/);
});

test('of five hundred items a hundred are told of', () => {
  const { text, html, subject } = write(Array.from({ length: 500 }, (_, n) => edited({ number: `DR-${n}` })));
  expect(subject).toBe('500 items changed in Bridge (B-12)');
  for (const part of [text, html]) expect(part).toContain('... and 400 more items');
  const items = Array.from({ length: 100 }, (_, n) => edited({ number: `DR-${n}` }));
  const huge = writeLetter({
    company: 'Northside Builders',
    now: NOW,
    repliable: false,
    settingsUrl: null,
    items,
    more: 9_900,
  });
  expect(huge.subject).toBe('10000 items changed in Bridge (B-12)');
  for (const part of [huge.text, huge.html]) expect(part).toContain('... and 9900 more items');
});
