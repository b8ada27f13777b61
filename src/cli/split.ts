import { parseArgs } from 'node:util';
import { type SplitOptions, splitReply } from '../reply/split.policy.ts';
import { splitHtmlReply } from '../reply/splitHtml.policy.ts';
import { casesIn } from './splitCases.ts';
import { drawn, judged, type Result, told } from './splitReport.ts';

const USAGE = `Usage: npm run split -- PATH... [--signatures keep|device|dashed|all] [--quotes context|trailing|all|none]
                                [--forwards show|hide] [--failed] [--json]

Shows how the gateway splits mails into what their authors wrote and what is hidden: signatures,
quotations, mails that were passed on. A PATH is a mail (.eml), its text (.txt) or HTML (.html), or
a folder of them. Where NAME.expected.txt stands beside NAME.txt or NAME.in.txt, or a manifest.json
lists such pairs with the conventions of where they are from, it counts how many come out exactly
so (white space aside), and how many of the lines that should be seen are not.

  --failed  shows also what came out where something else was expected
  --json    an object for each mail, on a line of its own

Exit code: 0; 1 when something could not be read.`;

const CHOICES = {
  signatures: { keep: 'KEEP', device: 'DEVICE', dashed: 'DASHED', all: 'ALL' },
  quotes: { context: 'CONTEXT', trailing: 'TRAILING', all: 'ALL', none: 'NONE' },
  forwards: { show: false, hide: true },
} as const;

/* npm run split -- PATH...: see USAGE. */
try {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    options: {
      signatures: text,
      quotes: text,
      forwards: text,
      failed: flag,
      json: flag,
      help: { ...flag, short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else if (positionals.length === 0) throw new Error(USAGE);
  else await run(positionals, chosen(values), values.json ? 'JSON' : values.failed ? 'FAILED' : 'PLAIN');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

function chosen(values: { signatures?: string; quotes?: string; forwards?: string }): SplitOptions {
  const signatures = choice('signatures', values.signatures);
  const quotes = choice('quotes', values.quotes);
  const hideForwards = choice('forwards', values.forwards);
  return {
    ...(signatures !== undefined && { signatures }),
    ...(quotes !== undefined && { quotes }),
    ...(hideForwards !== undefined && { hideForwards }),
  };
}

function choice<K extends keyof typeof CHOICES>(name: K, said: string | undefined) {
  if (said === undefined) return undefined;
  const found = Object.entries(CHOICES[name]).find(([word]) => word === said);
  if (!found) throw new Error(`--${name} is ${Object.keys(CHOICES[name]).join(', ')}, not "${said}".`);
  return found[1] as (typeof CHOICES)[K][keyof (typeof CHOICES)[K]];
}

async function run(paths: readonly string[], options: SplitOptions, form: 'PLAIN' | 'FAILED' | 'JSON'): Promise<void> {
  const groups = new Map<string, Result[]>();
  for (const path of paths) {
    for (const one of await casesIn(path, options)) {
      const { fragments, visibleText } = (one.isHtml ? splitHtmlReply : splitReply)(one.text, one.options);
      const result = one.expected === null ? null : judged(one, visibleText, one.expected);
      if (result) groups.set(one.group, [...(groups.get(one.group) ?? []), result]);
      if (form === 'JSON')
        process.stdout.write(`${JSON.stringify({ name: one.name, ...result, visibleText, fragments })}\n`);
      else if (!result) process.stdout.write(`${one.name}\n${fragments.map(drawn).join('')}\n`);
      else if (form === 'FAILED' && !result.isExact)
        process.stdout.write(`${one.name}\n${fragments.map(drawn).join('')}--- expected:\n${one.expected}\n\n`);
    }
  }
  if (form === 'JSON' || groups.size === 0) return;
  for (const [group, results] of groups) process.stdout.write(`${group.padEnd(20)} ${told(results)}\n`);
  process.stdout.write(`${'all'.padEnd(20)} ${told([...groups.values()].flat())}\n`);
}
