import { User, UserConnection } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { Item } from './item.graph.ts';
import { listUsersWithPermission } from './sight.queries.ts';

builder.objectField(Item, 'usersWithPermission', (t) =>
  t.connection(
    {
      type: User,
      description:
        'Everybody who can see it now, by name: those involved who have access still, readers of its tool, colleagues with VIEW_VENDOR_ITEMS, ADMINs. Shown to whoever sees the item.',
      resolve: (item, args, context) => listUsersWithPermission(context, item, args),
    },
    UserConnection,
  ),
);
