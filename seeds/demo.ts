import { sql } from 'kysely';
import { dbOf } from '../src/database/orm.ts';
import { contextOf } from '../src/graph/context.ts';
import { updateGenericToolDefaults } from '../src/permission/defaults.commands.ts';
import { syncDirectory } from '../src/sync/sync.commands.ts';
import type { World } from '../src/world.ts';
import { makeItems } from './items.ts';
import { makeLinks } from './links.ts';
import { PEOPLE } from './people.ts';
import { DEMO_COMPANY, makePlace, type Place } from './place.ts';
import { type Seeding, seedWith } from './seeding.ts';
import { makeViews } from './views.ts';

/**
 * Makes the demo: the world of Procore's correspondence tutorial, with people for every row of the tables of permissions and
 * some sixty items. All of it or nothing; told to nobody. False, and nothing is changed, when the demo is there already.
 */
export const seedDemo = (world: World): Promise<boolean> =>
  seedWith(world, async (seeding) => {
    if (await hasDemo(seeding.world)) return false;
    await makeDemo(seeding);
    return true;
  });

/** Makes the demo where nobody has made any company yet; false otherwise. */
export const seedEmpty = (world: World): Promise<boolean> =>
  seedWith(world, async (seeding) => {
    const { rows } = await sql`select from companies limit 1`.execute(dbOf(seeding.world.orm.em.fork()));
    if (rows.length > 0) return false;
    await makeDemo(seeding);
    return true;
  });

async function makeDemo(seeding: Seeding): Promise<void> {
  const place = await makePlace(seeding);
  await makeLinks(seeding, place, await makeItems(seeding, place));
  await makeViews(seeding, place);
  await sayGoodbye(seeding, place);
  await agreeOnDefaults(seeding, place);
}

/** From now on design reviews of the library are due in two weeks, and whoever asked hears when one is closed. */
async function agreeOnDefaults({ world, calendar }: Seeding, { projects, tools, viewers }: Place): Promise<void> {
  calendar.go(-1);
  await updateGenericToolDefaults(contextOf(world, viewers.architect), {
    projectId: projects.library,
    genericToolId: tools.review,
    dueInWorkingDays: 10,
    notifications: [{ event: 'CLOSED', role: 'CREATOR', enabled: true }],
  });
}

/** Ina has left by now, after all that she wrote and was asked. */
async function sayGoodbye({ world, calendar }: Seeding, { company, viewers }: Place): Promise<void> {
  calendar.go(-2);
  await syncDirectory(contextOf(world, viewers.architect), {
    companyId: company,
    users: [{ ...PEOPLE.ina, active: false }],
  });
}

async function hasDemo({ orm }: World): Promise<boolean> {
  const { rows } = await sql`select from companies where external_id = ${DEMO_COMPANY} limit 1`.execute(
    dbOf(orm.em.fork()),
  );
  return rows.length > 0;
}
