import type { Json } from '../json.ts';
/** One operation as it is sent: a GraphQL request, or for `limit` only its name and variables. */
export interface Ask {
  query?: string;
  operationName: string;
  variables: Record<string, unknown>;
}

/** A row in the order of lists: what follows it is asked with `after`. */
export interface Position {
  createdAt: string;
  id: string;
}

/** Where a list looks: numbers of a project and a tool, as ids of rows. */
export interface Place {
  project: string;
  tool: string;
}

/** How one server is asked for the workloads, and how its answers are read. All ids are those of the rows. */
export interface Dialect {
  list(place: Place, after?: string): Ask;
  item(id: string): Ask;
  batch(ids: string[], statusName: string): Ask;
  create(place: Place, title: string, assignees: string[]): Ask;
  statistics(place: Place): Ask;
  /** what `after` must be to go on behind the n-th row; `ask` sends something as the reader of the list */
  cursor(place: Place, position: Position, n: number, ask: (ask: Ask) => Promise<Json>): Promise<string>;
  /** the ids in the answer to a list, in their order, and how many people hang on them */
  readList(data: Json): { ids: string[]; people: number; more: boolean };
  /** id, number of responses and number of values of custom fields in the answer to an item */
  readItem(data: Json): { id: string; responses: number; values: number };
  /** how many items a batch has changed */
  readBatch(data: Json): number;
  /** id of what was created */
  readCreated(data: Json): string;
  /** count and overdue by status id, or null when the server cannot tell */
  readStatistics(data: Json): Record<string, { count: number; overdue: number }> | null;
}
