import type { Result } from '../measure/measure.ts';

const COLUMNS = [
  'workload',
  'conn.',
  'server',
  'req/s',
  'p50 ms',
  'p99 ms',
  'CPU server',
  'CPU database',
  'statements',
  'RSS MB',
  'CPU ratio to limit',
];

const number = (value: number, digits: number) => (Number.isNaN(value) ? '-' : value.toFixed(digits));
const cpu = ({ serverCpu, databaseCpu }: Result) => serverCpu + databaseCpu;

/** The results as a table in Markdown; CPU is in ms per request, a ratio above 1 is better than the limit. */
export function tableOf(results: Result[]): string {
  const rows = results.map((result) => {
    const { workload, connections, used, server, perSecond, p50, p99, serverCpu, databaseCpu, statements } = result;
    const limit = results.find(
      (other) => other.server === 'limit' && other.workload === workload && other.connections === connections,
    );
    return [
      workload,
      used === connections ? String(used) : `${used} of ${connections}`,
      server,
      number(perSecond, perSecond < 10 ? 1 : 0),
      number(p50, 2),
      number(p99, 2),
      number(serverCpu, 2),
      number(databaseCpu, 2),
      number(statements, Number.isInteger(statements) ? 0 : 1),
      number(result.resident, 0),
      limit ? number(cpu(limit) / cpu(result), 2) : '-',
    ];
  });
  const widths = COLUMNS.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, n) => (n === 0 || n === 2 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, n) => (n === 0 || n === 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(COLUMNS), rule, ...rows.map(line)].join('\n');
}
