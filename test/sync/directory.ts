import { createWorld, type Person } from '../kit/world.ts';

/** One company, its admin Ada Admin (no external id), and words for syncDirectory. */
export async function createDirectory() {
  const world = await createWorld();
  const ada = await world.person('Ada Admin', { admin: true });
  return {
    ...world,
    ada,
    /** What a sync answers, asked by Ada unless somebody else is named. */
    async sync(input: object, who: Person = ada) {
      const { syncDirectory } = await world.get(
        who,
        `mutation ($input: SyncDirectoryInput!) { syncDirectory(input: $input) {
          created updated unchanged rows { kind externalId id outcome } userErrors { code path message }
        } }`,
        { input: { companyId: world.home.gid, ...input } },
      );
      return syncDirectory;
    },
    /** Users of the company as they are stored, by name. */
    async users() {
      const { company } = await world.get(
        ada,
        `query ($id: ID!) { company(id: $id) { users(first: 100) { nodes {
          id name email externalId locale jobTitle phone avatarUrl vendor { name } active isService wantsEmail
        } } } }`,
        { id: world.home.gid },
      );
      return company.users.nodes;
    },
  };
}

export type Directory = Awaited<ReturnType<typeof createDirectory>>;

export const user = (externalId: string, name: string, more: object = {}) => ({
  externalId,
  name,
  email: `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`,
  ...more,
});

export const outcomes = (answer: { rows: { kind: string; externalId: string; outcome: string }[] }): string[] =>
  answer.rows.map(({ kind, externalId, outcome }) => `${kind} ${externalId} ${outcome}`);
