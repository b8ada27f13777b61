import { Project } from '../directory/directory.graph.ts';
import { builder } from '../graph/builder.ts';
import { GenericToolStatus } from '../tool/status.graph.ts';
import { statusNamed } from '../tool/status.queries.ts';
import { GenericTool } from '../tool/tool.graph.ts';
import { toolNamed } from '../tool/tool.queries.ts';
import { ItemFilterRef } from './itemInput.graph.ts';
import { countItems, type ItemStatisticRow } from './statistics.queries.ts';

const ItemStatistic = builder.objectRef<ItemStatisticRow>('ItemStatistic').implement({
  description: 'How many items of a tool have a status.',
  fields: (t) => ({
    genericTool: t.field({
      type: GenericTool,
      description: 'The tool.',
      resolve: ({ genericToolId }, _args, { loads }) => loads.the(toolNamed, genericToolId),
    }),
    status: t.field({
      type: GenericToolStatus,
      description: 'The status.',
      resolve: ({ statusId }, _args, { loads }) => loads.the(statusNamed, statusId),
    }),
    count: t.exposeInt('count', { description: 'How many there are that you see.' }),
    overdue: t.exposeInt('overdue', {
      description: "How many of them are Open and were due before today in the project's time zone.",
    }),
  }),
});

builder.objectField(Project, 'itemStatistics', (t) =>
  t.field({
    type: [ItemStatistic],
    description:
      'The items of this project that you see, counted by tool and status, in this order; pairs without any are left out.',
    args: {
      filter: t.arg({
        type: ItemFilterRef,
        description: 'Which items; all that you see and that are not archived if left out.',
      }),
    },
    resolve: ({ id }, { filter }, context) => countItems(context, id, filter),
  }),
);
