import { isLocale } from '../directory/directory.policy.ts';
import type { Faults } from '../kernel/input.ts';
import { flagOf, idOf, isRaw, objectOf, type Raw, requiredId, requiredText, textOf } from './raw.policy.ts';

/** A firm as a record names it: by id and name, or by its name alone. */
export interface SourceVendor {
  externalId: string | null;
  name: string;
}

/** A person as a record names them, inside of an item or in a list of users. */
export interface SourcePerson {
  externalId: string;
  name: string;
  /** null: they have no login any more */
  email: string | null;
  locale: string | undefined;
  vendor: SourceVendor | null;
}

/** A user of the directory. */
export interface SourceUser extends SourcePerson {
  active: boolean | undefined;
  jobTitle: string | undefined;
  phone: string | undefined;
}

/** The firm in a field of a record, or the one that it names by company_name alone. */
function vendorIn(faults: Faults, raw: Raw, field: string): SourceVendor | null {
  const firm = objectOf(faults, raw, field);
  const name = firm ? textOf(faults, firm, 'name') : textOf(faults, raw, 'company_name');
  return name === null ? null : { externalId: firm && idOf(firm.id), name };
}

const localeIn = (raw: Raw): string | undefined =>
  typeof raw.locale === 'string' && isLocale(raw.locale) ? raw.locale : undefined;

/** Somebody whom a record refers to; null when it refers to nobody. */
export function personOf(faults: Faults, raw: Raw, field: string): SourcePerson | null {
  const person = objectOf(faults, raw, field);
  return person && personIn(faults, person, field);
}

/** Several people whom a record refers to, each once. */
export function peopleOf(faults: Faults, raw: Raw, field: string): SourcePerson[] {
  const list = raw[field];
  if (list == null) return [];
  if (!Array.isArray(list) || !list.every(isRaw)) {
    faults.add('INVALID', `${field} is no list of people.`, [field]);
    return [];
  }
  const people = list.map((person) => personIn(faults, person, field));
  return [...new Map(people.map((person) => [person.externalId, person])).values()];
}

function personIn(faults: Faults, person: Raw, field: string): SourcePerson {
  const externalId = idOf(person.id);
  if (externalId === null) faults.add('INVALID', `${field} names somebody without an id.`, [field]);
  const email = textOf(faults, person, 'login') ?? textOf(faults, person, 'email_address');
  return {
    externalId: externalId ?? '',
    name: textOf(faults, person, 'name') ?? email ?? `User ${externalId}`,
    email,
    locale: localeIn(person),
    vendor: vendorIn(faults, person, 'company'),
  };
}

/** A record of users.json. */
export function userOf(faults: Faults, raw: Raw): SourceUser {
  const full = [raw.first_name, raw.last_name].filter((part) => typeof part === 'string' && part.trim()).join(' ');
  return {
    externalId: requiredId(faults, raw),
    name: textOf(faults, raw, 'name') ?? (full || requiredText(faults, raw, 'name')),
    email: ['email_address', 'email', 'login'].reduce<string | null>(
      (found, field) => found ?? textOf(faults, raw, field),
      null,
    ),
    locale: localeIn(raw),
    vendor: vendorIn(faults, raw, raw.vendor == null ? 'company' : 'vendor'),
    active: flagOf(faults, raw, 'is_active') ?? undefined,
    jobTitle: textOf(faults, raw, 'job_title') ?? undefined,
    phone: textOf(faults, raw, 'business_phone') ?? textOf(faults, raw, 'mobile_phone') ?? undefined,
  };
}

/** A record of vendors.json. */
export const vendorOf = (faults: Faults, raw: Raw): { externalId: string; name: string } => ({
  externalId: requiredId(faults, raw),
  name: requiredText(faults, raw, 'name'),
});

/** A record of projects.json. */
export const projectOf = (faults: Faults, raw: Raw) => ({
  externalId: requiredId(faults, raw),
  name: textOf(faults, raw, 'name') ?? requiredText(faults, raw, 'display_name'),
  number: textOf(faults, raw, 'project_number') ?? undefined,
  timeZone: textOf(faults, raw, 'tz_name') ?? textOf(faults, raw, 'time_zone'),
});
