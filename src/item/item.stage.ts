import { type RawBuilder, sql } from 'kysely';
import { prepared, unseen } from '../database/prepared.ts';
import type { Act } from '../database/transaction.ts';
import { placeOf } from '../directory/standing.queries.ts';
import type { Viewer } from '../directory/viewer.ts';
import { type Upload, uploadsNamed } from '../file/attach.policy.ts';
import { usableUploads } from '../file/attach.write.ts';
import { type Grant, NO_ACCESS } from '../permission/permission.policy.ts';
import { referenceLabel } from '../reference/reference.policy.ts';
import { type CustomFieldRow, customFieldsWhere } from '../tool/customField.queries.ts';
import { richTextReader } from '../tool/customValue.policy.ts';
import { rulesByPlace, type Said, whatIsSaid } from '../tool/fieldset.queries.ts';
import { type TopicNamed, topicKey } from '../topic/topic.input.ts';
import { attachmentsNamed } from './item.attachments.ts';
import { customFieldsNamed, referredByPatch, referredByValues } from './item.customValues.ts';
import { originNamed, type TopicFound } from './item.origin.ts';
import {
  type Candidate,
  descriptionReader,
  type ItemContent,
  type ItemPatch,
  peopleNamed,
  type Status,
  type Surroundings,
} from './item.patch.ts';
import type { ItemFacts, ItemState, ToolFacts } from './item.policy.ts';
import { involvedIds } from './item.queries.ts';
import { isAboutReferences, type Reference, referencesNamed, referencesOf } from './item.references.ts';
import { linesOf, topicsSeen } from './topic.queries.ts';

export interface ToolOfItems extends ToolFacts {
  id: string;
  abbreviation: string | null;
  privateByDefault: boolean;
}

type PersonOfItems = Candidate & { vendorId: string | null };

/** Everything that changes of some items are judged against: read once, whatever their number. */
export interface Stage {
  frozen: boolean;
  rights: readonly Held[];
  tools: Map<string, ToolOfItems>;
  people: Map<string, PersonOfItems>;
  /** where the items come from that patches name as origins, and so on, as far as the viewer sees it */
  lines: Map<string, string | null>;
  /** by place (placeOf); a tool that is not available in a project is missing */
  around: Map<string, Surroundings>;
}

export interface Place {
  projectId: string;
  genericToolId: string;
}

/** What the viewer holds on a tool in a project. */
export type Held = Grant & Place;

/** What has to be known: people, reference data and vendors that items refer to now; and who and what patches name. */
export interface Wanted {
  involved: readonly string[];
  named: string[];
  references: readonly string[];
  vendors: readonly string[];
  /** custom fields that patches name */
  customFields: readonly string[];
  /** whether those of the fieldsets are wanted with all that is to be known of them: for defaults, and to clear them */
  allCustomFields: boolean;
  /** what patches name as origins; with where these come from, when the items are not new */
  origins: readonly TopicNamed[];
  withLines: boolean;
  uploads: readonly string[];
  attachments: readonly string[];
}

/** What has to be known to judge these patches of these items (none yet, when they are new). */
export function wantedFor(items: readonly ItemContent[], patches: readonly ItemPatch[], withInvolved: boolean): Wanted {
  const isCustom = patches.some(({ customFields }) => customFields !== undefined);
  // what is a person, a location or a vendor among them is found out by looking
  const there = isCustom ? items.flatMap(({ customValues }) => referredByValues(customValues)) : [];
  const inPatches = (type: 'User' | 'Vendor' | 'Location') => patches.flatMap((patch) => referredByPatch(patch, type));
  return {
    involved: [...(withInvolved ? items.flatMap(involvedIds) : []), ...there],
    named: [...patches.flatMap(peopleNamed), ...inPatches('User')],
    references: [
      ...patches.flatMap(referencesNamed),
      ...(patches.some(isAboutReferences) ? items.flatMap(referencesOf) : []),
      ...inPatches('Location'),
      ...there,
    ],
    vendors: [...inPatches('Vendor'), ...there],
    customFields: patches.flatMap(customFieldsNamed),
    allCustomFields: items.length === 0 || patches.some(({ customFields }) => customFields === null),
    origins: patches.map(originNamed).filter((origin) => origin !== null),
    withLines: items.length > 0,
    uploads: patches.flatMap(uploadsNamed),
    attachments: patches.flatMap(attachmentsNamed),
  };
}

/** What a stage is made of, as the database answers it. */
export interface StageRow {
  frozen: boolean;
  tools: ToolOfItems[];
  statuses: (Status & { toolId: string })[];
  said: Said[];
  people: PersonOfItems[];
  /** "project tool user" */
  selectable: { key: string }[];
  references: Reference[];
  vendors: { id: string; name: string }[];
  customFields: CustomFieldRow[];
  origins: (TopicFound & { n: number })[];
  lines: { id: string; originItemId: string | null }[];
  uploads: Upload[];
  attachments: { id: string; name: string }[];
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];

/** The rows of a query as one value. */
export const rowsOf = (query: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select coalesce(json_agg(found), '[]') from (${query}) found)`;

const NONE = sql`'[]'::json`;

/** The columns of a StageRow. */
export function stageColumns(viewer: Viewer, places: readonly Place[], wanted: Wanted): RawBuilder<unknown> {
  const { involved, named, references, vendors, customFields, allCustomFields, origins, withLines } = wanted;
  const pairs = [...new Map(places.map((place) => [placeOf(place.projectId, place.genericToolId), place])).values()];
  const projectIds = pairs.map(({ projectId }) => projectId);
  const toolIds = pairs.map(({ genericToolId }) => genericToolId);
  const namedIds = unique(named);
  const tools = sql`
    select id, title, abbreviation, private_by_default as "privateByDefault", admins_see_private_items as "adminsSeePrivateItems"
    from generic_tools where id = any(${unseen(unique(toolIds))})`;
  const statuses = sql`
    select id, name, category, is_built_in as "isBuiltIn", generic_tool_id as "toolId" from generic_tool_statuses
    where generic_tool_id = any(${unseen(unique(toolIds))}) order by sort_key`;
  const people = sql`
    select id, name, active, vendor_id as "vendorId" from users
    where id = any(${unseen(unique([...involved, ...named]))}) and company_id = ${viewer.companyId}`;
  const placed = sql`
    select said.custom_field_id from fieldset_projects here join fieldset_fields said on said.fieldset_id = here.fieldset_id
    where ${allCustomFields} and here.project_id = any(${unseen(unique(projectIds))})
      and here.generic_tool_id = any(${unseen(unique(toolIds))}) and said.custom_field_id is not null`;
  const fields = customFieldsWhere(sql`
    f.id = any(array(select unnest(${unseen(unique(customFields))}) union ${placed})) and f.company_id = ${viewer.companyId}`);
  const defaultPeople = sql`
    select chosen.id::uuid from custom_fields f cross join lateral jsonb_array_elements_text(
      case jsonb_typeof(f.default_value) when 'array' then f.default_value else jsonb_build_array(f.default_value) end) chosen(id)
    where f.id in (${placed}) and f.data_type in ('USER', 'USERS') and f.default_value is not null`;
  const firms = sql`
    select id, name from vendors where id = any(${unseen(unique(vendors))}) and company_id = ${viewer.companyId}`;
  const selectable = sql`
    select concat_ws(' ', r.project_id, r.generic_tool_id, r.user_id) as key
    from tool_rights r join users u on u.id = r.user_id and u.active
    where r.user_id = any(array(select unnest(${unseen(namedIds)}) union all ${defaultPeople}))
      and r.project_id = any(${unseen(unique(projectIds))}) and r.generic_tool_id = any(${unseen(unique(toolIds))})`;
  const referenced = sql`
    select id, project_id as "projectId", kind, name, code, path, active from reference_data
    where id = any(${unseen(unique(references))}) and company_id = ${viewer.companyId}`;
  const attached = sql`
    select id, name from attachments where id = any(${unseen(unique(wanted.attachments))}) and company_id = ${viewer.companyId}`;
  return sql`
    (select issued_items_are_frozen from companies where id = ${viewer.companyId}) as frozen,
    ${rowsOf(tools)} as tools, ${rowsOf(statuses)} as statuses, ${rowsOf(whatIsSaid(projectIds, toolIds))} as said,
    ${rowsOf(people)} as people, ${rowsOf(selectable)} as selectable,
    ${rowsOf(referenced)} as references, ${rowsOf(firms)} as vendors, ${rowsOf(fields)} as "customFields",
    ${origins.length > 0 ? rowsOf(topicsSeen(viewer, origins)) : NONE} as origins,
    ${origins.length > 0 && withLines ? rowsOf(linesOf(viewer, origins)) : NONE} as lines,
    ${wanted.uploads.length > 0 ? rowsOf(usableUploads(viewer, wanted.uploads)) : NONE} as uploads,
    ${wanted.attachments.length > 0 ? rowsOf(attached) : NONE} as attachments`;
}

/** The stage that was read. */
export function stageOf({ now }: Act, rights: readonly Held[], row: StageRow, { origins }: Wanted): Stage {
  const tools = new Map(row.tools.map((tool) => [tool.id, tool]));
  const statuses = Map.groupBy(row.statuses, ({ toolId }) => toolId);
  const people = new Map(row.people.map((person) => [person.id, person]));
  const selectable = new Set(row.selectable.map(({ key }) => key));
  const references = new Map(row.references.map((reference) => [reference.id, reference]));
  const vendors = new Map(row.vendors.map((vendor) => [vendor.id, vendor]));
  const customFields = new Map(row.customFields.map((field) => [field.id, field]));
  const placed = new Map(row.said.map(({ pair, custom }) => [pair, custom]));
  const topics = new Map(row.origins.map((found) => [topicKey(origins[found.n - 1]!), found]));
  const uploads = new Map(row.uploads.map((upload) => [upload.id, upload]));
  const attachments = new Map(row.attachments.map(({ id, name }) => [id, name]));
  const description = descriptionReader();
  const richText = richTextReader();
  const around = new Map<string, Surroundings>();
  for (const [place, rules] of rulesByPlace(row.said)) {
    const [projectId, toolId] = place.split(' ') as [string, string];
    const ofTool = statuses.get(toolId) ?? [];
    around.set(place, {
      tool: tools.get(toolId)!,
      statuses: ofTool,
      rules,
      person: (id) => people.get(id),
      selectable: (id) => selectable.has(`${place} ${id}`),
      reference: (id) => {
        const found = references.get(id);
        return found?.projectId === projectId ? found : undefined;
      },
      customFields: placed.get(place)!,
      customField: (id) => customFields.get(id),
      vendor: (id) => vendors.get(id),
      topic: (key) => topics.get(key),
      upload: (id) => uploads.get(id),
      description,
      richText,
      now,
      names: {
        status: (id) => ofTool.find((status) => status.id === id)!.name,
        person: (id) => people.get(id)!.name,
        reference: (id) => referenceLabel(references.get(id)!),
        vendor: (id) => vendors.get(id)!.name,
        customField: (id) => customFields.get(id)!,
        attachment: (id) => attachments.get(id)!,
      },
    });
  }
  const lines = new Map(row.lines.map(({ id, originItemId }) => [id, originItemId]));
  return { frozen: row.frozen, rights, tools, people, lines, around };
}

/** Sets the stage for items in these places: one statement. */
export async function stageFor(
  act: Act,
  viewer: Viewer,
  rights: readonly Held[],
  places: readonly Place[],
  wanted: Wanted,
): Promise<Stage> {
  const { rows } = await prepared(sql<StageRow>`select ${stageColumns(viewer, places, wanted)}`).execute(act.db);
  return stageOf(act, rights, rows[0]!, wanted);
}

/** What the viewer holds on the tool of an item; level NONE if nothing. */
export const grantIn = (rights: readonly Held[], { projectId, genericToolId }: Place): Grant =>
  rights.find((right) => right.projectId === projectId && right.genericToolId === genericToolId) ?? NO_ACCESS;

/** The rules of the place that an item is in; null when its tool is not available there. */
export const surroundings = (stage: Stage, { projectId, genericToolId }: Place): Surroundings | null =>
  stage.around.get(placeOf(projectId, genericToolId)) ?? null;

/** What most rules want to know of an item. */
export const stateOf = (item: ItemContent): ItemState => ({
  number: item.number,
  category: item.category,
  private: item.private,
  archived: item.archivedAt !== null,
  createdById: item.createdById,
});

/** The same with everybody involved, who must be on the stage. */
export const factsIn = (stage: Stage, item: ItemContent): ItemFacts => ({
  ...stateOf(item),
  involved: involvedIds(item).map((id) => stage.people.get(id)!),
});
