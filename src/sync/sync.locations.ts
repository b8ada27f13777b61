import { type Faults, MAX_NAME, type Path } from '../kernel/input.ts';
import { PATH_SEPARATOR, partsOfPath } from '../reference/reference.policy.ts';
import type { ReferenceInput } from './sync.input.ts';

// some four storeys of names of the full length; a thousand rows of that fit into a request
const MAX_PATH = 1_000;

export interface Named {
  name: string;
  path: string | null;
}

/**
 * Name and path of a location. The name is the last part of the path: `name` says that part, or the path as a whole, as other systems
 * do. Without `path` a name of several parts is the path, and a name of one part renames the location where it is; `path: null` takes
 * it to the top.
 */
export function locationOf(
  faults: Faults,
  { name, path }: Pick<ReferenceInput, 'name' | 'path'>,
  at: Path,
  before: Named | null,
): { name: string; path: string } {
  const named = faults.requiredText(name, [...at, 'name'], 'the name', { max: MAX_PATH });
  const given = faults.text(path, [...at, 'path'], 'the path', { max: MAX_PATH });
  const culprit = [...at, given ? 'path' : 'name'];
  const parts = given ? partsOfPath(given) : partsFrom(named, path === undefined ? before : null);
  checkParts(faults, parts, given ?? named, culprit);
  const last = parts.at(-1)!;
  const whole = parts.join(PATH_SEPARATOR);
  if (given && named && named !== last && partsOfPath(named).join(PATH_SEPARATOR) !== whole) {
    const message = `"${named.slice(0, 100)}" is neither the path "${whole.slice(0, 200)}" nor its last part.`;
    faults.add('INVALID', message, [...at, 'name']);
  }
  if (!given && named.length <= MAX_PATH && whole.length > MAX_PATH)
    faults.add('TOO_LONG', `The path comes to ${whole.length} characters; at most ${MAX_PATH} are kept.`, culprit);
  return { name: last, path: whole };
}

function partsFrom(name: string, before: Named | null): string[] {
  const parts = partsOfPath(name);
  return parts.length === 1 && before?.path ? [...partsOfPath(before.path).slice(0, -1), ...parts] : parts;
}

function checkParts(faults: Faults, parts: readonly string[], whole: string, path: Path): void {
  if (whole && parts.includes(''))
    faults.add('INVALID', `"${whole.slice(0, 200)}" has a part without a name: write "A>B>C".`, path);
  const long = parts.find((part) => part.length > MAX_NAME);
  if (long)
    faults.add(
      'TOO_LONG',
      `"${long.slice(0, 60)}..." has ${long.length} characters; at most ${MAX_NAME} are kept.`,
      path,
    );
}
