import { builder } from '../graph/builder.ts';
import type { Context } from '../graph/context.ts';
import { CostCode, Location, SpecificationSection, SubJob, Task, Trade } from '../reference/reference.graph.ts';
import { referenceNamed } from '../reference/reference.queries.ts';
import { Item } from './item.graph.ts';

const referred = ({ loads }: Context, id: string | null) => (id === null ? null : loads.at(referenceNamed, id));

/** The reference data of items; lists read their columns only when one of these is asked for (RARE in item.queries.ts). */
builder.objectFields(Item, (t) => ({
  location: t.field({
    type: Location,
    nullable: true,
    description: 'Where on the site.',
    resolve: ({ locationId }, _args, context) => referred(context, locationId),
  }),
  costCode: t.field({
    type: CostCode,
    nullable: true,
    description: 'What it is booked on.',
    resolve: ({ costCodeId }, _args, context) => referred(context, costCodeId),
  }),
  specificationSection: t.field({
    type: SpecificationSection,
    nullable: true,
    description: 'The section of the specification that it is about.',
    resolve: ({ specificationSectionId }, _args, context) => referred(context, specificationSectionId),
  }),
  subJob: t.field({
    type: SubJob,
    nullable: true,
    description: 'The sub job that it belongs to.',
    resolve: ({ subJobId }, _args, context) => referred(context, subJobId),
  }),
  trades: t.field({
    type: [Trade],
    description: 'The trades that it touches, in the order in which they were named.',
    resolve: ({ tradeIds }, _args, { loads }) => loads.allAt(referenceNamed, tradeIds),
  }),
  tasks: t.field({
    type: [Task],
    description: 'The tasks of the schedule that it touches, in the order in which they were named.',
    resolve: ({ taskIds }, _args, { loads }) => loads.allAt(referenceNamed, taskIds),
  }),
}));
