import { builder } from '../graph/builder.ts';
import type { AccountInput, CaseInput, TeamInput } from './sync.input.ts';

const externalId = 'The id that it has where it comes from, up to 255 characters; twice in a list is INVALID.';
const name = 'Its name, up to 255 characters (REQUIRED).';
const owner = 'The external id of the user who looks after it, of this call or known already (NOT_FOUND).';
const team = 'The external id of the team that looks after it, of this call or known already (NOT_FOUND).';

export const TeamInputRef = builder.inputRef<TeamInput>('TeamInput').implement({
  description: 'A group of users.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    name: t.string({ required: true, description: name }),
    userExternalIds: t.stringList({
      required: true,
      description:
        'The external ids of all who belong to it, of this call or known already (NOT_FOUND): whoever is not among them leaves. At most 200 (TOO_MANY).',
    }),
  }),
});

export const AccountInputRef = builder.inputRef<AccountInput>('AccountInput').implement({
  description: 'The firm of contacts.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    name: t.string({ required: true, description: name }),
  }),
});

export const ContactInputRef = builder.inputType('ContactInput', {
  description: 'Somebody outside of the company. Absent fields stay as they are; null clears.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    name: t.string({ required: true, description: 'Full name, up to 255 characters (REQUIRED).' }),
    emails: t.stringList({
      required: true,
      description:
        'All of their e-mail addresses (INVALID), at most 20 (TOO_MANY). An address is one contact’s of the company, whatever its case (TAKEN; INVALID: twice here); contacts of one call may pass theirs on.',
    }),
    accountExternalId: t.string({
      description: 'The external id of their account, of this call or known already (NOT_FOUND).',
    }),
    ownerExternalId: t.string({ description: owner }),
    teamExternalId: t.string({ description: team }),
    status: t.string({ description: 'Their status in words of your own, up to 255 characters.' }),
    fields: t.field({
      type: 'JSON',
      description:
        'What else is kept of them: a JSON object, at most 5 levels deep (INVALID), at most 10,000 characters (TOO_LONG). It takes the place of what was there; names come back in another order.',
    }),
  }),
});

export const CaseInputRef = builder.inputRef<CaseInput>('CaseInput').implement({
  description:
    'A matter that a contact raises; its owner and the users of its team see it. Absent fields stay as they are; null clears.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalId }),
    title: t.string({ required: true, description: 'What it is called, up to 255 characters (REQUIRED).' }),
    typeName: t.string({ description: 'What kind of matter it is, in words of your own, up to 255 characters.' }),
    contactExternalId: t.string({
      description: 'The external id of the contact who raises it, of this call or known already (NOT_FOUND).',
    }),
    ownerExternalId: t.string({ description: owner }),
    teamExternalId: t.string({ description: team }),
  }),
});
