import type { LetterItem, LetterProject } from '../../src/notification/letter.ts';

export const NOW = new Date('2026-03-02T09:00:00Z');
export const BRIDGE: LetterProject = { name: 'Bridge', number: 'B-12', timeZone: 'America/Los_Angeles' };

/** An item that Ann has responded to, unless told otherwise. */
export const letterItem = (some: Partial<LetterItem> = {}): LetterItem => ({
  number: 'DR-interior-002',
  title: 'Broken lintel',
  project: BRIDGE,
  event: 'RESPONDED_TO',
  others: [],
  url: 'https://office.example/items/2',
  tool: 'Design Review',
  actor: { name: 'Ann Lee', vendor: 'JJ Developers' },
  at: NOW,
  status: { name: 'Open', category: 'OPEN' },
  dueDate: '2026-03-10',
  isPrivate: false,
  roles: ['ASSIGNEE'],
  joined: [],
  left: [],
  reopened: false,
  changes: [],
  response: { official: false, notes: '<p>Seen. We replace it.</p>', attachments: ['lintel.jpg'] },
  fields: [],
  description: null,
  attachments: [],
  ...some,
});

export const edited = (some: Partial<LetterItem> = {}): LetterItem =>
  letterItem({ event: 'UPDATED', response: null, ...some });
