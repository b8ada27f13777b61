import type { ImpactStatus } from '../src/item/item.policy.ts';
import type { CustomKey } from './customFields.ts';
import type { PersonKey } from './people.ts';
import type { ProjectKey } from './place.ts';
import type { ReferenceKey } from './references.ts';
import type { ToolKey } from './tools.ts';

/** What somebody writes on an item. Days are working days before the day of seeding. */
export interface Wording {
  title?: string;
  text?: string;
  /** name of a status of the tool */
  status?: string;
  private?: boolean;
  /** working days from the day of seeding: negative is past, and overdue while Open */
  due?: number;
  to?: PersonKey[];
  copies?: PersonKey[];
  from?: PersonKey;
  /** days where they are known */
  schedule?: ImpactStatus | number;
  /** an amount where it is known */
  cost?: ImpactStatus | { amount: string };
  quantity?: [amount: string, unit: string];
  /** where it is, what it is booked on, which trades and tasks it touches: whatever each of them is */
  refers?: ReferenceKey[];
  /** values of custom fields, options by their labels */
  custom?: Partial<Record<CustomKey, string>>;
}

/** What happened to an item after it was written, by the rights of whoever did it. */
export type Step = { by: PersonKey; day: number } & (
  | { answer: string; official?: boolean; change?: Wording }
  | { change: Wording }
  | { archive: true }
);

/** An item from its first day to its last. A Draft when no status is given; private unless it says otherwise. */
export interface Story extends Wording {
  tool: ToolKey;
  project?: ProjectKey;
  by: PersonKey;
  day: number;
  title: string;
  /** the number without its prefix, where it is not the next free one */
  position?: string;
  externalId?: string;
  after?: Step[];
}
