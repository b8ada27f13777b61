import { spawnSync } from 'node:child_process';
import { lchownSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How PostgreSQL is run: a command to put in front of it, and the user for it when we are root. */
export interface RunAs {
  prefix: string[];
  user?: User;
}

interface User {
  uid: number;
  gid: number;
}

/**
 * Whom to run PostgreSQL as. It refuses root; so root runs it as the owner of the folder (or of the one around it) or,
 * when that is root too, as postgres or nobody. Throws when that user cannot get at `folder` (the data) or `binaries`, naming the folder in the way.
 */
export function chooseUser(folder: string, binaries: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const user = ownerOf(folder) ?? ownerOf(dirname(folder)) ?? systemUser();
  const closed = [dirname(folder), binaries].flatMap(ancestors).find((path) => !mayEnter(path, user.uid));
  if (closed === undefined) return { prefix: [], user };

  // A clone in /root or in a folder of mktemp -d: the user cannot walk through 0700 folders of root. The one capability
  // that ignores permissions lets it through; PostgreSQL asks by access(2), which honours it only with no_setuid_fixup.
  const prefix = [
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  if (spawnSync('setpriv', [...prefix.slice(1), 'true']).status === 0) return { prefix, user };
  throw new Error(
    `PostgreSQL does not run as root, and user ${user.uid} may not enter ${closed}: run as an ordinary user, or open that folder (chmod o+x), or move the data (DATA_DIR) or the program elsewhere, or set DATABASE_URL.`,
  );
}

function systemUser(): User {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(passwd) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user postgres or nobody: run as an ordinary user, or set DATABASE_URL.',
  );
}

/** Who owns a folder or file, if it is there and the owner is not root. */
export function ownerOf(path: string): User | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined;
}

function mayEnter(path: string, uid: number): boolean {
  const { mode, uid: owner } = statSync(path);
  return (mode & (owner === uid ? 0o100 : 0o001)) !== 0;
}

const ancestors = (path: string): string[] => (dirname(path) === path ? [path] : [path, ...ancestors(dirname(path))]);

/**
 * Give a folder with all in it to PostgreSQL's user; nothing to do when we are not root or it is theirs already.
 * The folder itself comes last, so that its owner tells whether all was done.
 */
export function giveTo(user: User | undefined, path: string): void {
  if (!user || process.getuid?.() !== 0) return;
  const stat = lstatSync(path);
  if (stat.uid === user.uid) return;
  if (stat.isDirectory()) for (const name of readdirSync(path)) giveTo(user, join(path, name));
  lchownSync(path, user.uid, user.gid);
}
