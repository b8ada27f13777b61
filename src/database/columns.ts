import { p } from '@mikro-orm/core';

const now = () => new Date();

/**
 * What every row has. Times are kept in milliseconds: microseconds would be lost in cursors and in JavaScript.
 * Entities set them by themselves; the set-based writes of items give the time of their act.
 */
export const rowColumns = {
  id: p.uuid().primary(),
  createdAt: p.datetime(3).onCreate(now),
  updatedAt: p.datetime(3).onCreate(now).onUpdate(now),
};

/** What every row of a company has. The database checks the reference; the entities keep plain ids. */
export const companyColumns = { ...rowColumns, companyId: p.uuid() };

/** Rows that can come from elsewhere keep the source's id. */
export const externalColumns = { ...companyColumns, externalId: p.string().nullable() };
