import type { Ask, Dialect } from './dialect.ts';
import { yogaDialect } from './yoga.ts';

// the server holds one statement for each operation: no document is sent
const bare = ({ operationName, variables }: Ask): Ask => ({ operationName, variables });

/** How the bare server is asked: name and variables. */
export const limitDialect: Dialect = {
  ...yogaDialect,
  list: (...args) => bare(yogaDialect.list(...args)),
  item: (...args) => bare(yogaDialect.item(...args)),
  batch: (...args) => bare(yogaDialect.batch(...args)),
  create: (...args) => bare(yogaDialect.create(...args)),
  statistics: (...args) => bare(yogaDialect.statistics(...args)),
};
