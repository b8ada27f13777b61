import { join } from 'node:path';
import { Faults } from '../kernel/input.ts';
import { readAll } from './directory.commands.ts';
import { foldersIn, type Page, pages, pagesOf, recordsOf, type Source } from './folder.ts';
import type { HereProject, HereTool, Importing } from './importing.ts';
import { writeItems } from './item.commands.ts';
import { readyItems } from './item.ready.ts';
import type { Progress } from './progress.ts';
import { idOf, isRaw } from './raw.policy.ts';
import { importReferences } from './reference.commands.ts';
import { skip } from './report.ts';
import { ensureAvailable, hereTool, importTool } from './tool.commands.ts';
import { toolOf } from './tool.policy.ts';

/** A list of items in the folder: of a tool in a project, or (tool null) of all its tools. */
interface ItemList {
  tool: string | null;
  pages: Page[];
  /** from the recycle bin */
  archived: boolean;
}

/** What the folder has of a project. */
export interface ProjectFolder {
  externalId: string;
  directory: string;
  lists: ItemList[];
}

// what one transaction stores in a quarter of a second
const CHUNK = 500;

/** The projects that the folder has items or reference data of. */
export async function findProjects(folder: string): Promise<ProjectFolder[]> {
  const found: ProjectFolder[] = [];
  for (const externalId of await foldersIn(folder, 'projects')) {
    const directory = join('projects', externalId);
    const list = async (tool: string | null, at: string, name: string, archived: boolean): Promise<ItemList> => {
      return { tool, pages: await pagesOf(folder, at, name), archived };
    };
    const lists = [await list(null, directory, 'correspondence_type_items', false)];
    for (const tool of await foldersIn(folder, join(directory, 'generic_tools'))) {
      const at = join(directory, 'generic_tools', tool);
      // what was taken back out of the recycle bin is in both: it is archived only where it stands there alone
      lists.push(await list(tool, at, 'recycle_bin', true), await list(tool, at, 'items', false));
    }
    found.push({ externalId, directory, lists });
  }
  return found;
}

export const bytesOf = (projects: readonly ProjectFolder[]): number =>
  projects.flatMap(({ lists }) => lists.flatMap((list) => list.pages)).reduce((sum, { bytes }) => sum + bytes, 0);

/** Brings what the folder has of one project: reference data, which tools are available, items. */
export async function importProjectFolder(
  importing: Importing,
  { externalId, directory, lists }: ProjectFolder,
  progress: Progress,
): Promise<void> {
  const { folder, report, projects } = importing;
  const project = projects.get(externalId);
  if (!project) {
    report.unread.push({ file: directory, reason: 'no list of projects has it: nothing of it was brought.' });
    return progress.pass(bytesOf([{ externalId, directory, lists }]));
  }
  await importReferences(importing, project);
  for await (const page of pages(folder, directory, 'generic_tools', report)) {
    for (const { read, place } of readAll(importing, 'tools', page, toolOf)) {
      if (!importing.tools.has(read.externalId)) await importTool(importing, read, place);
      const tool = importing.tools.get(read.externalId);
      if (tool) await ensureAvailable(importing, project, tool);
    }
  }
  for (const list of lists) {
    for (const page of list.pages) {
      const records = await recordsOf(folder, page, report);
      for (let start = 0; start < records.length; start += CHUNK) {
        await importItems(importing, project, list, records.slice(start, start + CHUNK));
        progress.pass(page.bytes * (Math.min(CHUNK, records.length - start) / records.length), project.name);
      }
      if (records.length === 0) progress.pass(page.bytes);
    }
  }
}

/** Brings some records of items of a project, tool by tool. */
async function importItems(
  importing: Importing,
  project: HereProject,
  list: ItemList,
  records: readonly Source[],
): Promise<void> {
  const toolIn = ({ raw }: Source): string =>
    list.tool ?? (isRaw(raw.generic_tool) ? (idOf(raw.generic_tool.id) ?? '') : '');
  for (const [toolId, ofTool] of Map.groupBy(records, toolIn)) {
    const tool = await toolFor(importing, toolId, ofTool[0]!);
    if (!tool) {
      for (const { file, raw } of ofTool)
        skip(
          importing.report,
          'items',
          { file, id: idOf(raw.id) },
          toolId ? `its tool ${toolId} is not here.` : 'it says no generic_tool.',
        );
      continue;
    }
    await ensureAvailable(importing, project, tool);
    const answered = await answeredItems(importing, project, tool);
    const ready = await readyItems(importing, project, tool, ofTool, answered, list.archived);
    for (const { place, source } of ready) {
      const { originItem: item, originRfi: rfi } = source;
      if (item || rfi) importing.origins.set(source.externalId, { project, place, item, rfi });
    }
    await writeItems(importing, project, tool, ready);
  }
}

/** A tool by its id there: one of a list, one that was here before, or the one that a record of an item describes. */
async function toolFor(importing: Importing, toolId: string, { file, raw }: Source): Promise<HereTool | undefined> {
  if (!toolId) return undefined;
  const known = importing.tools.get(toolId) ?? (await hereTool(importing, toolId));
  if (known || !isRaw(raw.generic_tool) || idOf(raw.generic_tool.id) !== toolId) return known;
  const faults = new Faults();
  const described = toolOf(faults, raw.generic_tool);
  if (faults.errors.length === 0) await importTool(importing, described, { file, id: toolId });
  return importing.tools.get(toolId);
}

/** The items of a tool that the folder has responses or histories of. */
const answeredItems = async ({ folder }: Importing, project: HereProject, tool: HereTool): Promise<Set<string>> =>
  new Set(await foldersIn(folder, join('projects', project.externalId, 'generic_tools', tool.externalId, 'items')));
