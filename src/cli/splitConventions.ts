import type { SplitOptions } from '../reply/split.policy.ts';

/** How a case of somebody's collection wants its mail to be split, in their words. */
export interface Convention {
  source?: string;
  signature?: string;
  quotes?: string;
  forwards?: string;
}

type Rules = Pick<SplitOptions, 'signatures' | 'quotes' | 'hideForwards'>;

// What the public libraries take for hidden where their cases do not say it: those of GitHub's family hide names behind a dash, and only
// quotations that nothing follows; Discourse keeps names; talon and quotequail hide every quotation and keep signatures.
const GITHUB: Rules = { signatures: 'DASHED', quotes: 'TRAILING' };
const FAMILIES: readonly [RegExp, Rules][] = [
  [/github\/|crisp/i, GITHUB],
  [/willdurand/i, { signatures: 'DASHED', quotes: 'ALL' }],
  [/discourse/i, { signatures: 'DEVICE', quotes: 'CONTEXT' }],
  [/talon/i, { signatures: 'ALL', quotes: 'ALL' }],
  [/quotequail/i, { signatures: 'KEEP', quotes: 'ALL', hideForwards: true }],
];

/** A convention as options of the splitter; what it does not say is as the gateway has it. */
export function optionsOf({ source = '', signature = '', quotes = '', forwards = '' }: Convention): Rules {
  const family = FAMILIES.find(([name]) => name.test(source))?.[1] ?? {};
  const said: Rules = { ...family };
  if (/n\/a|kept|keep|shown|visible/i.test(signature)) said.signatures = 'KEEP';
  if (/delimiter|device/i.test(signature)) said.signatures = 'DEVICE';
  else if (/removed|hidden|stripped/i.test(signature) && (family.signatures ?? 'KEEP') === 'KEEP')
    said.signatures = 'ALL';
  if (/^\s*(?:n\/a|kept|shown)/i.test(quotes)) said.quotes = 'NONE';
  else if (/removed|hidden/i.test(quotes) && (family.quotes ?? 'NONE') === 'NONE') said.quotes = 'ALL';
  const passedOn = `${/forward[^;,]*/i.exec(quotes)?.[0] ?? ''} ${forwards}`;
  if (/kept|keep|shown/i.test(passedOn)) said.hideForwards = false;
  else if (/removed|hidden|cut/i.test(passedOn)) said.hideForwards = true;
  return said;
}
