import { readdirSync, readFileSync } from 'node:fs';

// USER_HZ of every Linux that Node runs on
const TICK_MS = 10;

/** Fields of /proc/PID/stat from the third on, behind the name, which may hold anything; null when there is no such process. */
function stat(pid: number): number[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return null;
  }
}

/** CPU that a process has taken so far, all its threads, in ms. NaN where there is no /proc. */
export function cpuOf(pid: number): number {
  const fields = stat(pid);
  return fields ? (fields[11]! + fields[12]!) * TICK_MS : Number.NaN;
}

/** CPU that PostgreSQL has taken so far: of its first process, of the children that it waited for, and of those that live. */
export function cpuOfPostgres(pid: number): number {
  const first = stat(pid);
  if (!first) return Number.NaN;
  let ticks = first[11]! + first[12]! + first[13]! + first[14]!;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = stat(Number(name));
    if (fields?.[1] === pid) ticks += fields[11]! + fields[12]!;
  }
  return ticks * TICK_MS;
}

/** Memory that a process holds now, in MB. NaN where there is no /proc. */
export function residentOf(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
