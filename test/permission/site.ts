import { createWorld, type Person, type Project, type Tool } from '../kit/world.ts';

/** A project "Tower" with two tools, a company admin who is no member, and words about rights. */
export async function createSite() {
  const world = await createWorld();
  const tower = await world.project('Tower');
  const review = await world.tool('Design Review', [tower]);
  const basic = await world.tool('Basic Correspondence', [tower]);
  const ada = await world.person('Ada Admin', { admin: true });
  return {
    ...world,
    tower,
    review,
    basic,
    ada,
    /** What a mutation answers; `input` goes in as one variable. */
    async tell(who: Person, mutation: string, input: object, selection: string) {
      const title = mutation[0]!.toUpperCase() + mutation.slice(1);
      const document = `mutation ($input: ${title}Input!) { ${mutation}(input: $input) { ${selection} userErrors { code path message } } }`;
      return (await world.get(who, document, { input }))[mutation];
    },
    /** Level and stored permissions of somebody on a tool, as they are told; null where the tool does not exist for them. */
    async rightOf(who: Person, where: Project, what: Tool): Promise<string | null> {
      const { project } = await world.get(
        who,
        'query ($id: ID!) { project(id: $id) { permissions { genericTool { id } accessLevel permittedActions } } }',
        { id: where.gid },
      );
      const right = project?.permissions.find(
        (one: { genericTool: { id: string } }) => one.genericTool.id === what.gid,
      );
      return right ? [right.accessLevel, ...right.permittedActions].join(' ') : null;
    },
  };
}

export type Site = Awaited<ReturnType<typeof createSite>>;

/** The errors of a payload, as `CODE path.to.it`. */
export const faultsOf = (payload: { userErrors: { code: string; path: string[] }[] }): string[] =>
  payload.userErrors.map(({ code, path }) => `${code} ${path.join('.')}`.trim());

/** A global id that no row has. */
export const nothing = (type: string): string =>
  Buffer.from(`${type}:01900000-0000-7000-8000-000000000000`).toString('base64url');
