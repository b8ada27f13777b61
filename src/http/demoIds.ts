import { sql } from 'kysely';
import type { Db } from '../database/orm.ts';
import type { TokenUser } from './token.ts';

/** The rows of the demo company that the tutorial is about, by uuid, and its people. */
export interface DemoIds {
  company: string;
  project: string;
  designReview: string;
  /** DR-interior-002, or another item of Design Review where that is archived */
  item: string;
  /** an item of Basic Correspondence, an open one if there is any */
  otherItem: string;
  joeOwner: TokenUser;
  architect: TokenUser;
  joeProjectManager: TokenUser;
}

/** Finds the tutorial's rows by the ids that they have in Procore; null where the demo was not seeded, or is no more. */
export async function demoIds(db: Db): Promise<DemoIds | null> {
  const place = await db
    .selectFrom('generic_tools as basic')
    .innerJoin('generic_tools as review', 'review.companyId', 'basic.companyId')
    .innerJoin('projects as p', 'p.companyId', 'basic.companyId')
    .where('basic.externalId', '=', '126094')
    .where('review.externalId', '=', '126160')
    .where('p.externalId', '=', '219542')
    .select(['basic.companyId as company', 'p.id as project', 'basic.id as basic', 'review.id as designReview'])
    .executeTakeFirst();
  if (!place) return null;
  const people = await db
    .selectFrom('users')
    .where('companyId', '=', place.company)
    .where('externalId', 'in', ['1477682', '3277981', '1477666'])
    .select(['id', 'email', 'externalId'])
    .execute();
  const person = (externalId: string) => people.find((row) => row.externalId === externalId);
  const found: Partial<DemoIds> = {
    company: place.company,
    project: place.project,
    designReview: place.designReview,
    item: await itemOf(db, place.project, place.designReview),
    otherItem: await itemOf(db, place.project, place.basic),
    joeOwner: person('1477682'),
    architect: person('3277981'),
    joeProjectManager: person('1477666'),
  };
  return Object.values(found).every((value) => value !== undefined) ? (found as DemoIds) : null;
}

async function itemOf(db: Db, projectId: string, genericToolId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('items as i')
    .innerJoin('generic_tool_statuses as s', 's.id', 'i.statusId')
    .where('i.projectId', '=', projectId)
    .where('i.genericToolId', '=', genericToolId)
    .where('i.archivedAt', 'is', null)
    .orderBy(sql`i.position = 'interior-002'`, 'desc')
    .orderBy(sql`s.category = 'OPEN'`, 'desc')
    .orderBy('i.id')
    .select('i.id')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
