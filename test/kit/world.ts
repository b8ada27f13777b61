import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { inject } from 'vitest';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { type Db, dbOf } from '../../src/database/orm.ts';
import { CompanySchema, ProjectSchema, UserSchema, VendorSchema } from '../../src/directory/directory.entity.ts';
import { openStorage } from '../../src/file/storage.ts';
import { mintToken } from '../../src/http/token.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { sortKey } from '../../src/kernel/text.ts';
import { GenericToolGrantSchema, ProjectMemberSchema } from '../../src/permission/permission.entity.ts';
import type { AccessLevel, GranularPermission } from '../../src/permission/permission.policy.ts';
import {
  FieldsetFieldSchema,
  FieldsetProjectSchema,
  FieldsetSchema,
  GenericToolSchema,
  GenericToolStatusSchema,
} from '../../src/tool/tool.entity.ts';
import { ITEM_FIELDS, STATUS_CATEGORIES, type StatusCategory } from '../../src/tool/tool.policy.ts';
import { openLookup } from '../../src/webhook/lookup.ts';
import { openSigners, type World } from '../../src/world.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import { mailsIn } from './mails.ts';
import { workOff } from './work.ts';

/** Something of a test world: its uuid, and the global id that the graph knows it by. */
export interface Thing {
  id: string;
  gid: string;
}
export interface Person extends Thing {
  name: string;
  email: string;
  companyId: string;
}
export interface Project extends Thing {
  companyId: string;
}
export interface Tool extends Thing {
  title: string;
  companyId: string;
  /** its statuses by name; every tool has Draft, Open, Closed, and here also Won, Lost and On Hold (Open) */
  statuses: Record<string, Thing>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes
export type Answer = { data?: any; errors?: any[]; extensions?: any };

const SECRET = 'a secret that only tests know, 32 bytes or more';
export const LINK_SECRET = 'a secret that links of tests are signed with';
const ORIGIN = 'http://gateway.test';

/** A clock that a test moves. */
export interface TestClock extends Clock {
  set(time: string): void;
  advance(ms: number): void;
}

function testClock(start: string): TestClock {
  let time = Date.parse(start);
  return {
    // every look is a millisecond later, so that what is made later is later
    now: () => new Date(time++),
    set: (to) => {
      time = Date.parse(to);
    },
    advance: (ms) => {
      time += ms;
    },
  };
}

const thing = (type: string, id: string): Thing => ({ id, gid: toGlobalId(type, id) });

/** A gateway on a database of its own, with one company "Northside Builders", and words to fill it with. `env` are its settings. */
export async function createWorld(env: Record<string, string> = {}, on?: TestDatabase) {
  const database = on ?? (await freshDatabase(inject('serverUrl'), inject('schemaShape')));
  const { orm, statements } = database;
  const clock = testClock('2026-03-02T09:00:00Z');
  const fixed = { NODE_ENV: 'test', JWT_SECRET: SECRET, RATE_LIMIT: '0', LOG_LEVEL: 'silent' };
  const config = loadConfig({ ...fixed, PUBLIC_URL: ORIGIN, LINK_SECRETS: `test:${LINK_SECRET}`, ...env });
  const log = pino({ level: 'silent' });
  const mailFolder = env.DATA_DIR ?? join(tmpdir(), `gateway-mail-${randomUUID()}`);
  const world: World = {
    config,
    clock,
    log,
    orm,
    directUrl: database.url,
    ...(await openSigners({ ...config, dataDir: mailFolder }, { clock, log })),
    storage: await openStorage(config),
    lookup: openLookup(),
    silent: false,
  };
  const app = createApp(world);
  const db: Db = dbOf(orm.em.fork());
  const write = (work: (em: ReturnType<typeof orm.em.fork>) => unknown): Promise<void> =>
    orm.em.fork().transactional(async (em) => void (await work(em)));

  async function company(name: string, { frozen = false } = {}): Promise<Thing> {
    const id = newId(clock.now());
    await write((em) => em.create(CompanySchema, { id, name, issuedItemsAreFrozen: frozen }));
    return thing('Company', id);
  }

  const home = await company('Northside Builders');
  const vendors = new Map<string, string>();

  /** A vendor of the home company, made when it is first named. */
  async function vendor(name: string, companyId = home.id): Promise<Thing> {
    const key = `${companyId} ${name}`;
    if (!vendors.has(key)) {
      const id = newId(clock.now());
      vendors.set(key, id);
      await write((em) => em.create(VendorSchema, { id, companyId, name, nameKey: sortKey(name) }));
    }
    return thing('Vendor', vendors.get(key)!);
  }

  /** A user: active, no company admin, of no vendor unless told otherwise. */
  async function person(
    name: string,
    options: { vendor?: string; admin?: boolean; active?: boolean; service?: boolean; companyId?: string } = {},
  ): Promise<Person> {
    const id = newId(clock.now());
    const companyId = options.companyId ?? home.id;
    const vendorId = options.vendor ? (await vendor(options.vendor, companyId)).id : null;
    const email = `${sortKey(name).replace(/\W+/g, '.')}@example.com`;
    await write((em) =>
      em.create(UserSchema, {
        id,
        companyId,
        vendorId,
        name,
        nameKey: sortKey(name),
        email,
        active: options.active ?? true,
        isService: options.service ?? false,
        isCompanyAdmin: options.admin ?? false,
        wantsEmail: true,
      }),
    );
    return { ...thing('User', id), name, email, companyId };
  }

  async function project(
    name: string,
    { companyId = home.id, timeZone = 'America/Los_Angeles' } = {},
  ): Promise<Project> {
    const id = newId(clock.now());
    await write((em) => em.create(ProjectSchema, { id, companyId, name, nameKey: sortKey(name), timeZone }));
    return { ...thing('Project', id), companyId };
  }

  /** A tool with statuses, whose Default fieldset is applied to these projects. */
  async function tool(
    title: string,
    projects: Project[],
    options: {
      abbreviation?: string | null;
      adminsSeePrivateItems?: boolean;
      privateByDefault?: boolean;
      companyId?: string;
    } = {},
  ): Promise<Tool> {
    const id = newId(clock.now());
    const companyId = options.companyId ?? home.id;
    const kinds: [string, StatusCategory][] = [
      ['Draft', 'DRAFT'],
      ['Open', 'OPEN'],
      ['Closed', 'CLOSED'],
      ['On Hold', 'OPEN'],
      ['Won', 'CLOSED_SUCCESSFUL'],
      ['Lost', 'CLOSED_UNSUCCESSFUL'],
    ];
    const statuses: Record<string, Thing> = {};
    for (const [name] of kinds) statuses[name] = thing('GenericToolStatus', newId(clock.now()));
    const fieldsetId = newId(clock.now());
    await write(async (em) => {
      em.create(GenericToolSchema, {
        id,
        companyId,
        title,
        titleKey: sortKey(title),
        abbreviation: options.abbreviation === undefined ? title.slice(0, 2).toUpperCase() : options.abbreviation,
        privateByDefault: options.privateByDefault ?? false,
        enabledOnNewProjects: false,
        sendsOverdueNotifications: false,
        adminsSeePrivateItems: options.adminsSeePrivateItems ?? true,
      });
      await em.flush();
      for (const [name, category] of kinds) {
        em.create(GenericToolStatusSchema, {
          id: statuses[name]!.id,
          companyId,
          genericToolId: id,
          name,
          sortKey: `${STATUS_CATEGORIES.indexOf(category)}${sortKey(name)}`,
          category,
          isBuiltIn: ['Draft', 'Open', 'Closed'].includes(name),
        });
      }
      em.create(FieldsetSchema, { id: fieldsetId, companyId, genericToolId: id, name: 'Default', isDefault: true });
      await em.flush();
      ITEM_FIELDS.forEach((field, position) => {
        const required = field === 'TITLE' || field === 'STATUS';
        em.create(FieldsetFieldSchema, {
          id: newId(clock.now()),
          companyId,
          fieldsetId,
          field,
          visible: true,
          required,
          position,
        });
      });
      for (const { id: projectId } of projects) {
        em.create(FieldsetProjectSchema, { projectId, genericToolId: id, companyId, fieldsetId });
      }
    });
    return { ...thing('GenericTool', id), title, companyId, statuses };
  }

  /** Makes somebody a member of a project. */
  async function member({ id: userId, companyId }: Person, { id: projectId }: Project): Promise<void> {
    await write(async (em) => {
      if (await em.findOne(ProjectMemberSchema, { userId, projectId })) return;
      em.create(ProjectMemberSchema, { id: newId(clock.now()), companyId, projectId, userId });
    });
  }

  /** Gives somebody a level (and more) on a tool in a project, directly; makes them a member first. */
  async function grant(
    who: Person,
    where: Project,
    what: Tool,
    accessLevel: AccessLevel,
    granularPermissions: GranularPermission[] = [],
  ): Promise<void> {
    await member(who, where);
    await write(async (em) => {
      const scope = { userId: who.id, projectId: where.id, genericToolId: what.id };
      await em.nativeDelete(GenericToolGrantSchema, scope);
      em.create(GenericToolGrantSchema, {
        id: newId(clock.now()),
        companyId: who.companyId,
        ...scope,
        accessLevel,
        granularPermissions,
      });
    });
  }

  /** A sign-in token of somebody, good for 12 hours of the world's clock. */
  const token = (who: Person): Promise<string> =>
    mintToken(world.config.signIn, SECRET, { id: who.id, email: who.email, externalId: null }, clock.now());

  /** Sends a request to the gateway as somebody, the way a client does. */
  const post = async (who: Person, body: unknown): Promise<Response> =>
    app.fetch(
      new Request(`${ORIGIN}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token(who)}`,
          'content-type': 'application/json',
          accept: 'application/json',
          'x-company-id': who.companyId,
        },
        body: JSON.stringify(body),
      }),
    );

  /** Asks the graph as somebody. */
  const ask = async (who: Person, query: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
    (await (await post(who, { query, variables })).json()) as Answer;

  /** As `ask`, for what must go well: the data, or an error with what went wrong. */
  async function get(who: Person, source: string, variables: Record<string, unknown> = {}) {
    const { data, errors } = await ask(who, source, variables);
    if (errors)
      throw new Error(`${who.name} asked ${source}\n${errors.map((error) => JSON.stringify(error)).join('\n')}`);
    return data;
  }

  /** Opens a link as a browser does. */
  const openLink = (link: string, init: RequestInit = {}): Promise<Response> => app.fetch(new Request(link, init));

  return {
    ...world,
    clock,
    url: database.url,
    home,
    db,
    sql,
    statements,
    app,
    world,
    token,
    post,
    ask,
    get,
    openLink,
    company,
    vendor,
    person,
    project,
    tool,
    member,
    grant,
    /** How many statements an ask takes, BEGIN and COMMIT not counted. */
    async statementsOf(who: Person, source: string, variables: Record<string, unknown> = {}): Promise<number> {
      const before = statements.count;
      await get(who, source, variables);
      return statements.count - before;
    },
    /** Does the jobs that are due, and those that they make, until none is left. Gives the errors of those that failed. */
    work: () => workOff(world),
    /** The mails of a company that are in the mailbox, the oldest first. */
    mails: (companyId = home.id) => mailsIn(world, companyId),
    /** Lets time pass, for clock and jobs alike: what was to wait for less is due. */
    async later(ms: number): Promise<void> {
      clock.advance(ms);
      await sql`update graphile_worker._private_jobs set run_at = run_at - ${ms} * interval '1 millisecond'`.execute(
        db,
      );
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      world.mailer.close();
      if (!env.DATA_DIR) await rm(mailFolder, { recursive: true, force: true });
      await database.drop();
    },
  };
}

export type TestWorld = Awaited<ReturnType<typeof createWorld>>;
