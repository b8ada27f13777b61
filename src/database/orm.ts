import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type InferKyselyDB, MikroKyselyPlugin } from '@mikro-orm/sql';
import type { Kysely, KyselyPlugin } from 'kysely';
import type { Pool } from 'pg';
import { CaseSchema } from '../contact/case.entity.ts';
import { AccountSchema, ContactEmailSchema, ContactSchema } from '../contact/contact.entity.ts';
import { TeamSchema, TeamUserSchema } from '../contact/team.entity.ts';
import { EmailDeliverySchema } from '../delivery/delivery.entity.ts';
import { ApiKeySchema } from '../directory/apiKey.entity.ts';
import {
  CompanySchema,
  IdempotencyKeySchema,
  ProjectSchema,
  UserSchema,
  VendorSchema,
} from '../directory/directory.entity.ts';
import { EmailMemberSchema } from '../directory/emailMember.entity.ts';
import {
  EmailCommunicationSchema,
  EmailCommunicationUserSchema,
  EmailParticipantSchema,
  EmailSchema,
} from '../email/email.entity.ts';
import { EventSchema } from '../event/event.entity.ts';
import { AttachmentSchema } from '../file/attachment.entity.ts';
import { FileSchema } from '../file/file.entity.ts';
import {
  ItemAudienceSchema,
  ItemChangeSchema,
  ItemCounterSchema,
  ItemCountSchema,
  ItemPersonSchema,
  ItemSchema,
} from '../item/item.entity.ts';
import { ItemNotificationSchema, OverdueDaySchema } from '../notification/notification.entity.ts';
import {
  GenericToolGrantSchema,
  PermissionTemplateEntrySchema,
  PermissionTemplateSchema,
  ProjectMemberSchema,
} from '../permission/permission.entity.ts';
import { ReferenceDataSchema } from '../reference/reference.entity.ts';
import { RelatedItemSchema } from '../related/related.entity.ts';
import { ResponseSchema } from '../response/response.entity.ts';
import { CustomFieldOptionSchema, CustomFieldSchema } from '../tool/customField.entity.ts';
import {
  FieldsetFieldSchema,
  FieldsetProjectSchema,
  FieldsetSchema,
  FieldsetSectionSchema,
  GenericToolSchema,
  GenericToolStatusSchema,
} from '../tool/tool.entity.ts';
import { ExternalTopicSchema } from '../topic/topic.entity.ts';
import { SavedViewSchema } from '../view/view.entity.ts';
import { WebhookDeliverySchema, WebhookSchema } from '../webhook/webhook.entity.ts';
import { migrations } from './migrations/list.ts';
import { preparingClient } from './prepared.ts';

const entities = [
  CompanySchema,
  VendorSchema,
  UserSchema,
  ProjectSchema,
  IdempotencyKeySchema,
  ApiKeySchema,
  TeamSchema,
  TeamUserSchema,
  AccountSchema,
  ContactSchema,
  ContactEmailSchema,
  CaseSchema,
  EmailMemberSchema,
  GenericToolSchema,
  GenericToolStatusSchema,
  CustomFieldSchema,
  CustomFieldOptionSchema,
  FieldsetSchema,
  FieldsetSectionSchema,
  FieldsetFieldSchema,
  FieldsetProjectSchema,
  PermissionTemplateSchema,
  PermissionTemplateEntrySchema,
  ProjectMemberSchema,
  GenericToolGrantSchema,
  ReferenceDataSchema,
  ExternalTopicSchema,
  FileSchema,
  AttachmentSchema,
  ItemSchema,
  ItemPersonSchema,
  ItemAudienceSchema,
  ItemCounterSchema,
  ItemCountSchema,
  ItemChangeSchema,
  RelatedItemSchema,
  ResponseSchema,
  EventSchema,
  EmailCommunicationSchema,
  EmailCommunicationUserSchema,
  EmailSchema,
  EmailParticipantSchema,
  EmailDeliverySchema,
  SavedViewSchema,
  ItemNotificationSchema,
  OverdueDaySchema,
  WebhookSchema,
  WebhookDeliverySchema,
];

const KYSELY_OPTIONS = { columnNamingStrategy: 'property', convertValues: true } as const;

/** The tables as Kysely sees them: properties of the entities, times as Date, dates and decimals as strings. */
export type Tables = InferKyselyDB<(typeof entities)[number], typeof KYSELY_OPTIONS>;
export type Db = Kysely<Tables>;

/** Kysely on an entity manager, inside its transaction, if it is in one; or on another connection with the same names. */
export const dbOf = (em: EntityManager, on: Kysely<Tables> = em.getKysely<Tables>()): Db =>
  on.withPlugin(entityNames(em));

const READING = new WeakMap<MikroORM, Db>();

/** Kysely for what is read outside of transactions: one for all requests, because an entity manager for each costs 3 % of a page. */
export function readingOf(orm: MikroORM): Db {
  const known = READING.get(orm) ?? dbOf(orm.em.fork());
  READING.set(orm, known);
  return known;
}

/** Queries of the builder get names and values of the entities. Statements written as SQL have them: they are left as they are. */
function entityNames(em: EntityManager): KyselyPlugin {
  const plugin = new MikroKyselyPlugin(em, KYSELY_OPTIONS);
  return {
    transformQuery: (args) => (args.node.kind === 'RawNode' ? args.node : plugin.transformQuery(args)),
    transformResult: (args) => plugin.transformResult(args),
  };
}

/** Dates and times are read as text: they must come in one style, whatever the server's is. */
function withHabits(url: string): string {
  const address = new URL(url);
  const own = address.searchParams.get('options') ?? '';
  address.searchParams.set('options', `${own} -c datestyle=ISO -c timezone=UTC`.trim());
  return address.href;
}

// no operation of the gateway takes as long; a runaway statement must not hold a connection, or its locks, for ever
const TIME_LIMIT_MS = 60_000;

/**
 * Opens the database at a postgres:// URL with at most `poolSize` connections; nothing is migrated.
 * `timeLimitMs` is for one statement (0: none). `prepares: false` keeps no prepared statements, for poolers that lose them.
 * `onPool` gets the driver's pool: tests count statements there.
 */
export function openOrm(
  url: string,
  options: { poolSize: number; timeLimitMs?: number; prepares?: boolean; onPool?: (pool: Pool) => void },
): Promise<MikroORM> {
  return MikroORM.init({
    entities,
    clientUrl: url,
    pool: { min: 0, max: options.poolSize },
    driverOptions: {
      // MikroORM takes name, host and password of the address; the driver takes the rest of it too: sslmode, options
      connectionString: withHabits(url),
      statement_timeout: options.timeLimitMs ?? TIME_LIMIT_MS,
      idle_in_transaction_session_timeout: options.timeLimitMs ?? TIME_LIMIT_MS,
      application_name: 'correspondence-gateway',
      onPoolCreated: options.onPool,
      ...(options.prepares !== false && { Client: preparingClient() }),
    },
    // what goes wrong reaches us as errors; the gateway has its own log
    logger: () => {},
    extensions: [Migrator],
    migrations: {
      migrationsList: migrations,
      tableName: 'migrations',
      snapshot: false,
      transactional: true,
      allOrNothing: true,
    },
  });
}
