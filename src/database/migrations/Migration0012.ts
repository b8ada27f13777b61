import { Migration } from '@mikro-orm/migrations';

/** Marks that people leave out when they type (accents, points, vowel signs of Hebrew and Arabic), and characters that show nothing. */
const LEFT_OUT =
  '\\u00AD\\u0300-\\u036F\\u0483-\\u0489\\u0591-\\u05BD\\u05BF\\u05C1\\u05C2\\u05C4\\u05C5\\u05C7\\u0610-\\u061A\\u064B-\\u065F\\u0670\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7\\u06E8\\u06EA-\\u06ED\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u200B-\\u200F\\u2060\\u20D0-\\u20FF\\u3099\\u309A\\uFE00-\\uFE0F\\uFE20-\\uFE2F\\uFEFF';
/** Kana and Han, which are written without spaces: each is a word of its own. */
const IDEOGRAPHS = '\\u3041-\\u3096\\u30A1-\\u30FA\\u3400-\\u9FFF\\uF900-\\uFAFF\\U00020000-\\U0003FFFF';

const WRITTEN = 'number, position, title, description, custom_values';

/** What is looked for by words: a row for each item and each response, kept by the database. */
export class Migration0012 extends Migration {
  override up(): void {
    this.addSql(`
-- Words are folded here for texts and in src/kernel/words.ts for what is looked for: a test holds the two together, letter by letter.
-- Without case and accents, the same on every server. Texts of ASCII alone, which most are, take a tenth of the time.
create function search_fold(given text) returns text language sql immutable parallel safe strict
return case when octet_length(given) = char_length(given) then lower(given collate "pg_c_utf8")
  else lower(upper(replace(replace(
    regexp_replace(normalize(given, NFKD), '[${LEFT_OUT}]+', '', 'g'), 'ß', 'ss'), 'ẞ', 'ss') collate "pg_c_utf8") collate "pg_c_utf8") end;

-- The words of a text, letters and digits that stand together, with a space between them; null when there are none. More text
-- than this does not fit a tsvector, and nobody looks for longer words.
create function search_words(given text) returns text language plpgsql immutable parallel safe strict as $$
declare
  words text := left(search_fold(given), 110000);
begin
  if octet_length(words) = char_length(words) then
    words := regexp_replace(words collate "pg_c_utf8", '[^a-z0-9]+', ' ', 'g');
  else
    words := regexp_replace(words collate "pg_c_utf8", '([${IDEOGRAPHS}])', ' \\1 ', 'g');
    words := regexp_replace(words collate "pg_c_utf8", '[^[:alnum:]]+', ' ', 'g');
  end if;
  if words ~ '[^ ]{51}' then
    words := regexp_replace(words, '([^ ]{50})[^ ]+', '\\1', 'g');
  end if;
  return nullif(btrim(words), '');
end $$;

-- What rich text says: no tags, of which those within a line part no words, and the few entities that safe rich text has.
create function search_plain(html text) returns text language sql immutable parallel safe strict
return case when strpos(html, '<') > 0 or strpos(html, '&') > 0 then replace(replace(replace(replace(
  regexp_replace(regexp_replace(html, '</?(?:b|strong|i|em|u|s|code|a|span|sub|sup)(?:\\s[^>]*)?>', '', 'g'), '<[^>]*>', ' ', 'g'),
  '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&') else html end;

-- The text in the values of an item's own fields.
create function search_custom(custom_values jsonb) returns text language sql stable parallel safe strict
return (
  select string_agg(case f.data_type when 'RICH_TEXT' then search_plain(given.value #>> '{}') else given.value #>> '{}' end, ' ')
  from jsonb_each(custom_values) given
  -- beside the values stand keys to sort them by
  join custom_fields f on f.id = case when given.key like '~%' then null else given.key::uuid end
  where f.data_type in ('STRING', 'RICH_TEXT'));

-- The words of an item: with a dot in front those of number and title, as they stand those of other texts; and with a # number and
-- position as a whole, their words joined by hyphens.
create function search_item(number text, item_position text, title text, description text, custom text)
returns tsvector language plpgsql immutable parallel safe as $$
declare
  numbered text := search_words(number);
  positioned text := search_words(item_position);
  titled text := search_words(title);
begin
  return array_to_tsvector(string_to_array(concat_ws(' ', '#' || left(replace(numbered, ' ', '-'), 200), '#' || left(replace(positioned, ' ', '-'), 200),
    '.' || replace(numbered, ' ', ' .'), '.' || replace(titled, ' ', ' .'),
    search_words(concat_ws(' ', search_plain(description), custom))), ' '));
end $$;

create function search_response(notes text) returns tsvector language sql immutable parallel safe
return array_to_tsvector(string_to_array(coalesce(search_words(search_plain(notes)), ''), ' '));

-- What words of a place (project, tool, class) begin with in the index, so that only what somebody sees all of is looked through.
-- Bodies that are read when they are made: an index is built without a schema to look for functions in.
create function search_scope(project_id uuid, generic_tool_id uuid, class uuid) returns text language sql immutable parallel safe
return substr(md5(uuid_send(project_id) || uuid_send(generic_tool_id) || uuid_send(class)), 1, 8);
create function search_scoped(project_id uuid, generic_tool_id uuid, class uuid, words tsvector)
returns tsvector language sql immutable parallel safe
return array_to_tsvector(string_to_array(search_scope(project_id, generic_tool_id, class)
  || array_to_string(tsvector_to_array(words), ' ' || search_scope(project_id, generic_tool_id, class)), ' '));

-- What item_search and response_search have to be. The class of what is archived is no class: nobody looks there.
create view searchable_items as
select id as item_id, company_id, project_id, generic_tool_id,
  case when archived_at is null then class else '00000000-0000-0000-0000-000000000000' end as class,
  search_item(number, position, title, description, search_custom(custom_values)) as words
from items;

create view searchable_responses as
select r.id as response_id, r.company_id, r.project_id, i.generic_tool_id, r.item_id,
  case when i.archived_at is null then i.class else '00000000-0000-0000-0000-000000000000' end as class,
  r.created_at, search_response(r.notes) as words
from responses r join items i on i.id = r.item_id;

-- Beside the items: a change of status, which moves the item's row, does not touch what it says.
create table item_search (
  item_id uuid primary key,
  company_id uuid not null,
  project_id uuid not null,
  generic_tool_id uuid not null,
  class uuid not null,
  words tsvector not null
);
create table response_search (
  response_id uuid primary key,
  company_id uuid not null,
  project_id uuid not null,
  generic_tool_id uuid not null,
  item_id uuid not null,
  class uuid not null,
  created_at timestamptz(3) not null,
  words tsvector not null
);
insert into item_search select * from searchable_items;
insert into response_search select * from searchable_responses;

-- No pending list: a search would read it once for each place.
create index item_search_words on item_search
  using gin (search_scoped(project_id, generic_tool_id, class, words)) with (fastupdate = off);
create index response_search_words on response_search
  using gin (search_scoped(project_id, generic_tool_id, class, words)) with (fastupdate = off);
create index response_search_newest on response_search (company_id, created_at, response_id);

create function search_items_on_insert() returns trigger language plpgsql as $$
begin
  insert into item_search select * from searchable_items where item_id in (select id from came);
  return null;
end $$;
create trigger search_items_on_insert after insert on items referencing new table as came
  for each statement execute function search_items_on_insert();

create function search_items_on_update() returns trigger language plpgsql as $$
declare
  now_in uuid := case when new.archived_at is null then new.class else '00000000-0000-0000-0000-000000000000' end;
begin
  if (${WRITTEN.replace(/\w+/g, 'old.$&')}) is distinct from (${WRITTEN.replace(/\w+/g, 'new.$&')}) then
    update item_search s set class = now_in, words = found.words from searchable_items found
    where s.item_id = new.id and found.item_id = new.id;
  else
    update item_search set class = now_in where item_id = new.id;
  end if;
  update response_search set class = now_in
  where response_id in (select id from responses where item_id = new.id) and class <> now_in;
  return null;
end $$;
create trigger search_items_on_update after update on items for each row when (
  (${WRITTEN.replace(/\w+/g, 'old.$&')}, old.class, old.archived_at is null)
    is distinct from (${WRITTEN.replace(/\w+/g, 'new.$&')}, new.class, new.archived_at is null)
) execute function search_items_on_update();

create function search_responses_on_insert() returns trigger language plpgsql as $$
begin
  insert into response_search select * from searchable_responses where response_id in (select id from came);
  return null;
end $$;
create trigger search_responses_on_insert after insert on responses referencing new table as came
  for each statement execute function search_responses_on_insert();
`);
  }
}
