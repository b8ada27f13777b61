import { join } from 'node:path';
import type { ItemContent } from '../item/item.patch.ts';
import { Faults } from '../kernel/input.ts';
import { type ReadRichText, richTextReader } from '../tool/customValue.policy.ts';
import { isClosed, isIssued, type StatusCategory } from '../tool/tool.policy.ts';
import { readChange, readResponse, type SourceChange, type SourceResponse } from './answer.policy.ts';
import { customValuesOf, ensureFields } from './customField.commands.ts';
import { ensureVendors, reasonOf } from './directory.commands.ts';
import { pages, type Source } from './folder.ts';
import type { HereProject, HereTool, Importing } from './importing.ts';
import { positionIn, type Reading, readItem, type SourceItem, tooLong } from './item.policy.ts';
import type { SourcePerson } from './people.policy.ts';
import { ensurePeople } from './person.commands.ts';
import { idOf, isRaw, type Raw } from './raw.policy.ts';
import { ensureReferences, keyOf } from './reference.commands.ts';
import { allReferences, type SourceReference } from './reference.policy.ts';
import { type Kind, type Place, remark, skip } from './report.ts';
import { ensureStatus } from './tool.commands.ts';

/** A response or a change, and where it was read. */
interface Answer<What> {
  source: What;
  place: Place;
}

/** What an item will be here, beside where and who it is; everything that it names is known. */
type Content = Omit<
  ItemContent,
  | 'id'
  | 'companyId'
  | 'projectId'
  | 'genericToolId'
  | 'number'
  | 'version'
  | 'originItemId'
  | 'originTopicId'
  | 'attachmentIds'
  | 'attaching'
>;

export interface Ready {
  source: SourceItem;
  place: Place;
  content: Content;
  responses: (Answer<SourceResponse> & { createdById: string; statusId: string })[];
  /** null: the folder has no history of it */
  changes: (Answer<SourceChange> & { createdById: string })[] | null;
}

interface Read {
  source: SourceItem;
  place: Place;
  responses: Answer<SourceResponse>[];
  changes: Answer<SourceChange>[] | null;
}

/**
 * Reads records of items of a tool in a project with their responses and histories, and sees to it that all that they name is here:
 * people, statuses, reference data. What cannot be taken whole is left out, and told.
 */
export async function readyItems(
  importing: Importing,
  project: HereProject,
  tool: HereTool,
  records: readonly Source[],
  answered: ReadonlySet<string>,
  archived: boolean,
): Promise<Ready[]> {
  const items = await readRecords(importing, project, tool, records, answered);
  await ensurePeople(
    importing,
    items.flatMap((item) => [
      ...peopleOf(item.source).map((person) => ({ person, place: item.place })),
      ...[...item.responses, ...(item.changes ?? [])].map(({ source, place }) => ({ person: source.createdBy, place })),
    ]),
  );
  await ensureReferences(
    importing,
    project,
    items.flatMap(({ source, place }) =>
      [...allReferences(source.references), ...source.customValues.flatMap(({ location }) => location ?? [])].map(
        (reference) => ({ reference, place }),
      ),
    ),
  );
  const values = items.flatMap(({ source, place }) => source.customValues.map((value) => ({ value, place })));
  await ensureVendors(
    importing,
    values.map(({ value }) => value.vendor),
  );
  await ensureFields(importing, project, tool, values);
  const richText = richTextReader();
  const ready: Ready[] = [];
  for (const item of items) {
    const status = await ensureStatus(importing, tool, item.source.status);
    const content =
      typeof status === 'string' ? status : contentOf(importing, project, tool, item, status, archived, richText);
    if (typeof content === 'string') skip(importing.report, 'items', item.place, content);
    else ready.push({ ...item, content, ...(await answersOf(importing, tool, item, content.statusId)) });
  }
  return ready;
}

const peopleOf = ({
  createdBy,
  receivedFrom,
  assignees,
  distributionMembers,
  customValues,
}: SourceItem): SourcePerson[] => [
  createdBy,
  ...(receivedFrom ? [receivedFrom] : []),
  ...assignees,
  ...distributionMembers,
  ...customValues.flatMap(({ people }) => people),
];

async function readRecords(
  importing: Importing,
  project: HereProject,
  tool: HereTool,
  records: readonly Source[],
  answered: ReadonlySet<string>,
): Promise<Read[]> {
  const { report } = importing;
  const known = new Set<string>();
  const items: Read[] = [];
  for (const { file, raw } of records) {
    const { source, faults, remarks } = readItem(raw);
    const { externalId } = source;
    const place = { file, id: externalId || null };
    const other = isRaw(raw.generic_tool) ? idOf(raw.generic_tool.id) : null;
    if (faults.errors.length > 0) skip(report, 'items', place, reasonOf(faults));
    else if (other !== null && other !== tool.externalId)
      skip(report, 'items', place, `it is an item of tool ${other}.`);
    else if (known.has(externalId)) skip(report, 'items', place, 'its id stands there twice: the first one is taken.');
    else {
      known.add(externalId);
      for (const reason of remarks) remark(report, 'items', place, reason);
      const folder = join('projects', project.externalId, 'generic_tools', tool.externalId, 'items', externalId);
      const has = answered.has(externalId);
      const responses = has ? await answers(importing, folder, 'responses', 'responses', readResponse) : null;
      const changes = has ? await answers(importing, folder, 'change_histories', 'changes', readChange) : null;
      items.push({ source, place, responses: responses ?? [], changes });
    }
  }
  return items;
}

/** The responses or the history of an item; null when there is no file of them. */
async function answers<What extends { externalId: string }>(
  { folder, report }: Importing,
  directory: string,
  name: string,
  kind: Kind,
  read: (raw: Raw) => Reading<What>,
): Promise<Answer<What>[] | null> {
  let found: Map<string, Answer<What>> | null = null;
  for await (const page of pages(folder, directory, name, report)) {
    found ??= new Map();
    for (const { file, raw } of page) {
      const { source, faults, remarks } = read(raw);
      const place = { file, id: source.externalId || null };
      if (faults.errors.length > 0) skip(report, kind, place, reasonOf(faults));
      else if (!found.has(source.externalId)) {
        found.set(source.externalId, { source, place });
        for (const reason of remarks) remark(report, kind, place, reason);
      }
    }
  }
  return found && [...found.values()];
}

/** Why somebody whom a record names is not here. */
const missing = ({ unmade }: Importing, { externalId, name }: SourcePerson): string =>
  `it names user ${externalId} (${name}), who could not be made: ${unmade.get(externalId)}`;

/** The responses and the history that can be taken. */
async function answersOf(
  importing: Importing,
  tool: HereTool,
  { responses, changes }: Read,
  statusId: string,
): Promise<Pick<Ready, 'responses' | 'changes'>> {
  const { users, report } = importing;
  const byKnown = <What extends { createdBy: SourcePerson }>(kind: Kind, list: readonly Answer<What>[]) =>
    list.flatMap((answer) => {
      const createdById = users.get(answer.source.createdBy.externalId);
      if (createdById) return [{ ...answer, createdById }];
      skip(report, kind, answer.place, missing(importing, answer.source.createdBy));
      return [];
    });
  const taken: Ready['responses'] = [];
  for (const response of byKnown('responses', responses)) {
    const { status } = response.source;
    const known =
      status === null ? { id: statusId } : await ensureStatus(importing, tool, { name: status, category: null });
    if (typeof known === 'string')
      remark(report, 'responses', response.place, `${known} It has the status of its item.`);
    taken.push({ ...response, statusId: typeof known === 'string' ? statusId : known.id });
  }
  return { responses: taken, changes: changes && byKnown('changes', changes) };
}

/** What an item will be here; or why it cannot be taken. */
function contentOf(
  importing: Importing,
  project: HereProject,
  tool: HereTool,
  { source, place }: Read,
  status: { id: string; category: StatusCategory },
  archived: boolean,
  richText: ReadRichText,
): Content | string {
  const { users, unmade, references, report } = importing;
  const stranger = peopleOf(source).find(({ externalId }) => !users.has(externalId));
  if (stranger) return missing(importing, stranger);
  const unknown = allReferences(source.references).find((one) => !references.has(keyOf(project, one)));
  if (unknown)
    return `it names ${unknown.kind} ${unknown.externalId}, which could not be made: ${unmade.get(keyOf(project, unknown))}`;
  const position = source.number === null ? '' : positionIn(source.number, tool.abbreviation);
  if (tooLong(position)) return `its number is too long: "${position}".`;
  const { category } = status;
  if (!source.title && isIssued(category)) return 'title is missing, and it is issued.';
  const faults = new Faults();
  const customValues = customValuesOf(importing, project, source.customValues, faults, richText);
  if (faults.errors.length > 0) return reasonOf(faults);
  const { createdAt } = source;
  const updatedAt = source.updatedAt ?? createdAt;
  const filled = (field: string, value: string | null, otherwise: string): string => {
    if (value === null) remark(report, 'items', place, `${field} is missing: ${otherwise} is taken.`);
    return value ?? otherwise;
  };
  if (source.private === null) remark(report, 'items', place, 'private is missing: it is private here.');
  const user = ({ externalId }: SourcePerson): string => users.get(externalId)!;
  const row = (one: SourceReference): string => references.get(keyOf(project, one))!;
  const { locationId, costCodeId, specificationSectionId, subJobId, tradeIds, taskIds } = source.references;
  return {
    externalId: source.externalId,
    statusId: status.id,
    category,
    position,
    title: source.title,
    description: source.description,
    private: source.private ?? true,
    dueDate: source.dueDate,
    scheduleImpactStatus: source.scheduleImpactStatus,
    scheduleImpactDays: source.scheduleImpactDays,
    costImpactStatus: source.costImpactStatus,
    costImpactAmount: source.costImpactAmount,
    quantity: source.quantity,
    unit: source.unit,
    createdById: user(source.createdBy),
    receivedFromId: source.receivedFrom && user(source.receivedFrom),
    assigneeIds: source.assignees.map(user),
    distributionMemberIds: source.distributionMembers.map(user),
    locationId: locationId && row(locationId),
    costCodeId: costCodeId && row(costCodeId),
    specificationSectionId: specificationSectionId && row(specificationSectionId),
    subJobId: subJobId && row(subJobId),
    tradeIds: tradeIds.map(row),
    taskIds: taskIds.map(row),
    customValues,
    createdAt,
    updatedAt,
    issuedAt: isIssued(category) ? filled('issued_at', source.issuedAt, createdAt) : null,
    closedAt: isClosed(category) ? filled('closed_at', source.closedAt, updatedAt) : null,
    archivedAt: archived ? updatedAt : null,
  };
}
