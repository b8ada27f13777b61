/** Something to be done to an item: how to ask for it, and how to tell from the database afterwards whether it was done. */
export interface Deed {
  /** the field of the item that says whether one may */
  ability?: 'viewerCanEdit' | 'viewerCanChangeStatus' | 'viewerCanRespond' | 'viewerCanArchive';
  /** where the deed is a patch: a batch must answer it in the same way */
  patch?: object;
  mutation: 'updateItem' | 'createResponse' | 'updateResponse' | 'archiveItems' | 'restoreItems';
  input(item: { gid: string; response: string }): object;
  /** a condition on items i that holds when it was done and not before */
  done: string;
}

const patch = (patch: object, done: string, ability: Deed['ability']): Deed => ({
  ability,
  patch,
  mutation: 'updateItem',
  input: ({ gid }) => ({ id: gid, patch }),
  done,
});
const respond = (more: object, done = 'true', ability?: Deed['ability']): Deed => ({
  ability,
  mutation: 'createResponse',
  input: ({ gid }) => ({ itemId: gid, notes: 'Said.', ...more }),
  done: `exists (select from responses r where r.item_id = i.id and r.notes = 'Said.' and ${done})`,
});
const official = (official: boolean, done: string): Deed => ({
  mutation: 'updateResponse',
  input: ({ response }) => ({ id: response, official }),
  done: `${done} exists (select from responses r where r.item_id = i.id and r.official)`,
});
const put = (mutation: 'archiveItems' | 'restoreItems', done: string): Deed => ({
  ability: 'viewerCanArchive',
  mutation,
  input: ({ gid }) => ({ ids: [gid] }),
  done,
});

export const DEEDS: Record<string, Deed> = {
  edit: patch({ title: 'Edited' }, `i.title = 'Edited'`, 'viewerCanEdit'),
  issue: patch({ statusName: 'Open' }, 'i.issued_at is not null', 'viewerCanChangeStatus'),
  close: patch({ statusName: 'Closed' }, 'i.closed_at is not null', 'viewerCanChangeStatus'),
  reopen: patch({ statusName: 'Open' }, 'i.closed_at is null', 'viewerCanChangeStatus'),
  respond: respond({}, 'true', 'viewerCanRespond'),
  'respond officially': respond({ official: true }, 'r.official', 'viewerCanRespond'),
  'respond and edit': respond({ itemPatch: { title: 'Edited' } }, `i.title = 'Edited'`),
  'respond and close': respond({ itemPatch: { statusName: 'Closed' } }, 'i.closed_at is not null'),
  'make official': official(true, ''),
  'make unofficial': official(false, 'not'),
  archive: put('archiveItems', 'i.archived_at is not null'),
  restore: put('restoreItems', 'i.archived_at is null'),
};

/**
 * Who may do what to which item (domain.md 3): by level, "yes", the permissions that it takes on top, "-" where nobody of the level
 * may (FORBIDDEN), or the code that all of them get. What they do not see is NOT_FOUND.
 */
const TABLE = `
| deed               | item                          | READ_ONLY                                 | STANDARD                | ADMIN   |
|--------------------|-------------------------------|-------------------------------------------|-------------------------|---------|
| edit               | own Draft                     | CREATE                                    | yes                     | yes     |
| issue              | own Draft                     | CREATE                                    | yes                     | yes     |
| edit               | own Open                      | EDIT_ITEMS_THEY_CREATED                   | yes                     | yes     |
| close              | own Open                      | EDIT_ITEMS_THEY_CREATED                   | yes                     | yes     |
| edit               | own Closed                    | -                                         | -                       | yes     |
| reopen             | own Closed                    | -                                         | -                       | yes     |
| edit               | somebody's Draft              | NOT_FOUND                                 | NOT_FOUND               | yes     |
| issue              | somebody's Draft              | NOT_FOUND                                 | NOT_FOUND               | yes     |
| edit               | somebody's Open               | -                                         | -                       | yes     |
| close              | somebody's Open               | -                                         | -                       | yes     |
| edit               | Open, assigned to them        | -                                         | -                       | yes     |
| edit               | a colleague's Open            | -                                         | -                       | yes     |
| edit               | somebody's Won                | -                                         | -                       | yes     |
| reopen             | somebody's Won                | -                                         | -                       | yes     |
| edit               | own archived                  | NOT_FOUND                                 | NOT_FOUND               | CLOSED  |
| close              | own archived                  | NOT_FOUND                                 | NOT_FOUND               | CLOSED  |
| respond            | own Open                      | CREATE_RESPONSE                           | CREATE_RESPONSE         | yes     |
| respond            | Open, assigned to them        | CREATE_RESPONSE                           | CREATE_RESPONSE         | yes     |
| respond            | Open, distributed to them     | CREATE_RESPONSE                           | CREATE_RESPONSE         | yes     |
| respond            | Open, received from them      | CREATE_RESPONSE                           | CREATE_RESPONSE         | yes     |
| respond officially | Open, assigned to them        | CREATE_RESPONSE                           | CREATE_RESPONSE         | yes     |
| respond            | a colleague's Open            | RESPOND_TO_VENDOR_ITEMS                   | RESPOND_TO_VENDOR_ITEMS | yes     |
| respond officially | Open, assigned to a colleague | RESPOND_TO_VENDOR_ITEMS                   | RESPOND_TO_VENDOR_ITEMS | yes     |
| respond            | somebody's Open               | -                                         | -                       | yes     |
| respond            | own Draft                     | INVALID                                   | INVALID                 | INVALID |
| respond            | somebody's Draft              | NOT_FOUND                                 | NOT_FOUND               | INVALID |
| respond            | own Closed                    | CLOSED                                    | CLOSED                  | CLOSED  |
| respond            | somebody's Won                | CLOSED                                    | CLOSED                  | CLOSED  |
| respond            | own archived                  | NOT_FOUND                                 | NOT_FOUND               | CLOSED  |
| respond and edit   | own Open                      | CREATE_RESPONSE + EDIT_ITEMS_THEY_CREATED | CREATE_RESPONSE         | yes     |
| respond and close  | own Open                      | CREATE_RESPONSE + EDIT_ITEMS_THEY_CREATED | CREATE_RESPONSE         | yes     |
| respond and edit   | Open, assigned to them        | -                                         | -                       | yes     |
| respond and close  | a colleague's Open            | -                                         | -                       | yes     |
| respond and close  | own Closed                    | CLOSED                                    | CLOSED                  | CLOSED  |
| make official      | own Open                      | yes                                       | yes                     | yes     |
| make official      | own Closed                    | yes                                       | yes                     | yes     |
| make official      | Open, assigned to them        | -                                         | -                       | yes     |
| make official      | somebody's Open               | NOT_FOUND                                 | NOT_FOUND               | yes     |
| make unofficial    | somebody's Open               | -                                         | -                       | yes     |
| make unofficial    | own archived                  | NOT_FOUND                                 | NOT_FOUND               | CLOSED  |
| archive            | own Draft                     | -                                         | -                       | yes     |
| archive            | own Open                      | -                                         | -                       | yes     |
| archive            | somebody's Won                | -                                         | -                       | yes     |
| restore            | own archived                  | NOT_FOUND                                 | NOT_FOUND               | yes     |
| restore            | somebody's archived           | NOT_FOUND                                 | NOT_FOUND               | yes     |
`;

/** A row of the table. */
export interface Row {
  name: string;
  deed: Deed;
  item: string;
  cells: Record<string, string>;
}

export const ROWS: Row[] = TABLE.trim()
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string, string, string])
  .map(([, deed, item, READ_ONLY, STANDARD, ADMIN]) => ({
    name: `${deed} ${item}`,
    deed: DEEDS[deed]!,
    item,
    cells: { READ_ONLY, STANDARD, ADMIN },
  }));
