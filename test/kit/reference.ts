import { newId, toGlobalId } from '../../src/kernel/ids.ts';
import { ReferenceDataSchema } from '../../src/reference/reference.entity.ts';
import { REFERENCE_TYPES, type ReferenceKind, referenceKeys } from '../../src/reference/reference.policy.ts';
import type { Project, TestWorld, Thing } from './world.ts';

export interface Reference {
  kind: ReferenceKind;
  name: string;
  code?: string;
  path?: string;
  externalId?: string;
  active?: boolean;
}

/** Reference data of a project, all at once; gives what is known of each by its name. */
export async function putReferences(
  { orm, clock }: TestWorld,
  project: Project,
  references: Reference[],
): Promise<Record<string, Thing>> {
  const things: Record<string, Thing> = {};
  await orm.em.fork().transactional(async (em) => {
    for (const { kind, name, code = null, externalId = null, active = true, ...more } of references) {
      const id = newId(clock.now());
      const path = kind === 'LOCATION' ? (more.path ?? name) : null;
      const row = { kind, name, code, path, externalId, active };
      em.create(ReferenceDataSchema, {
        ...{ id, companyId: project.companyId, projectId: project.id },
        ...{ ...row, ...referenceKeys(row, active) },
      });
      things[name] = { id, gid: toGlobalId(REFERENCE_TYPES[kind], id) };
    }
  });
  return things;
}
