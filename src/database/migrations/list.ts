import { Migration0001 } from './Migration0001.ts';
import { Migration0002 } from './Migration0002.ts';
import { Migration0003 } from './Migration0003.ts';
import { Migration0004 } from './Migration0004.ts';
import { Migration0005 } from './Migration0005.ts';
import { Migration0006 } from './Migration0006.ts';
import { Migration0008 } from './Migration0008.ts';
import { Migration0009 } from './Migration0009.ts';
import { Migration0010 } from './Migration0010.ts';
import { Migration0011 } from './Migration0011.ts';
import { Migration0012 } from './Migration0012.ts';
import { Migration0013 } from './Migration0013.ts';
import { Migration0014 } from './Migration0014.ts';
import { Migration0015 } from './Migration0015.ts';
import { Migration0016 } from './Migration0016.ts';
import { Migration0017 } from './Migration0017.ts';
import { Migration0018 } from './Migration0018.ts';
import { Migration0019 } from './Migration0019.ts';
import { Migration0020 } from './Migration0020.ts';
import { Migration0021 } from './Migration0021.ts';
import { Migration0023 } from './Migration0023.ts';
import { Migration0024 } from './Migration0024.ts';

/** All migrations, in order. They only go forward; a new one is a file beside and a line here. */
export const migrations = [
  { name: 'Migration0001', class: Migration0001 },
  { name: 'Migration0002', class: Migration0002 },
  { name: 'Migration0003', class: Migration0003 },
  { name: 'Migration0004', class: Migration0004 },
  { name: 'Migration0005', class: Migration0005 },
  { name: 'Migration0006', class: Migration0006 },
  { name: 'Migration0008', class: Migration0008 },
  { name: 'Migration0009', class: Migration0009 },
  { name: 'Migration0010', class: Migration0010 },
  { name: 'Migration0011', class: Migration0011 },
  { name: 'Migration0012', class: Migration0012 },
  { name: 'Migration0013', class: Migration0013 },
  { name: 'Migration0014', class: Migration0014 },
  { name: 'Migration0015', class: Migration0015 },
  { name: 'Migration0016', class: Migration0016 },
  { name: 'Migration0017', class: Migration0017 },
  { name: 'Migration0018', class: Migration0018 },
  { name: 'Migration0019', class: Migration0019 },
  { name: 'Migration0020', class: Migration0020 },
  { name: 'Migration0021', class: Migration0021 },
  { name: 'Migration0023', class: Migration0023 },
  { name: 'Migration0024', class: Migration0024 },
];
