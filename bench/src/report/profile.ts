import { globSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where V8 leaves its profiles; a browser's developer tools open them. */
export const PROFILES = fileURLToPath(new URL('../../.data/profiles/', import.meta.url));

const SHOWN = 30;

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** The newest profile as two lists: own time of packages and folders, and of functions, in percent of the time that was not idle. */
export function topCosts(): string {
  const files = globSync(`${PROFILES}*.cpuprofile`).sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(files.at(-1)!, 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [places, functions] = [new Map<string, number>(), new Map<string, number>()];
  let busy = 0;
  samples.forEach((id, n) => {
    const { functionName, url, lineNumber } = frames.get(id)!;
    if (functionName === '(idle)') return;
    const [time, place] = [timeDeltas[n]!, placeOf(url)];
    busy += time;
    places.set(place, (places.get(place) ?? 0) + time);
    const name = `${functionName || '(anonymous)'}  ${place} ${url.split('/').at(-1)}:${lineNumber + 1}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
  });
  return `${files.at(-1)}\n\nOwn time by place\n${listed(places, busy)}\n\nOwn time by function\n${listed(functions, busy)}`;
}

/** The package of a file, the folder of the gateway's own, "v8" for what has no file: the collector of garbage, native functions. */
function placeOf(url: string): string {
  if (url === '') return 'v8';
  if (url.startsWith('node:')) return 'node';
  const inner = url.split('node_modules/').at(-1)!;
  if (inner !== url)
    return inner
      .split('/')
      .slice(0, inner.startsWith('@') ? 2 : 1)
      .join('/');
  return url.split('/').slice(-3, -1).join('/');
}

const listed = (times: Map<string, number>, total: number): string =>
  [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n');
