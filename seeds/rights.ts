import type { AccessLevel, GranularPermission } from '../src/permission/permission.policy.ts';
import type { PersonKey } from './people.ts';
import type { ToolKey } from './tools.ts';

type Grant = [level: AccessLevel, ...granular: GranularPermission[]];
type Rights = Partial<Record<ToolKey, Grant>>;

const ALL_FIVE: GranularPermission[] = [
  'CREATE',
  'EDIT_ITEMS_THEY_CREATED',
  'CREATE_RESPONSE',
  'RESPOND_TO_VENDOR_ITEMS',
  'VIEW_VENDOR_ITEMS',
];

const onBoth = (...grant: Grant): Rights => ({ basic: grant, review: grant });

/** Permission templates by name: what many have alike. */
export const TEMPLATES = {
  Administrators: { basic: ['ADMIN'], review: ['ADMIN'], backcharge: ['ADMIN'] },
  'Owner team': { basic: ['STANDARD', ...ALL_FIVE], review: ['READ_ONLY', 'CREATE_RESPONSE'] },
  Contractor: { basic: ['STANDARD'], review: ['STANDARD'], backcharge: ['STANDARD'] },
  Readers: onBoth('READ_ONLY'),
} satisfies Record<string, Rights>;

export type TemplateName = keyof typeof TEMPLATES;

interface Membership {
  template?: TemplateName;
  /** granted directly: takes the place of what the template says about that tool */
  grants?: Rights;
}

/** The members of the project. Oscar Outsider and Cora CompanyAdmin are none. */
export const MEMBERS: Partial<Record<PersonKey, Membership>> = {
  owner: { template: 'Owner team' },
  architect: { template: 'Administrators' },
  manager: { template: 'Administrators' },
  rita: { template: 'Readers' },
  carl: { grants: onBoth('READ_ONLY', 'CREATE') },
  edna: { grants: onBoth('READ_ONLY', 'CREATE', 'EDIT_ITEMS_THEY_CREATED') },
  ralph: { grants: onBoth('READ_ONLY', 'CREATE_RESPONSE') },
  vera: { grants: onBoth('READ_ONLY', 'RESPOND_TO_VENDOR_ITEMS') },
  victor: {
    template: 'Readers',
    grants: { ...onBoth('READ_ONLY', 'VIEW_VENDOR_ITEMS'), backcharge: ['READ_ONLY', 'VIEW_VENDOR_ITEMS'] },
  },
  stan: { template: 'Contractor' },
  dana: { template: 'Readers', grants: { backcharge: ['READ_ONLY'] } },
  adele: { grants: { review: ['ADMIN'] } },
  bea: { grants: onBoth('READ_ONLY', 'CREATE', 'EDIT_ITEMS_THEY_CREATED', 'CREATE_RESPONSE') },
  nora: { template: 'Readers', grants: onBoth('NONE') },
  ina: { template: 'Contractor' },
};

/** The members of the other project. */
export const OTHER_MEMBERS: Partial<Record<PersonKey, Membership>> = {
  architect: { template: 'Administrators' },
  oscar: { grants: { basic: ['STANDARD', 'CREATE_RESPONSE'] } },
};
