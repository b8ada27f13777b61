import { transaction } from '../database/transaction.ts';
import type { Context } from '../graph/context.ts';
import { newId } from '../kernel/ids.ts';
import { Faults } from '../kernel/input.ts';
import { sortKey } from '../kernel/text.ts';
import type { World } from '../world.ts';
import { lockCompany, ownCompany, requireAdmin } from './admin.commands.ts';
import { CompanySchema, UserSchema } from './directory.entity.ts';
import { isEmail, nameOfEmail } from './directory.policy.ts';
import { readEmailMembers, writeEmailMembers } from './emailMember.commands.ts';
import type { Viewer } from './viewer.ts';

export const ADMINS_CHANGE_COMPANIES = 'Only company admins may change the settings of the company.';

export interface UpdateCompanyInput {
  id: string;
  name?: string | null;
  issuedItemsAreFrozen?: boolean | null;
  itemUrlTemplate?: string | null;
  emailMemberIds?: readonly string[] | null;
}

/** Changes settings of the viewer's company; gives its id. Company admins only. */
export async function updateCompany({ world, viewer }: Context, input: UpdateCompanyInput): Promise<string> {
  const faults = new Faults();
  const id = ownCompany(faults, viewer, input.id, ['id']);
  const name = input.name === undefined ? undefined : faults.requiredText(input.name, ['name'], 'the name');
  const template = faults.webAddress(input.itemUrlTemplate, ['itemUrlTemplate'], 'the template of addresses');
  if (template && !template.includes('{itemId}'))
    faults.add('INVALID', `"${template.slice(0, 100)}" has no {itemId} where the item's id goes.`, ['itemUrlTemplate']);
  if (input.issuedItemsAreFrozen === null)
    faults.add('REQUIRED', 'issuedItemsAreFrozen is true or false.', ['issuedItemsAreFrozen']);
  faults.refuse();
  await transaction(world, async (act) => {
    await lockCompany(act, id);
    await requireAdmin(act, viewer, ADMINS_CHANGE_COMPANIES);
    const inbox = { companyId: id, projectId: null };
    const emailMembers = await readEmailMembers(act, faults, input.emailMemberIds, inbox);
    faults.refuse();
    if (emailMembers) await writeEmailMembers(act, inbox, emailMembers);
    const company = await act.em.findOneOrFail(CompanySchema, { id });
    if (name !== undefined) company.name = name;
    if (typeof input.issuedItemsAreFrozen === 'boolean') company.issuedItemsAreFrozen = input.issuedItemsAreFrozen;
    if (template !== undefined) company.itemUrlTemplate = template;
  });
  return id;
}

export interface NewCompany {
  name: string;
  adminEmail: string;
  /** left out, the address says it */
  adminName?: string;
  externalId?: string;
}

/** Makes a company with its first admin, and gives that admin as a viewer. Who may: whoever may start programs on the server. */
export async function createCompany(world: World, input: NewCompany): Promise<Viewer> {
  const faults = new Faults();
  const name = faults.requiredText(input.name, ['name'], 'the name of the company');
  const externalId = faults.text(input.externalId, ['externalId'], 'the external id') ?? null;
  const email = faults.requiredText(input.adminEmail, ['adminEmail'], 'the e-mail address of the admin');
  if (email && !isEmail(email))
    faults.add('INVALID', `"${email.slice(0, 100)}" is not an e-mail address.`, ['adminEmail']);
  const adminName =
    faults.text(input.adminName, ['adminName'], 'the name of the admin') ?? (nameOfEmail(email) || email);
  faults.refuse();
  const [companyId, id] = [newId(world.clock.now()), newId(world.clock.now())];
  await transaction(world, async ({ em }) => {
    em.create(CompanySchema, { id: companyId, name, externalId, issuedItemsAreFrozen: false });
    await em.flush();
    em.create(UserSchema, {
      id,
      companyId,
      name: adminName,
      nameKey: sortKey(adminName),
      email,
      active: true,
      isService: false,
      isCompanyAdmin: true,
      wantsEmail: true,
    });
  });
  return {
    id,
    name: adminName,
    vendorId: null,
    companyId,
    isCompanyAdmin: true,
    companies: [{ id: companyId, name }],
  };
}
