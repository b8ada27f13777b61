import { contextOf } from '../src/graph/context.ts';
import { setArchived } from '../src/item/item.archive.ts';
import { createItem, updateItem } from '../src/item/item.commands.ts';
import type { ItemPatch } from '../src/item/item.patch.ts';
import { toGlobalId } from '../src/kernel/ids.ts';
import type { ReferenceKind } from '../src/reference/reference.policy.ts';
import { createResponse } from '../src/response/response.commands.ts';
import type { CustomKey } from './customFields.ts';
import { backcharges } from './items/backcharges.ts';
import { commercial } from './items/commercial.ts';
import { envelope } from './items/envelope.ts';
import { garage } from './items/garage.ts';
import { interiors } from './items/interiors.ts';
import { permits } from './items/permits.ts';
import { services } from './items/services.ts';
import { site } from './items/site.ts';
import { structure } from './items/structure.ts';
import type { Place } from './place.ts';
import { REFERENCES } from './references.ts';
import type { Seeding } from './seeding.ts';
import type { Step, Story, Wording } from './story.ts';

/** Every item of the demo. */
export const STORIES: readonly Story[] = [
  ...interiors,
  ...structure,
  ...envelope,
  ...services,
  ...site,
  ...commercial,
  ...permits,
  ...backcharges,
  ...garage,
];

/**
 * Writes the items of the demo, in the order of their days so that numbers go with time, each with all that came of it. Gives their
 * ids by title.
 */
export async function makeItems(seeding: Seeding, place: Place): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  for (const story of STORIES.toSorted((a, b) => a.day - b.day)) {
    const itemId = await open(seeding, place, story);
    items.set(story.title, itemId);
    for (const step of story.after ?? []) await go(seeding, place, itemId, step);
  }
  return items;
}

async function open({ world, calendar }: Seeding, place: Place, story: Story): Promise<string> {
  calendar.go(story.day);
  const { position, externalId } = story;
  const id = await createItem(contextOf(world, place.viewers[story.by]), {
    projectId: place.projects[story.project ?? 'library'],
    genericToolId: place.tools[story.tool],
    item: { ...patchOf(calendar, place, story), position, externalId },
  });
  return toGlobalId('Item', id);
}

async function go({ world, calendar }: Seeding, place: Place, itemId: string, step: Step): Promise<void> {
  calendar.go(step.day);
  const context = contextOf(world, place.viewers[step.by]);
  if ('answer' in step) {
    const itemPatch = step.change && patchOf(calendar, place, step.change);
    await createResponse(context, { itemId, notes: step.answer, official: step.official, itemPatch });
  } else if ('change' in step) await updateItem(context, { id: itemId, patch: patchOf(calendar, place, step.change) });
  else await setArchived(context, [itemId], true);
}

function patchOf(calendar: Seeding['calendar'], { people, references, customFields }: Place, said: Wording): ItemPatch {
  const ofKind = (kind: ReferenceKind) =>
    said.refers?.filter((key) => REFERENCES[key].kind === kind).map((key) => references[key]);
  return {
    title: said.title,
    description: said.text,
    statusName: said.status,
    private: said.private,
    dueDate: said.due === undefined ? undefined : calendar.date(said.due),
    assigneeIds: said.to?.map((key) => people[key]),
    distributionMemberIds: said.copies?.map((key) => people[key]),
    receivedFromId: said.from && people[said.from],
    scheduleImpact: scheduleOf(said.schedule),
    costImpact: costOf(said.cost),
    quantity: said.quantity?.[0],
    unit: said.quantity?.[1],
    locationId: ofKind('LOCATION')?.[0],
    costCodeId: ofKind('COST_CODE')?.[0],
    specificationSectionId: ofKind('SPECIFICATION_SECTION')?.[0],
    subJobId: ofKind('SUB_JOB')?.[0],
    tradeIds: ofKind('TRADE'),
    taskIds: ofKind('TASK'),
    customFields:
      said.custom &&
      Object.entries(said.custom).map(([key, value]) => {
        const { id, options } = customFields[key as CustomKey];
        return { customFieldId: id, value: options.get(value) ?? value };
      }),
  };
}

function scheduleOf(schedule: Wording['schedule']): ItemPatch['scheduleImpact'] {
  if (schedule === undefined) return undefined;
  return typeof schedule === 'number' ? { status: 'YES_KNOWN', days: schedule } : { status: schedule };
}

function costOf(cost: Wording['cost']): ItemPatch['costImpact'] {
  if (cost === undefined) return undefined;
  return typeof cost === 'object' ? { status: 'YES_KNOWN', ...cost } : { status: cost };
}
