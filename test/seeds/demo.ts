import { PEOPLE, type PersonKey } from '../../seeds/people.ts';
import { DEMO_COMPANY } from '../../seeds/place.ts';
import { toGlobalId } from '../../src/kernel/ids.ts';
import type { Person, TestWorld } from '../kit/world.ts';

/** The people of a demo that stands in a world. */
export async function peopleOf({ db }: TestWorld): Promise<Record<PersonKey, Person>> {
  const users = await db
    .selectFrom('users as u')
    .innerJoin('companies as c', 'c.id', 'u.companyId')
    .where('c.externalId', '=', DEMO_COMPANY)
    .select(['u.id', 'u.name', 'u.email', 'u.companyId', 'u.externalId'])
    .execute();
  const found = Object.entries(PEOPLE).map(([key, { externalId }]) => {
    const user = users.find((row) => row.externalId === externalId)!;
    return [key, { ...user, gid: toGlobalId('User', user.id) }];
  });
  return Object.fromEntries(found);
}

/** What somebody of the demo sees, and may do with it. */
export interface Sight {
  numbers: string[];
  archived: string[];
  projects: string[];
  count: Record<'basic' | 'review' | 'backcharge' | 'drafts' | 'private' | 'archived' | 'edit' | 'respond', number>;
}

const SEE = `query See($after: String, $archived: Boolean) {
  viewer { projects { nodes { name } } }
  items(first: 100, after: $after, filter: { archived: $archived }) {
    pageInfo { hasNextPage }
    nodes {
      number private viewerCanEdit viewerCanRespond
      project { name } status { category } genericTool { abbreviation }
    }
  }
}`;

interface SeenItem {
  number: string;
  private: boolean;
  viewerCanEdit: boolean;
  viewerCanRespond: boolean;
  project: { name: string };
  status: { category: string };
  genericTool: { abbreviation: string };
}

/** Asks for everything that somebody sees; null when they cannot sign in. */
export async function sightOf(world: TestWorld, person: Person): Promise<Sight | null> {
  if ((await world.ask(person, '{ viewer { user { id } } }')).errors) return null;
  const live = await world.get(person, SEE, { archived: false });
  const put = await world.get(person, SEE, { archived: true });
  if (live.items.pageInfo.hasNextPage) throw new Error('There are more items than one page holds.');
  const items: SeenItem[] = live.items.nodes;
  const many = (test: (item: SeenItem) => boolean) => items.filter(test).length;
  const nameOf = ({ project, number }: SeenItem) => `${project.name} ${number}`;
  return {
    numbers: items.map(nameOf),
    archived: put.items.nodes.map(nameOf),
    projects: live.viewer.projects.nodes.map(({ name }: { name: string }) => name),
    count: {
      basic: many((item) => item.genericTool.abbreviation === '01'),
      review: many((item) => item.genericTool.abbreviation === 'DR'),
      backcharge: many((item) => item.genericTool.abbreviation === 'NOB'),
      drafts: many((item) => item.status.category === 'DRAFT'),
      private: many((item) => item.private),
      archived: put.items.nodes.length,
      edit: many((item) => item.viewerCanEdit),
      respond: many((item) => item.viewerCanRespond),
    },
  };
}
