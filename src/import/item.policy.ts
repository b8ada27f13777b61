import { IMPACT_STATUSES, type ImpactStatus } from '../item/item.policy.ts';
import { Faults } from '../kernel/input.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';
import { attachmentsOf, type SourceAttachment } from './attachment.policy.ts';
import { type SourceValue, valuesOf } from './customField.policy.ts';
import { peopleOf, personOf, type SourcePerson } from './people.policy.ts';
import {
  dayOf,
  decimalOf,
  flagOf,
  idOf,
  isRaw,
  momentOf,
  type Raw,
  requiredId,
  requiredMoment,
  requiredText,
  richTextOf,
  textOf,
} from './raw.policy.ts';
import { referencesOf, type SourceReferences } from './reference.policy.ts';
import { categoryOf } from './tool.policy.ts';

/** An item as a list of items has it, before anybody looks at what is here. */
export interface SourceItem {
  externalId: string;
  title: string;
  /** with the prefix of its tool, as it is shown there; null: it has none */
  number: string | null;
  status: { name: string; category: StatusCategory | null };
  private: boolean | null;
  description: string | null;
  dueDate: string | null;
  scheduleImpactStatus: ImpactStatus | null;
  scheduleImpactDays: number | null;
  costImpactStatus: ImpactStatus | null;
  costImpactAmount: string | null;
  quantity: string | null;
  unit: string | null;
  createdAt: string;
  updatedAt: string | null;
  issuedAt: string | null;
  closedAt: string | null;
  createdBy: SourcePerson;
  receivedFrom: SourcePerson | null;
  assignees: SourcePerson[];
  distributionMembers: SourcePerson[];
  references: SourceReferences;
  /** what it was made out of, by ids there */
  originItem: string | null;
  originRfi: string | null;
  attachments: SourceAttachment[];
  customValues: SourceValue[];
}

/** What was read of a record: the record, or what is wrong with it; and what of it could not be taken as it stands. */
export interface Reading<Source> {
  source: Source;
  faults: Faults;
  remarks: string[];
}

const MAX_POSITION = 50;
const MAX_UNIT = 50;

/** Reads an item of Procore's list of generic tool items, in any of the shapes that it comes in. */
export function readItem(raw: Raw): Reading<SourceItem> {
  const faults = new Faults();
  const remarks: string[] = [];
  const statusName = requiredText(faults, raw, 'status');
  const statusType = textOf(faults, raw, 'status_type');
  const category = statusType === null ? null : categoryOf(statusType);
  if (statusType !== null && category === null)
    faults.add('INVALID', `status_type is none of Draft, Open, Closed: "${statusType}".`, ['status_type']);
  const createdBy = personOf(faults, raw, 'created_by');
  if (!createdBy && raw.created_by == null) faults.add('REQUIRED', 'created_by is missing.', ['created_by']);
  const schedule = impactOf(faults, remarks, raw, 'schedule_impact');
  const cost = impactOf(faults, remarks, raw, 'cost_impact');
  const source: SourceItem = {
    externalId: requiredId(faults, raw),
    title: textOf(faults, raw, 'title') ?? '',
    // the prefix comes on top
    number: textOf(faults, raw, 'position', { max: MAX_POSITION + 21 }),
    status: { name: statusName, category },
    private: flagOf(faults, raw, 'private'),
    description: richTextOf(faults, raw, 'description'),
    dueDate: dayOf(faults, raw, 'due_date'),
    scheduleImpactStatus: schedule.status,
    scheduleImpactDays: schedule.value === null ? null : Number(schedule.value),
    costImpactStatus: cost.status,
    costImpactAmount: cost.value,
    quantity: decimalOf(faults, raw.quantity, 'quantity'),
    unit: textOf(faults, raw, 'uom', { max: MAX_UNIT }),
    createdAt: requiredMoment(faults, raw, 'created_at'),
    updatedAt: momentOf(faults, raw, 'updated_at'),
    issuedAt: momentOf(faults, raw, 'issued_at'),
    closedAt: momentOf(faults, raw, 'closed_at'),
    createdBy: createdBy!,
    receivedFrom: personOf(faults, raw, 'received_from'),
    assignees: peopleOf(faults, raw, 'assignees'),
    distributionMembers: peopleOf(faults, raw, 'distribution_members'),
    references: referencesOf(faults, raw),
    originItem: idOf(raw.origin_generic_tool_item_id),
    originRfi: idOf(raw.origin_rfi_id),
    attachments: attachmentsOf(faults, remarks, raw),
    customValues: valuesOf(faults, remarks, raw),
  };
  return { source, faults, remarks };
}

/** An impact: {status, value}, or the status alone with its value beside it. A value goes only with a status that knows one. */
function impactOf(
  faults: Faults,
  remarks: string[],
  raw: Raw,
  field: string,
): { status: ImpactStatus | null; value: string | null } {
  const given = raw[field];
  const impact = isRaw(given) ? given : { status: given, value: raw[`${field}_value`] };
  const value = decimalOf(faults, impact.value, field);
  if (impact.status == null || impact.status === '') {
    if (value !== null && value !== '0') remarks.push(`${field} has no status: its value ${value} is not taken over`);
    return { status: null, value: null };
  }
  const status = IMPACT_STATUSES.find((known) => known.toLowerCase() === impact.status);
  if (!status) {
    faults.add(
      'INVALID',
      `${field} is none of ${IMPACT_STATUSES.join(', ').toLowerCase()}: ${JSON.stringify(impact.status).slice(0, 100)}.`,
      [field],
    );
    return { status: null, value: null };
  }
  if (status === 'YES_KNOWN' || value === null) return { status, value };
  if (value !== '0') remarks.push(`${field} is ${impact.status}: its value ${value} is not taken over`);
  return { status, value: null };
}

/** The position in a number: what comes behind the prefix of its tool. */
export function positionIn(number: string, abbreviation: string | null): string {
  const prefix = abbreviation === null ? '' : `${abbreviation}-`;
  const rest = number.slice(prefix.length);
  return prefix && rest && number.toLowerCase().startsWith(prefix.toLowerCase()) ? rest : number;
}

export const tooLong = (position: string): boolean => position.length > MAX_POSITION;
