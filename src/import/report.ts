/** What an import brings. */
export const KINDS = [
  'vendors',
  'users',
  'projects',
  'tools',
  'statuses',
  'customFields',
  'references',
  'items',
  'responses',
  'changes',
  'attachments',
  'topics',
] as const;
export type Kind = (typeof KINDS)[number];
export type Outcome = 'made' | 'changed' | 'unchanged' | 'skipped';
export type Counts = Record<Outcome, number>;

/** Where something was read: the file, below the folder, and the id of the record, where it has one. */
export interface Place {
  file: string;
  id: string | null;
}

/** A record that was left out, or taken otherwise than it stands there, and why. */
export interface Note extends Place {
  kind: Kind;
  reason: string;
}

// what is wrong with so many is wrong with the export; all are counted
const MAX_NOTES = 10_000;

/** What an import has done so far. */
export interface Report {
  counts: Record<Kind, Counts>;
  skipped: Note[];
  /** taken, and not quite as the file has it */
  remarks: Note[];
  /** how many notes were too many to keep */
  unnamed: number;
  /** files that could not be read at all */
  unread: { file: string; reason: string }[];
}

export const newReport = (): Report => ({
  counts: Object.fromEntries(
    KINDS.map((kind) => [kind, { made: 0, changed: 0, unchanged: 0, skipped: 0 }]),
  ) as Report['counts'],
  skipped: [],
  remarks: [],
  unnamed: 0,
  unread: [],
});

export function count(report: Report, kind: Kind, outcome: Exclude<Outcome, 'skipped'>, by = 1): void {
  report.counts[kind][outcome] += by;
}

/** A record that is left out. */
export function skip(report: Report, kind: Kind, { file, id }: Place, reason: string): void {
  report.counts[kind].skipped += 1;
  note(report, report.skipped, { kind, file, id, reason });
}

/** Something that whoever imports should know of a record that was taken. */
export const remark = (report: Report, kind: Kind, { file, id }: Place, reason: string): void =>
  note(report, report.remarks, { kind, file, id, reason });

function note(report: Report, notes: Note[], one: Note): void {
  if (notes.length < MAX_NOTES) notes.push(one);
  else report.unnamed += 1;
}

export const isClean = ({ skipped, unread, unnamed }: Report): boolean =>
  skipped.length + unread.length + unnamed === 0;

// the rest is in the file
const SHOWN = 20;

const NAMES: Partial<Record<Kind, string>> = {
  customFields: 'custom fields',
  references: 'reference data',
  topics: 'external topics',
};

/** A report for people: what became of each kind, and the first of what was left out. */
export function reportText({ counts, skipped, remarks, unread }: Report): string {
  const rows = KINDS.filter((kind) => Object.values(counts[kind]).some(Boolean)).map((kind) => {
    const { made, changed, unchanged, skipped } = counts[kind];
    return [NAMES[kind] ?? kind, ...[made, changed, unchanged, skipped].map((n) => n.toLocaleString('en'))];
  });
  const table = [['', 'made', 'changed', 'unchanged', 'skipped'], ...rows].map(([name, ...numbers]) =>
    [name!.padEnd(16), ...numbers.map((n) => n.padStart(11))].join('').trimEnd(),
  );
  const notes = (title: string, lines: string[]) =>
    lines.length === 0
      ? []
      : [
          '',
          `${title}:`,
          ...lines.slice(0, SHOWN),
          ...(lines.length > SHOWN ? [`  ... and ${(lines.length - SHOWN).toLocaleString('en')} more`] : []),
        ];
  const line = ({ file, id, reason }: Place & { reason: string }) => `  ${file}${id ? ` ${id}` : ''}: ${reason}`;
  return [
    ...table,
    ...notes(
      'Files that could not be read',
      unread.map((file) => line({ ...file, id: null })),
    ),
    ...notes('Skipped', skipped.map(line)),
    ...notes('Taken, with a remark', remarks.map(line)),
    '',
  ].join('\n');
}
