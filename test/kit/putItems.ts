import { transaction } from '../../src/database/transaction.ts';
import { BLANK } from '../../src/item/item.blank.ts';
import type { ItemContent } from '../../src/item/item.patch.ts';
import { insertItems } from '../../src/item/item.write.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import type { StatusCategory } from '../../src/tool/tool.policy.ts';
import type { Person, Project, TestWorld, Thing, Tool } from './world.ts';

/** An item that shall be there, as if somebody had made it and what followed had happened. */
export interface Wanted {
  project: Project;
  tool: Tool;
  by: Person;
  /** one of the tool's statuses by name; Draft unless told */
  status?: string;
  private?: boolean;
  archived?: boolean;
  title?: string;
  externalId?: string;
  assignees?: readonly Person[];
  distribution?: readonly Person[];
  receivedFrom?: Person;
}

const CATEGORIES: Record<string, StatusCategory> = {
  Draft: 'DRAFT',
  Open: 'OPEN',
  'On Hold': 'OPEN',
  Closed: 'CLOSED',
  Won: 'CLOSED_SUCCESSFUL',
  Lost: 'CLOSED_UNSUCCESSFUL',
};

/** Puts many items there at once, through what stores the items of the gateway; in the order of the list, each a moment later. */
export async function putItems({ world, clock }: TestWorld, wanted: readonly Wanted[]): Promise<Thing[]> {
  const items = wanted.map(({ project, tool, by, status = 'Draft', ...item }, n): ItemContent => {
    const now = clock.now();
    const time = now.toISOString();
    const id = newId(now);
    return {
      ...BLANK,
      id,
      companyId: project.companyId,
      projectId: project.id,
      genericToolId: tool.id,
      statusId: tool.statuses[status]!.id,
      category: CATEGORIES[status]!,
      externalId: item.externalId ?? null,
      // no two items of any two calls share a number
      position: `${n + 1}-${id.slice(-12)}`,
      number: `${n + 1}-${id.slice(-12)}`,
      title: item.title ?? 'Broken lintel',
      private: item.private ?? false,
      createdById: by.id,
      receivedFromId: item.receivedFrom?.id ?? null,
      assigneeIds: (item.assignees ?? []).map(({ id }) => id),
      distributionMemberIds: (item.distribution ?? []).map(({ id }) => id),
      createdAt: time,
      updatedAt: time,
      issuedAt: status === 'Draft' ? null : time,
      closedAt: CATEGORIES[status]!.startsWith('CLOSED') ? time : null,
      archivedAt: item.archived ? time : null,
    };
  });
  const write = { abbreviation: null, changes: [], events: [], audienceChanged: true, peopleChanged: true };
  await transaction(world, (act) =>
    insertItems(
      act,
      wanted[0]!.by,
      items.map((item) => ({ ...write, item })),
    ),
  );
  return items.map(({ id }) => ({ id, gid: toGlobalId('Item', id) }));
}
