import { Migration0001 } from './Migration0001.ts';

/** All migrations, in order. They only go forward; a new one is a file beside and a line here. */
export const migrations = [{ name: 'Migration0001', class: Migration0001 }];
