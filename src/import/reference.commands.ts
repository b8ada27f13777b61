import type { ReferenceKind } from '../reference/reference.policy.ts';
import { readAll } from './directory.commands.ts';
import { pages } from './folder.ts';
import type { HereProject, Importing } from './importing.ts';
import { REFERENCE_FILES, referenceOf, type SourceReference } from './reference.policy.ts';
import { count, type Place, skip } from './report.ts';
import { outcomeOf, syncRows } from './sync.ts';

/** What reference data is known by while it is imported. */
export const keyOf = (
  project: HereProject,
  { kind, externalId }: { kind: ReferenceKind; externalId: string },
): string => `${project.externalId} ${kind} ${externalId}`;

/** Sees to it that reference data of a project that records name is here. What the first of them says of it holds. */
export async function ensureReferences(
  importing: Importing,
  project: HereProject,
  named: readonly { reference: SourceReference; place: Place }[],
): Promise<void> {
  const { references, unmade, report } = importing;
  const fresh = new Map<string, (typeof named)[number]>();
  for (const one of named) {
    const key = keyOf(project, one.reference);
    if (!references.has(key) && !unmade.has(key) && !fresh.has(key)) fresh.set(key, one);
  }
  const rows = [...fresh];
  const answers = await syncRows(
    importing,
    'references',
    rows.map(([, { reference }]) => ({ ...reference, projectExternalId: project.externalId })),
  );
  rows.forEach(([key, { reference, place }], n) => {
    const answer = answers[n]!;
    if ('refused' in answer) {
      skip(report, 'references', { ...place, id: reference.externalId }, answer.refused);
      unmade.set(key, answer.refused);
    } else {
      count(report, 'references', outcomeOf(answer));
      references.set(key, answer.id);
    }
  });
}

/** The lists of reference data that the folder has for a project. */
export async function importReferences(importing: Importing, project: HereProject): Promise<void> {
  const { folder, report } = importing;
  for (const [file, kind] of Object.entries(REFERENCE_FILES)) {
    const known = new Set<string>();
    for await (const page of pages(folder, `projects/${project.externalId}`, file, report)) {
      const rows = readAll(
        importing,
        'references',
        page,
        (faults, raw) => referenceOf(faults, kind, raw, 'the record'),
        known,
      );
      await ensureReferences(
        importing,
        project,
        rows.map(({ read, place }) => ({ reference: read, place })),
      );
    }
  }
}
