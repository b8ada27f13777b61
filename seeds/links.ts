import { type Context, contextOf } from '../src/graph/context.ts';
import { updateItem } from '../src/item/item.commands.ts';
import { toGlobalId } from '../src/kernel/ids.ts';
import { addRelatedItem } from '../src/related/related.commands.ts';
import { type UpsertTopicInput, upsertTopic } from '../src/topic/topic.commands.ts';
import type { Place } from './place.ts';
import type { Seeding } from './seeding.ts';

/** Things of other systems, all about the library. */
const TOPICS = {
  bolts: {
    type: 'RFI',
    externalId: '41',
    number: 'RFI-041',
    title: 'Anchor bolt grade and projection',
    url: 'https://rfi.example.com/library/41',
  },
  steel: {
    type: 'SUBMITTAL_LOG',
    externalId: '05-12-00-3',
    number: '05 12 00-3',
    title: 'Clerestory steel, shop drawings',
    url: 'https://submittals.example.com/library/05-12-00-3',
  },
  feeder: {
    type: 'CHANGE_EVENT_EVENT',
    externalId: '19',
    number: 'CE-019',
    title: 'Second feeder for the tower crane',
  },
} as const satisfies Record<string, Omit<UpsertTopicInput, 'projectId'>>;
type TopicKey = keyof typeof TOPICS;

const DELAY = 'Notice of delay: late issue of the steel drawings';
const AGENDA = 'Agenda of the owner’s meeting';

/** What is related, items by their titles, and how. */
const RELATED: [item: string, to: string | { topic: TopicKey }, note?: string][] = [
  ['Payment application 8', 'Payment application 7', '8 starts from 7 as it was corrected.'],
  [DELAY, 'Steel connection at the clerestory, detail 7/S-502', 'The detail that was issued late.'],
  [DELAY, { topic: 'steel' }],
  ['Anchor bolt survey, column line 3', { topic: 'bolts' }, 'Asked before the survey.'],
  [AGENDA, 'Generator exhaust routing past the property line'],
  [AGENDA, 'Payment application 8'],
];

/** Where items come from. */
const ORIGINS: [item: string, from: string | { topic: TopicKey }][] = [
  ['Payment application 8', 'Payment application 7'],
  ['Temporary power: second feeder for the tower crane', { topic: 'feeder' }],
];

/** Links items of the demo, named by their titles, to each other and to things of other systems. */
export async function makeLinks(
  { world, calendar }: Seeding,
  place: Place,
  items: ReadonlyMap<string, string>,
): Promise<void> {
  // the architect is ADMIN of all tools, and keeps the company
  calendar.go(-1);
  const context = contextOf(world, place.viewers.architect);
  const topics = await makeTopics(context, place);
  for (const [item, to, note] of RELATED) {
    const end = typeof to === 'string' ? { relatedItemId: items.get(to)! } : { topic: topics[to.topic] };
    await addRelatedItem(context, { itemId: items.get(item)!, note, ...end });
  }
  for (const [item, from] of ORIGINS) {
    const patch = typeof from === 'string' ? { originItemId: items.get(from)! } : { originTopic: topics[from.topic] };
    await updateItem(context, { id: items.get(item)!, patch });
  }
}

async function makeTopics(context: Context, { projects }: Place) {
  const named = {} as Record<TopicKey, { type: UpsertTopicInput['type']; id: string }>;
  for (const [key, topic] of Object.entries(TOPICS)) {
    const id = await upsertTopic(context, { projectId: projects.library, ...topic });
    named[key as TopicKey] = { type: topic.type, id: toGlobalId('ExternalTopic', id) };
  }
  return named;
}
