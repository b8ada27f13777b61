import { parseArgs } from 'node:util';
import { SIZES, type SizeName } from './data/sizes.ts';
import { SERVERS, type ServerName } from './servers/list.ts';
import { WORKLOADS, type WorkloadName } from './workloads/list.ts';

export interface Options {
  size: SizeName;
  workloads: WorkloadName[];
  servers: ServerName[];
  connections: number[];
  /** how often the servers take turns, and for about how long each time */
  rounds: number;
  seconds: number;
  quick: boolean;
  /** write the results file */
  save: boolean;
  /** have V8 look where the gateway spends its time, and print that */
  profile: boolean;
}

/** What the command line asks for. Throws, naming what can be chosen, when it asks for anything else. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: 's' },
      workloads: { type: 'string', default: Object.keys(WORKLOADS).join() },
      servers: { type: 'string', default: Object.keys(SERVERS).join() },
      connections: { type: 'string', default: '1,16' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'no-save': { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  return {
    size: one('--size', values.size, Object.keys(SIZES)) as SizeName,
    workloads: some('--workloads', values.workloads, Object.keys(WORKLOADS)) as WorkloadName[],
    servers: some('--servers', values.servers, Object.keys(SERVERS)) as ServerName[],
    connections: values.connections.split(',').map((text) => positive('--connections', text)),
    rounds: positive('--rounds', values.rounds ?? '2'),
    seconds: positive('--seconds', values.seconds ?? (values.quick ? '0.3' : '3')),
    quick: values.quick,
    save: !values['no-save'] && !values.profile,
    profile: values.profile,
  };
}

function one(option: string, text: string, choices: string[]): string {
  const found = choices.find((choice) => choice.toLowerCase() === text.trim().toLowerCase());
  if (!found) throw new Error(`${option}: "${text}" is none of ${choices.join(', ')}`);
  return found;
}

const some = (option: string, text: string, choices: string[]): string[] => {
  const wanted = new Set(text.split(',').map((part) => one(option, part, choices)));
  return choices.filter((choice) => wanted.has(choice));
};

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option}: "${text}" is not a number above 0`);
  return value;
}
