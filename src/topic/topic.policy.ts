/** What an email, an item's origin or a related item can be about; most are things of other systems, known by reference. */
export const TOPIC_TYPES = [
  'CHANGE_EVENT_EVENT',
  'PROJECT',
  'PRIME_CONTRACT',
  'DIRECT_COST_ITEM',
  'PURCHASE_ORDER_CONTRACT',
  'WORK_ORDER_CONTRACT',
  'PAYMENT_APPLICATION',
  'PUNCH_ITEM',
  'FORM',
  'GENERIC_TOOL_ITEM',
  'TASK',
  'DAILY_LOG_HEADER',
  'OBSERVATION',
  'SUBMITTAL_LOG',
  'MEETING',
  'CHECKLIST',
  'INCIDENT',
  'SUBMITTAL_PACKAGE',
  'BILLINGS_REQUISITION',
  'RFI',
  'CASE',
] as const;
export type TopicType = (typeof TOPIC_TYPES)[number];

/** Types of what the gateway keeps itself: they are made in their own ways, and are no external topics. */
const OWN: Partial<Record<TopicType, string>> = {
  GENERIC_TOOL_ITEM: 'items are made by createItem',
  PROJECT: 'projects are made by syncDirectory',
  CASE: 'cases are made by syncDirectory',
};

/** Whether a topic of this type is something of another system. */
export const isExternal = (type: TopicType): boolean => OWN[type] === undefined;

/** Why there can be no external topic of a type, or null. */
export const refuseExternal = (type: TopicType): string | null =>
  OWN[type] === undefined ? null : `${type} is no type of external topics: ${OWN[type]}.`;
