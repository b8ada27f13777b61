/**
 * Whether user $1 (vendor $2) sees item i of status s: the rules of the domain as OR and EXISTS, for r a row of tool_rights of the user
 * and t its tool.
 */
export const SEEN = `
  (i.archived_at is null or r.access_level = 'ADMIN')
  and case when s.category = 'DRAFT'
    then i.created_by_id = $1 or (r.access_level = 'ADMIN' and (not i.private or t.admins_see_private_items))
    else not i.private
      or (r.access_level = 'ADMIN' and t.admins_see_private_items)
      or i.created_by_id = $1 or i.received_from_id = $1
      or exists (select 1 from item_people p where p.item_id = i.id and p.user_id = $1)
      or ('VIEW_VENDOR_ITEMS' = any(r.granular_permissions) and (
        exists (select 1 from users u where u.id in (i.created_by_id, i.received_from_id) and u.vendor_id = $2)
        or exists (select 1 from item_people p join users u on u.id = p.user_id where p.item_id = i.id and u.vendor_id = $2)))
  end`;

export const FROM_ITEMS = `items i
  join generic_tool_statuses s on s.id = i.status_id
  join generic_tools t on t.id = i.generic_tool_id
  join tool_rights r on r.user_id = $1 and r.project_id = i.project_id and r.generic_tool_id = i.generic_tool_id`;

export const COLUMNS = `i.id, i.external_id as "externalId", i.number, i.position, i.title, i.description, i.private, i.due_date::text as "dueDate",
  i.quantity, i.unit, i.created_at as "createdAt", i.updated_at as "updatedAt", i.issued_at as "issuedAt", i.closed_at as "closedAt",
  i.archived_at as "archivedAt", i.version, i.generic_tool_id as "genericToolId", i.status_id as "statusId",
  i.created_by_id as "createdById", i.received_from_id as "receivedFromId", r.access_level as "accessLevel"`;
