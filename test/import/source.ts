import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/* What Procore's list endpoints answer about the company of its correspondence tutorial. */

const firm = (id: number, name: string) => ({ id, name });
const person = (id: number, login: string, name: string, company: ReturnType<typeof firm>) => ({
  id,
  login,
  name,
  company,
});
export const OWNER = person(1477682, 'jjowner@example.com', 'Joe Owner', firm(3968041, 'JJ Developers'));
export const ARCHITECT = person(
  3277981,
  'architect@example.com',
  'Architect',
  firm(3968054, 'Construction Management, Inc'),
);
export const MANAGER = person(1477666, 'jpm@example.com', 'Joe ProjectManager', firm(3828353, 'JMJ Construction'));
/** in no list of users any more */
export const GONE = person(990001, 'gone@example.com', 'Gwen Gone', firm(3968041, 'JJ Developers'));

const user = ({ id, login, name, company }: typeof OWNER) => ({
  id,
  name,
  email_address: login,
  vendor: company,
  is_active: true,
  job_title: null,
});

const TOOL = { id: 126160, domain_id: -126160, title: 'Design Review', abbreviation: 'DR' };

/** An item as the list has it; the first is that of the tutorial. */
export const item = (more: object = {}) => ({
  id: 14233,
  title: 'Console design finishes',
  position: 'DR-interior-002',
  status: 'Open',
  status_type: 'Open',
  private: true,
  description: '<p>Please confirm the <b>finishes</b>.</p><script>alert(1)</script>',
  due_date: '2020-08-31',
  issued_at: '2020-08-03T16:00:00Z',
  closed_at: null,
  created_at: '2020-08-03T15:00:00Z',
  updated_at: '2020-08-10T09:30:00Z',
  schedule_impact: { status: 'yes_known', value: 5.5 },
  cost_impact: { status: 'no_impact', value: 0.0 },
  created_by: ARCHITECT,
  received_from: null,
  assignees: [OWNER],
  distribution_members: [MANAGER],
  generic_tool: TOOL,
  location: { id: 71, name: 'Building A>Level 2>Room 204', node_name: 'Room 204', parent_id: 70, code: null },
  cost_code: { id: 81, full_code: '01-002', name: 'Purchasing' },
  specification_section: { id: 91, number: '08 80 00', description: 'Glazing', label: '08 80 00 - Glazing' },
  sub_job: { id: 61, name: 'Garage', Code: '02' },
  trades: [
    { id: 52, name: 'Masonry', active: true },
    { id: 51, name: 'Glazing', active: true },
  ],
  tasks: [{ id: 41, name: 'Pour slab', task_name: 'Pour slab', key: 'A1040' }],
  attachments: [{ id: 7001, url: 'https://store.example.com/7001?sig=x', filename: 'finishes.pdf' }],
  document_management_document_revision_ids: ['01J9ZXK3'],
  custom_fields: {
    custom_field_301: { data_type: 'string', value: 'Two\nlines' },
    custom_field_302: { data_type: 'decimal', value: 1250.5, variant: 'currency' },
    custom_field_303: { data_type: 'lov_entry', value: { id: 1, label: 'Walnut' } },
    custom_field_304: {
      data_type: 'lov_entries',
      value: [
        { id: 4, label: 'Green' },
        { id: 3, label: 'Red' },
      ],
    },
    custom_field_305: { data_type: 'boolean', value: false },
    custom_field_306: { data_type: 'string', value: null },
    custom_field_307: { data_type: 'login_information', value: GONE },
    custom_field_308: { data_type: 'hologram', value: 'x' },
  },
  ...more,
});

const simple = (id: number, more: object = {}) =>
  item({
    ...{ id, position: `DR-${String(id).padStart(3, '0')}`, title: `Item ${id}`, private: false, assignees: [] },
    ...{ distribution_members: [], location: null, cost_code: null, specification_section: null, sub_job: null },
    ...{ custom_fields: {}, attachments: [], document_management_document_revision_ids: [] },
    ...{ trades: [], tasks: [], schedule_impact: { status: null, value: null }, cost_impact: null, due_date: null },
    ...more,
  });

export { simple };

export const RESPONSES = [
  {
    id: 501,
    notes: 'The finishes are confirmed.',
    created_at: '2020-08-05T10:00:00Z',
    official: true,
    position: 1,
    status: 'Open',
    created_by: { id: OWNER.id, login: OWNER.login, name: OWNER.name, company_name: 'JJ Developers' },
    attachments: [],
    download_all_attachments_url: null,
  },
  {
    id: 502,
    notes: '',
    created_at: '2020-08-06T10:00:00Z',
    official: false,
    position: 3,
    status: 'Open',
    created_by: { id: GONE.id, login: GONE.login, name: GONE.name, company_name: 'JJ Developers' },
    attachments: [{ id: 7002, url: 'javascript:alert(1)', filename: 'veneer.jpg', viewable_type: 'Image' }],
  },
];

const change = (id: number, column: string, label: string, old: unknown, now: unknown, at: string, by = ARCHITECT) => ({
  ...{ id, column, readable_column: label, formatted_column: label, old_value: old, new_value: now, created_at: at },
  created_by: { id: by.id, login: by.login, name: by.name, company_name: by.company.name },
});
export const CHANGES = [
  change(901, 'title', 'Title', 'Console', 'Console design finishes', '2020-08-03T15:30:00Z'),
  change(902, 'status', 'Status', 'Draft', 'Open', '2020-08-03T15:59:59.900Z'),
  change(903, 'due_date', 'Due Date', null, '2020-08-31', '2020-08-10T09:30:00Z'),
  change(904, 'workflow_step', 'Workflow Step', 'Review', 'Approval', '2020-08-10T09:30:00Z', MANAGER),
];

export type Files = Record<string, unknown>;
const LIBRARY = 'projects/219542';
export const REVIEWS = `${LIBRARY}/generic_tools/126160`;

/** The whole folder, by the paths of its files. */
export const tutorial = (): Files => ({
  'generic_tools.json': [
    { id: 126094, domain_id: -126094, title: 'Basic Correspondence', abbreviation: '01', private_by_default: true },
    { ...TOOL, private_by_default: true },
  ],
  'generic_tools/126160/statuses.json': [
    { id: 31, status_name: 'Open', status: 'Open', is_used: true },
    { id: 32, status_name: 'In Review', status: 'Open', is_used: false },
    { id: 33, status_name: 'Approved', status: 'Closed - Successful', is_used: false },
  ],
  'users.json': { data: [user(OWNER), user(ARCHITECT)] },
  'users-2.json': [user(MANAGER)],
  'custom_field_definitions.json': [
    { id: 301, label: 'Room', active: true, data_type: 'string' },
    { id: 302, label: 'Budget', active: true, data_type: 'number', variant: 'currency' },
    {
      ...{ id: 303, label: 'Veneer', active: true, data_type: 'lov_entry' },
      custom_field_lov_entries: [
        { id: 1, label: 'Walnut', position: 1, active: false },
        { id: 2, label: 'Oak', position: 2, active: true },
      ],
    },
    { id: 309, label: 'room', active: true, data_type: 'boolean' },
    { id: 310, label: 'Unused', active: false, data_type: 'string' },
  ],
  'projects.json': [
    { id: 219542, name: 'Harborview Library', project_number: '24-118', time_zone: 'US/Pacific', active: true },
  ],
  [`${LIBRARY}/generic_tools.json`]: [{ id: 126094, title: 'Basic Correspondence', abbreviation: '01' }],
  [`${REVIEWS}/items-1.json`]: [
    item(),
    simple(15, {
      ...{
        status: 'Void',
        status_type: 'Closed',
        closed_at: '2020-09-01T00:00:00Z',
        origin_generic_tool_item_id: 14233,
      },
      ...{ schedule_impact: 'tbd', schedule_impact_value: '', quantity: 12, uom: 'pcs' },
    }),
  ],
  [`${REVIEWS}/items-2.json`]: [
    simple(16, { status: 'Draft', status_type: 'Draft', issued_at: null, origin_rfi_id: 4401 }),
  ],
  [`${REVIEWS}/recycle_bin.json`]: [simple(17)],
  [`${REVIEWS}/items/14233/responses.json`]: RESPONSES,
  [`${REVIEWS}/items/14233/change_histories.json`]: CHANGES,
});

/** Writes files into a folder of their own. */
export async function folderOf(files: Files) {
  const path = await mkdtemp(join(tmpdir(), 'import-'));
  const write = async (more: Files) => {
    for (const [file, content] of Object.entries(more)) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), typeof content === 'string' ? content : JSON.stringify(content));
    }
  };
  await write(files);
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
