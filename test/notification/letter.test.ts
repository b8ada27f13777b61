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

test('a letter reads well as plain text', () => {
  expect(
    write([letterItem({ others: ['CLOSED'], status: { name: 'Won', category: 'CLOSED_SUCCESSFUL' } })]).text,
  ).toMatchInlineSnapshot(`
    "##- Reply above this line -##

    Northside Builders | Bridge (B-12)

    DR-interior-002  Broken lintel
    Design Review | Won | due Tue 10 Mar 2026

    Ann Lee (JJ Developers) responded to this item and closed it as Won.
    2 Mar 2026, 01:00 PST

        Seen. We replace it.
        Attached: lintel.jpg

    Open DR-interior-002: https://office.example/items/2

    ________

    You can answer this mail: what you write above the first line comes back to the item.

    You get this mail because you are an assignee, and the project sends mail about changes such as this. Which changes it sends mail about is for the ADMINs of the tool in the project to say.

    To get no mail of Northside Builders at all, set wantsEmail to false with updateViewer.
    "
  `);
});
