import { Migration } from '@mikro-orm/migrations';

/** What words are looked for in reference data. */
export class Migration0016 extends Migration {
  override up(): void {
    this.addSql(`
-- path or name, and code, without case and accents
alter table reference_data add column search_key text not null default '';
alter table reference_data alter column search_key drop default;
`);
  }
}
