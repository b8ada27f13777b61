import type { FieldsetFieldInput } from '../src/tool/fieldset.input.ts';
import type { CreateGenericToolInput } from '../src/tool/tool.commands.ts';
import type { StatusCategory } from '../src/tool/tool.policy.ts';

interface ToolSeed {
  tool: Omit<CreateGenericToolInput, 'companyId'>;
  /** beside Draft, Open and Closed */
  statuses: { name: string; category: StatusCategory }[];
  fieldset: { name: string; sections: string[]; fields: FieldsetFieldInput[] };
}

const field = (name: FieldsetFieldInput['field'], section: string, required = false): FieldsetFieldInput => ({
  field: name,
  section,
  visible: true,
  required,
});
const hidden = (name: FieldsetFieldInput['field']): FieldsetFieldInput => ({
  field: name,
  visible: false,
  required: false,
});

/** The correspondence types of the demo: the tutorial's two, one that is super private, and one that no project uses. */
export const TOOLS = {
  basic: {
    tool: { externalId: '126094', title: 'Basic Correspondence', abbreviation: '01' },
    statuses: [
      { name: 'Awaiting Reply', category: 'OPEN' },
      { name: 'Agreed', category: 'CLOSED_SUCCESSFUL' },
      { name: 'Withdrawn', category: 'CLOSED_UNSUCCESSFUL' },
    ],
    fieldset: { name: 'Project correspondence', sections: [], fields: [hidden('QUANTITY')] },
  },
  review: {
    tool: {
      externalId: '126160',
      title: 'Design Review',
      abbreviation: 'DR',
      sendsOverdueNotifications: true,
    },
    statuses: [
      { name: 'In Review', category: 'OPEN' },
      { name: 'Approved', category: 'CLOSED_SUCCESSFUL' },
      { name: 'Rejected', category: 'CLOSED_UNSUCCESSFUL' },
    ],
    fieldset: {
      name: 'Design review form',
      sections: ['Question', 'Impact'],
      fields: [
        ...(['NUMBER', 'PRIVATE', 'DESCRIPTION', 'ASSIGNEES', 'DUE_DATE'] as const).map((name) =>
          field(name, 'Question'),
        ),
        ...(['TITLE', 'STATUS'] as const).map((name) => field(name, 'Question', true)),
        ...(['SCHEDULE_IMPACT', 'COST_IMPACT', 'QUANTITY'] as const).map((name) => field(name, 'Impact')),
      ],
    },
  },
  // super private: its private items are for those involved, whatever others are
  backcharge: {
    tool: { externalId: '126171', templateKey: 'notification_of_backcharge', adminsSeePrivateItems: false },
    statuses: [
      { name: 'Settled', category: 'CLOSED_SUCCESSFUL' },
      { name: 'Dropped', category: 'CLOSED_UNSUCCESSFUL' },
    ],
    // an amount is what it is about: COST_IMPACT has to be there once it is issued
    fieldset: {
      name: 'Backcharge',
      sections: ['Charge'],
      fields: [field('COST_IMPACT', 'Charge', true), hidden('SCHEDULE_IMPACT')],
    },
  },
} satisfies Record<string, ToolSeed>;

export type ToolKey = keyof typeof TOOLS;

/** Made from a template, and applied nowhere: a type of the company that is available in no project. */
export const UNUSED_TEMPLATE = 'letters';
