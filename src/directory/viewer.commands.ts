import { transaction } from '../database/transaction.ts';
import type { Context } from '../graph/context.ts';
import { Faults } from '../kernel/input.ts';
import { lockCompany } from './admin.commands.ts';
import { UserSchema } from './directory.entity.ts';
import { isLocale } from './directory.policy.ts';

export interface UpdateViewerInput {
  wantsEmail?: boolean | null;
  locale?: string | null;
}

/** What everybody may change about themself: whether they want mail, and their language. */
export async function updateViewer({ world, viewer }: Context, input: UpdateViewerInput): Promise<void> {
  const faults = new Faults();
  const locale = faults.text(input.locale, ['locale'], 'the locale', { max: 35 }); // RFC 5646 4.4.1: enough for any tag
  if (locale && !isLocale(locale))
    faults.add('INVALID', `"${locale}" is not a language tag such as "en-GB".`, ['locale']);
  if (input.wantsEmail === null) faults.add('REQUIRED', 'wantsEmail is true or false.', ['wantsEmail']);
  faults.refuse();
  await transaction(world, async (act) => {
    // syncDirectory writes whole rows of users
    await lockCompany(act, viewer.companyId);
    const user = await act.em.findOneOrFail(UserSchema, { id: viewer.id });
    if (typeof input.wantsEmail === 'boolean') user.wantsEmail = input.wantsEmail;
    if (locale !== undefined) user.locale = locale;
  });
}
