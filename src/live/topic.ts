import type { Db } from '../database/orm.ts';
import type { EventRow } from '../event/event.queries.ts';

/** One who listens, and to what. */
export interface Ear<About> {
  userId: string;
  about: About;
}

/**
 * What an act is to those who listen to topics of one kind: the news for each of them, in the order of the ears, as far as they may
 * hear them now. A number of statements that does not grow with them, nor with what the act did.
 */
export type Reader<About, News> = (
  db: Db,
  events: readonly EventRow[],
  ears: readonly Ear<About>[],
) => Promise<(readonly News[])[]>;

/** What one can listen to. Topics of one kind have the same reader: acts are read once for all who listen to them. */
export interface Topic<News, About = unknown> {
  about: About;
  /** whether an act may be news at all; false saves asking the database */
  concerns(event: EventRow): boolean;
  read: Reader<About, News>;
  /** says that something was missed */
  missed: News;
}
