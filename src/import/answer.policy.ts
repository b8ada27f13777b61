import { Faults, MAX_LONG_TEXT } from '../kernel/input.ts';
import { attachmentsOf, type SourceAttachment } from './attachment.policy.ts';
import type { Reading } from './item.policy.ts';
import { personOf, type SourcePerson } from './people.policy.ts';
import { flagOf, type Raw, requiredId, requiredMoment, richTextOf, textOf } from './raw.policy.ts';

/** A response as a list of responses has it. */
export interface SourceResponse {
  externalId: string;
  notes: string;
  official: boolean;
  position: number | null;
  /** name of the item's status at that time; null: not said */
  status: string | null;
  createdBy: SourcePerson;
  createdAt: string;
  attachments: SourceAttachment[];
}

/** Reads a response. One that says nothing is none. */
export function readResponse(raw: Raw): Reading<SourceResponse> {
  const faults = new Faults();
  const remarks: string[] = [];
  const attachments = attachmentsOf(faults, remarks, raw);
  const notes = richTextOf(faults, raw, 'notes') ?? '';
  if (!notes && faults.errors.length === 0 && attachments.length === 0)
    faults.add('REQUIRED', 'notes is empty, and there is no attachment.', ['notes']);
  const createdBy = personOf(faults, raw, 'created_by');
  if (!createdBy && raw.created_by == null) faults.add('REQUIRED', 'created_by is missing.', ['created_by']);
  const position = raw.position == null || (Number.isInteger(raw.position) && (raw.position as number) > 0);
  if (!position)
    faults.add('INVALID', `position is no whole number from 1: ${JSON.stringify(raw.position)}.`, ['position']);
  const source = {
    externalId: requiredId(faults, raw),
    notes,
    official: flagOf(faults, raw, 'official') ?? false,
    position: (raw.position as number | null | undefined) ?? null,
    status: textOf(faults, raw, 'status'),
    createdBy: createdBy!,
    createdAt: requiredMoment(faults, raw, 'created_at'),
    attachments,
  };
  return { source, faults, remarks };
}

/** A row of history as a list of changes has it. */
export interface SourceChange {
  externalId: string;
  /** our name of the field; the other system's where we have none */
  field: string;
  oldValue: string | null;
  newValue: string | null;
  createdBy: SourcePerson;
  createdAt: string;
}

/** Our names of the fields that history speaks of, by theirs: internal names of columns, and labels of the form. */
const FIELDS: Record<string, string> = {
  title: 'title',
  subject: 'title',
  position: 'number',
  number: 'number',
  description: 'description',
  status: 'status',
  private: 'private',
  due_date: 'dueDate',
  schedule_impact: 'scheduleImpact',
  cost_impact: 'costImpact',
  received_from: 'receivedFrom',
  assignee: 'assignees',
  assignees: 'assignees',
  distribution: 'distributionMembers',
  distribution_member: 'distributionMembers',
  distribution_members: 'distributionMembers',
  location: 'location',
  cost_code: 'costCode',
  specification_section: 'specificationSection',
  sub_job: 'subJob',
  trade: 'trades',
  trades: 'trades',
  task: 'tasks',
  tasks: 'tasks',
  schedule_tasks: 'tasks',
  quantity: 'quantity',
  uom: 'unit',
};

const MAX_FIELD = 255;

/** Our name for a field of theirs; theirs where we have none. */
export function fieldOf(column: string | null, label: string | null): string | null {
  for (const name of [column, label]) {
    const key = name
      ?.toLowerCase()
      .replace(/[^a-z]+/g, '_')
      .replace(/_(id|ids|value)$/, '');
    if (key && Object.hasOwn(FIELDS, key)) return FIELDS[key]!;
  }
  return (label ?? column)?.slice(0, MAX_FIELD) ?? null;
}

/** Reads a row of history. Values are kept as they were shown. */
export function readChange(raw: Raw): Reading<SourceChange> {
  const faults = new Faults();
  const label = textOf(faults, raw, 'formatted_column') ?? textOf(faults, raw, 'readable_column');
  const field = fieldOf(textOf(faults, raw, 'column'), label);
  if (field === null) faults.add('REQUIRED', 'column is missing.', ['column']);
  const createdBy = personOf(faults, raw, 'created_by');
  if (!createdBy && raw.created_by == null) faults.add('REQUIRED', 'created_by is missing.', ['created_by']);
  const source = {
    externalId: requiredId(faults, raw),
    field: field ?? '',
    oldValue: shownOf(faults, raw, 'old_value', field === 'description'),
    newValue: shownOf(faults, raw, 'new_value', field === 'description'),
    createdBy: createdBy!,
    createdAt: requiredMoment(faults, raw, 'created_at'),
  };
  return { source, faults, remarks: [] };
}

/** A value of history as it was shown: lists and numbers as text. Only descriptions are HTML. */
function shownOf(faults: Faults, raw: Raw, field: string, isRich: boolean): string | null {
  const value = raw[field];
  if (value == null || value === '') return null;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  const text = Array.isArray(value)
    ? value.join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  if (isRich) return faults.richText(text, [field], field) ?? null;
  return faults.text(text, [field], field, { max: MAX_LONG_TEXT, multiline: true }) ?? null;
}
