import type { Wanted } from './item.queries.ts';

/** Fields of Item that go without its people. All others are taken to need them: a new field costs time before it lacks anybody. */
const WITHOUT_PEOPLE: ReadonlySet<string> = new Set([
  '__typename',
  'id',
  'externalId',
  'number',
  'position',
  'title',
  'description',
  'genericTool',
  'project',
  'status',
  'private',
  'superPrivate',
  'dueDate',
  'isOverdue',
  'scheduleImpact',
  'costImpact',
  'createdBy',
  'receivedFrom',
  'quantity',
  'unit',
  'createdAt',
  'updatedAt',
  'issuedAt',
  'closedAt',
  'archivedAt',
  'version',
]);

/** What must be read of items of which these fields are asked for. */
export const wantedFor = (fields: ReadonlySet<string>): Wanted => ({
  people: ![...fields].every((field) => WITHOUT_PEOPLE.has(field)),
  description: fields.has('description'),
});
