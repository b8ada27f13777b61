import { AttachmentReferenceInputRef, references, uploadIds } from '../file/attachInput.graph.ts';
import { builder } from '../graph/builder.ts';
import { StatusCategoryEnum } from '../tool/status.graph.ts';
import { TopicInputRef } from '../topic/topic.graph.ts';
import type { ItemFilterInput } from './item.filter.ts';
import type { ITEM_ORDER_FIELDS, ItemOrderInput } from './item.order.ts';
import type { ItemPatch } from './item.patch.ts';
import type { IMPACT_STATUSES } from './item.policy.ts';

export const ImpactStatusRef = builder.enumType('ImpactStatus', {
  description: 'Whether what an item is about bears on schedule or cost.',
  values: {
    YES_KNOWN: { description: 'Yes, and by how much is known: only then a value can be given.' },
    YES_UNKNOWN: { description: 'Yes, but it is not known by how much.' },
    NO_IMPACT: { description: 'No.' },
    TBD: { description: 'To be determined.' },
    N_A: { description: 'Not applicable.' },
  } satisfies Record<(typeof IMPACT_STATUSES)[number], object>,
});

const IDFilterRef = builder.inputType('IDFilter', {
  description: 'Compares an id. All that is given must hold; ids that you may not see match nothing.',
  fields: (t) => ({
    eq: t.id({ description: 'It is this one. On fields with many values: one of them is.' }),
    in: t.idList({ description: 'It is one of these, at most 50; an empty list matches nothing.' }),
    notIn: t.idList({ description: 'It is none of these, at most 50; also true where there is none.' }),
    isMe: t.boolean({ description: 'Fields of users only: true, it is you; false, it is not you.' }),
    null: t.boolean({ description: 'true: there is none; false: there is one.' }),
  }),
});

const StringFilterRef = builder.inputType('StringFilter', {
  description: 'Compares a text, whatever its case. All that is given must hold. Texts up to 255 characters.',
  fields: (t) => ({
    eq: t.string({ description: 'It is this text.' }),
    in: t.stringList({ description: 'It is one of these, at most 50; an empty list matches nothing.' }),
    contains: t.string({ description: 'This text is somewhere in it.' }),
    startsWith: t.string({ description: 'It begins with this text.' }),
    null: t.boolean({ description: 'true: there is none; false: there is one.' }),
  }),
});

const BooleanFilterRef = builder.inputType('BooleanFilter', {
  description: 'Compares a yes or no.',
  fields: (t) => ({ eq: t.boolean({ description: 'It is this.' }) }),
});

const DateFilterRef = builder.inputType('DateFilter', {
  description: 'Compares a day. All that is given must hold.',
  fields: (t) => ({
    eq: t.field({ type: 'Date', description: 'On this day.' }),
    gte: t.field({ type: 'Date', description: 'On this day or later.' }),
    gt: t.field({ type: 'Date', description: 'After this day.' }),
    lte: t.field({ type: 'Date', description: 'On this day or earlier.' }),
    lt: t.field({ type: 'Date', description: 'Before this day.' }),
    null: t.boolean({ description: 'true: there is none; false: there is one.' }),
  }),
});

const DateTimeFilterRef = builder.inputType('DateTimeFilter', {
  description: 'Compares a moment. All that is given must hold.',
  fields: (t) => ({
    gte: t.field({ type: 'DateTime', description: 'At this moment or later.' }),
    gt: t.field({ type: 'DateTime', description: 'After this moment.' }),
    lte: t.field({ type: 'DateTime', description: 'At this moment or earlier.' }),
    lt: t.field({ type: 'DateTime', description: 'Before this moment.' }),
    null: t.boolean({ description: 'true: there is none; false: there is one.' }),
  }),
});

const DecimalFilterRef = builder.inputType('DecimalFilter', {
  description: 'Compares a decimal number. All that is given must hold.',
  fields: (t) => ({
    eq: t.field({ type: 'Decimal', description: 'It is this number: "1.5" is "1.50".' }),
    gte: t.field({ type: 'Decimal', description: 'It is this or more.' }),
    gt: t.field({ type: 'Decimal', description: 'It is more.' }),
    lte: t.field({ type: 'Decimal', description: 'It is this or less.' }),
    lt: t.field({ type: 'Decimal', description: 'It is less.' }),
    null: t.boolean({ description: 'true: there is none; false: there is one.' }),
  }),
});

const CustomFieldFilterRef = builder.inputType('CustomFieldFilter', {
  description:
    'Compares the values of a custom field, in whatever fieldset. Exactly one comparison is given, of the kind that the type of the field ' +
    'has; anything else, and a field that is READ_ONLY, is BAD_USER_INPUT.',
  fields: (t) => ({
    customFieldId: t.id({
      required: true,
      description: 'Id of a CustomField; one that the company does not have matches nothing.',
    }),
    string: t.field({ type: StringFilterRef, description: 'Of a STRING; of a RICH_TEXT its plain text.' }),
    decimal: t.field({ type: DecimalFilterRef, description: 'Of a DECIMAL or CURRENCY.' }),
    boolean: t.field({ type: BooleanFilterRef, description: 'Of a BOOLEAN: where nobody has said, it is neither.' }),
    date: t.field({ type: DateFilterRef, description: 'Of a DATE.' }),
    dateTime: t.field({ type: DateTimeFilterRef, description: 'Of a DATETIME.' }),
    option: t.field({
      type: IDFilterRef,
      description: 'Of a SINGLE_SELECT or MULTI_SELECT, by ids of its options. isMe makes no sense.',
    }),
    user: t.field({ type: IDFilterRef, description: 'Of a USER or USERS.' }),
    vendor: t.field({ type: IDFilterRef, description: 'Of a COMPANY. isMe makes no sense.' }),
    location: t.field({ type: IDFilterRef, description: 'Of a LOCATION. isMe makes no sense.' }),
  }),
});

const StatusCategoryFilterRef = builder.inputType('StatusCategoryFilter', {
  description: 'Compares the category of a status. All that is given must hold.',
  fields: (t) => ({
    eq: t.field({ type: StatusCategoryEnum, description: 'It is this one.' }),
    in: t.field({ type: [StatusCategoryEnum], description: 'It is one of these; an empty list matches nothing.' }),
    notIn: t.field({ type: [StatusCategoryEnum], description: 'It is none of these.' }),
  }),
});

export const ItemFilterRef = builder.inputRef<ItemFilterInput>('ItemFilter');
ItemFilterRef.implement({
  description:
    'Which items to list. All that is given must hold; an empty filter restricts nothing. ' +
    '`and`, `or` and `not` nest to a depth of 3, with at most 300 filters and comparisons in all; more, or what makes no sense, is BAD_USER_INPUT.',
  fields: (t) => ({
    and: t.field({
      type: [ItemFilterRef],
      description: 'All of these hold, at most 50; an empty list restricts nothing.',
    }),
    or: t.field({
      type: [ItemFilterRef],
      description: 'Some of these holds, at most 50; an empty list restricts nothing.',
    }),
    not: t.field({ type: ItemFilterRef, description: 'This does not hold; also true of values that are not there.' }),
    ids: t.idList({ description: 'Only these items, at most 50; an empty list matches nothing.' }),
    project: t.field({ type: IDFilterRef, description: 'By project.' }),
    genericTool: t.field({ type: IDFilterRef, description: 'By tool.' }),
    status: t.field({ type: IDFilterRef, description: 'By status.' }),
    statusName: t.field({ type: StringFilterRef, description: 'By the name of the status, in whatever tool.' }),
    statusCategory: t.field({ type: StatusCategoryFilterRef, description: 'By the category of the status.' }),
    number: t.field({ type: StringFilterRef, description: 'By number with its prefix: "DR-interior-002".' }),
    title: t.field({ type: StringFilterRef, description: 'By title.' }),
    query: t.string({
      description:
        'Every word of it, at most 10 in 255 characters, begins a word of the number, the title, the description or a custom field (STRING, RICH_TEXT), whatever case and accents. Words are letters and digits that stand together; 2 finds 002 as well. Blank restricts nothing; punctuation alone finds nothing.',
    }),
    private: t.field({ type: BooleanFilterRef, description: 'By whether it is private.' }),
    overdue: t.field({
      type: BooleanFilterRef,
      description: "Open and due before today, in its project's time zone; or not so.",
    }),
    archived: t.boolean({
      description: 'true: archived ones only, for ADMINs; else live ones only. At the top of a filter only.',
    }),
    createdBy: t.field({ type: IDFilterRef, description: 'By who made it.' }),
    receivedFrom: t.field({ type: IDFilterRef, description: 'By whom it was received from.' }),
    assignee: t.field({ type: IDFilterRef, description: 'By assignees.' }),
    distributionMember: t.field({ type: IDFilterRef, description: 'By distribution members.' }),
    vendor: t.field({
      type: IDFilterRef,
      description: 'By the vendor of anybody involved: creator, received-from, assignees, distribution.',
    }),
    location: t.field({ type: IDFilterRef, description: 'By location.' }),
    costCode: t.field({ type: IDFilterRef, description: 'By cost code.' }),
    specificationSection: t.field({ type: IDFilterRef, description: 'By section of the specification.' }),
    subJob: t.field({ type: IDFilterRef, description: 'By sub job.' }),
    trade: t.field({ type: IDFilterRef, description: 'By trades.' }),
    dueDate: t.field({ type: DateFilterRef, description: 'By due date.' }),
    createdAt: t.field({ type: DateTimeFilterRef, description: 'By when it was made.' }),
    updatedAt: t.field({ type: DateTimeFilterRef, description: 'By when it was last changed.' }),
    issuedAt: t.field({ type: DateTimeFilterRef, description: 'By when it was issued.' }),
    closedAt: t.field({ type: DateTimeFilterRef, description: 'By when it was closed.' }),
    customFields: t.field({
      type: [CustomFieldFilterRef],
      description: 'By values of custom fields: all of these hold, at most 50; an empty list restricts nothing.',
    }),
  }),
});

const ItemOrderFieldRef = builder.enumType('ItemOrderField', {
  description: 'What items can be ordered by.',
  values: {
    NUMBER: { description: 'By number as people count: DR-999 before DR-1000.' },
    TITLE: { description: 'By title, without case and accents.' },
    STATUS: { description: 'By category (Draft, Open, Closed, successful, unsuccessful), then by name.' },
    DUE_DATE: { description: 'By due date.' },
    CREATED_AT: { description: 'By when it was made.' },
    UPDATED_AT: { description: 'By when it was last changed.' },
    ISSUED_AT: { description: 'By when it was issued.' },
    CLOSED_AT: { description: 'By when it was closed.' },
    GENERIC_TOOL: { description: 'By the title of its tool.' },
    ASSIGNEE: { description: 'By the name of the first assignee.' },
  } satisfies Record<(typeof ITEM_ORDER_FIELDS)[number], object>,
});

const OrderDirectionRef = builder.enumType('OrderDirection', {
  description: 'Which way a key runs.',
  values: {
    ASC: { description: 'Smallest, earliest, first letter first.' },
    DESC: { description: 'The other way round.' },
  },
});

const NullsOrderRef = builder.enumType('NullsOrder', {
  description: 'Where rows go that have no value.',
  values: { FIRST: { description: 'Before all others.' }, LAST: { description: 'After all others.' } },
});

export const ItemOrderRef = builder.inputRef<ItemOrderInput>('ItemOrder');
ItemOrderRef.implement({
  description: 'One key to order items by; the id always decides last, so that paging never loses or repeats a row.',
  fields: (t) => ({
    field: t.field({ type: ItemOrderFieldRef, description: 'The field; either this or customFieldId must be given.' }),
    customFieldId: t.id({
      description:
        'A custom field: texts without case and accents, selects by the position of the option, people and firms by name, locations by path, ' +
        'No before Yes. BAD_USER_INPUT if there is none such, or if it is MULTI_SELECT, USERS, RICH_TEXT or READ_ONLY.',
    }),
    direction: t.field({ type: OrderDirectionRef, defaultValue: 'ASC', description: 'Which way.' }),
    nulls: t.field({
      type: NullsOrderRef,
      defaultValue: 'LAST',
      description: 'Where items without a value go, whichever way.',
    }),
  }),
});

const ScheduleImpactInputRef = builder.inputType('ScheduleImpactInput', {
  description: 'An impact on the schedule.',
  fields: (t) => ({
    status: t.field({ type: ImpactStatusRef, required: true, description: 'Whether there is one.' }),
    days: t.float({ description: 'By how many days; only with YES_KNOWN, else INVALID.' }),
  }),
});

const CostImpactInputRef = builder.inputType('CostImpactInput', {
  description: 'An impact on the cost.',
  fields: (t) => ({
    status: t.field({ type: ImpactStatusRef, required: true, description: 'Whether there is one.' }),
    amount: t.field({ type: 'Decimal', description: 'By how much money; only with YES_KNOWN, else INVALID.' }),
  }),
});

const CustomFieldValueInputRef = builder.inputType('CustomFieldValueInput', {
  description: 'What to write into a custom field.',
  fields: (t) => ({
    customFieldId: t.id({ required: true, description: 'Id of a CustomField.' }),
    value: t.field({
      type: 'JSON',
      description:
        'The value, as CustomFieldType says for its type, else INVALID; null clears it, leaving it out is REQUIRED. People, firms, locations ' +
        'and options that it names anew are NOT_FOUND or NOT_SELECTABLE; those that are there may stay.',
    }),
  }),
});

const people =
  'At most 200 (TOO_MANY). Only who is added is checked: unknown is NOT_FOUND, inactive or without access to the tool in the project NOT_SELECTABLE.';

const reference =
  'Of the project. Only what is added is checked: of another project or unknown is NOT_FOUND, inactive NOT_SELECTABLE.';

export const ItemPatchRef = builder.inputRef<ItemPatch>('ItemPatch');
ItemPatchRef.implement({
  description:
    'What to say about an item, the same on create, update and batch. Absent fields stay as they are, null clears, a list replaces the list. ' +
    'Writing a field that the fieldset hides is INVALID; leaving out what it requires of issued items is REQUIRED; ' +
    'where the company freezes issued items, anything but the status of one is FROZEN.',
  fields: (t) => ({
    externalId: t.string({ description: 'Id in another system, unique in the company (TAKEN); up to 255 characters.' }),
    originItemId: t.id({
      description:
        'The Item that it comes from (NOT_FOUND); INVALID: itself, or one that comes from it. A new item takes over what is left out: see createItem. null: from none.',
    }),
    originTopic: t.field({
      type: TopicInputRef,
      description:
        'The external topic that it comes from, or an item by its external id (NOT_FOUND), instead of originItemId (INVALID together with it); of type PROJECT or CASE it is INVALID. null: from none.',
    }),
    position: t.string({
      description:
        'The number without its prefix, up to 50 characters; unique in project and tool whatever its case, archived items included (TAKEN). Left out on create: the next free number, such as "004".',
    }),
    title: t.string({ description: 'Up to 255 characters. Required of issued items.' }),
    description: t.string({ description: 'Rich text (HTML), made safe; up to 100,000 characters.' }),
    statusId: t.id({
      description: 'A status of its tool (NOT_FOUND). Issued items never go back to a Draft (INVALID).',
    }),
    statusName: t.string({
      description: 'The same by name, whatever its case, looked up in its tool. Not together with statusId.',
    }),
    private: t.boolean({
      description: 'Whether only those involved, their colleagues with VIEW_VENDOR_ITEMS, and ADMINs see it.',
    }),
    dueDate: t.field({ type: 'Date', description: "When it is due: a day in the project's time zone." }),
    scheduleImpact: t.field({ type: ScheduleImpactInputRef, description: 'Impact on the schedule.' }),
    costImpact: t.field({ type: CostImpactInputRef, description: 'Impact on the cost.' }),
    receivedFromId: t.id({ description: `A User: whom it was received from. ${people}` }),
    assigneeIds: t.idList({ description: `Users who have to act. ${people}` }),
    distributionMemberIds: t.idList({ description: `Users who are kept informed. ${people}` }),
    quantity: t.field({ type: 'Decimal', description: 'How much of something.' }),
    customFields: t.field({
      type: [CustomFieldValueInputRef],
      description:
        'Values of custom fields, at most 15 (TOO_MANY): those that are not listed stay; null for the list clears all that can be written. ' +
        'One that the company does not have is NOT_FOUND; one that the fieldset does not have or hides, that is out of use or READ_ONLY, or stands there twice, is INVALID.',
    }),
    unit: t.string({ description: 'Of what the quantity is counted in; up to 50 characters.' }),
    locationId: t.id({ description: `A Location. ${reference}` }),
    costCodeId: t.id({ description: `A CostCode. ${reference}` }),
    specificationSectionId: t.id({ description: `A SpecificationSection. ${reference}` }),
    subJobId: t.id({ description: `A SubJob. ${reference}` }),
    tradeIds: t.idList({ description: `Trades that it touches, at most 100 (TOO_MANY). ${reference}` }),
    taskIds: t.idList({ description: `Tasks of the schedule, at most 100 (TOO_MANY). ${reference}` }),
    uploadIds: t.idList({ description: `${uploadIds} An item has at most 200 attachments.` }),
    references: t.field({ type: [AttachmentReferenceInputRef], description: references }),
    removeAttachmentIds: t.idList({
      description: 'Attachments of the item to take off (NOT_FOUND), at most 100 (TOO_MANY).',
    }),
  }),
});
