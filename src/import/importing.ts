import type { Viewer } from '../directory/viewer.ts';
import { type Context, contextOf } from '../graph/context.ts';
import type { CustomFieldRow } from '../tool/customField.queries.ts';
import type { StatusCategory } from '../tool/tool.policy.ts';
import type { World } from '../world.ts';
import type { SourceField } from './customField.policy.ts';
import type { Origin } from './origin.commands.ts';
import type { Report } from './report.ts';

/** A tool that is here, with its statuses by name in small letters. */
export interface HereTool {
  id: string;
  externalId: string;
  title: string;
  abbreviation: string | null;
  statuses: Map<string, { id: string; category: StatusCategory; isBuiltIn: boolean }>;
}

export interface HereProject {
  id: string;
  externalId: string;
  name: string;
}

/** An import under way: what it brings, for whom, and what of the other system is known to be here by its ids there. */
export interface Importing {
  /** silent: nobody is told of what an import does */
  world: World;
  /** the company admin in whose name the directory and the tools are changed */
  viewer: Viewer;
  folder: string;
  /** of projects that say none */
  timeZone: string;
  report: Report;
  /** external ids of firms, by external id and by name (nameKey) */
  vendors: Map<string, string>;
  /** ids here of firms, by external id */
  vendorIds: Map<string, string>;
  users: Map<string, string>;
  /** people and reference data that could not be made, and why: nothing that names them can be taken */
  unmade: Map<string, string>;
  projects: Map<string, HereProject>;
  tools: Map<string, HereTool>;
  /** by project, kind and external id (keyOf) */
  references: Map<string, string>;
  /** custom fields that lists define, and those that are here, by their ids there */
  definitions: Map<string, SourceField>;
  customFields: Map<string, CustomFieldRow>;
  /** "project tool field": fields that the fieldset of a place was asked to have */
  placed: Set<string>;
  /** where items come from, by their ids there; settled when all are here */
  origins: Map<string, Origin>;
}

/** A context for one command. */
export const contextFor = ({ world, viewer }: Importing): Context => contextOf(world, viewer);
