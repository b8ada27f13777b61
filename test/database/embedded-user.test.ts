import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from '../../src/database/embedded.ts';
import { dataFolder, isAlive, restingFolder, sql } from './embedded-folder.ts';

const isRoot = process.getuid?.() === 0;
const number = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
const nobody = { uid: number('-u'), gid: number('-g') };
const status = (pid: number) => readFileSync(`/proc/${pid}/status`, 'utf8');
// a clone in root's own folder cannot be run by others
const nobodyCanRunUs = isRoot && spawnSync(process.execPath, ['-e', '0'], nobody).status === 0;

test.runIf(isRoot)('root runs PostgreSQL as another user, also in a folder which that user may not enter', async () => {
  // a copy that root made, which belongs to root
  await using data = await restingFolder();
  expect(statSync(join(data.path, 'postgres')).uid).toBe(0);
  expect(statSync(data.parent).mode & 0o777).toBe(0o700);
  const closed = await openEmbedded(data.path, { durable: false });
  expect(await sql(closed.url, 'select 1 as a')).toEqual([{ a: 1 }]);
  const owner = statSync(join(data.path, 'postgres')).uid;
  expect(owner).not.toBe(0);
  expect(status(data.postmaster())).toMatch(new RegExp(`^Uid:\\s+${owner}\\s+${owner}\\s`, 'm'));
  await closed.close();

  // somewhere open it gets no capability for that
  chmodSync(data.parent, 0o755);
  const open = await openEmbedded(data.path, { durable: false });
  if (nobodyCanRunUs) expect(status(data.postmaster())).toMatch(/^CapEff:\s+0+$/m); // a closed clone would need it still
  expect(status(data.postmaster())).toMatch(/^Groups:\s*$/m); // nor any of root's groups
  await open.close();

  // an ordinary user is told that it is not theirs
  if (nobodyCanRunUs) expect((await data.hold(nobody)).url).toMatch(/^refused: .*EACCES.*postgres/);
});

test.runIf(nobodyCanRunUs)('an ordinary user runs PostgreSQL as oneself, and root joins', async () => {
  await using data = await dataFolder();
  chmodSync(data.parent, 0o755);
  mkdirSync(data.path);
  chownSync(data.path, nobody.uid, nobody.gid);
  const holder = await data.hold(nobody);
  expect(holder.url).toMatch(/^postgres:/);
  expect(status(data.postmaster())).toMatch(new RegExp(`^Uid:\\s+${nobody.uid}\\s`, 'm'));
  const joined = await openEmbedded(data.path, { durable: false });
  expect(joined.url).toBe(holder.url);
  const pid = data.postmaster();
  await holder.close();
  expect(await sql(joined.url, 'select 1 as a')).toEqual([{ a: 1 }]);
  await joined.close();
  expect(isAlive(pid)).toBe(false);

  // root on its own leaves it to that user
  const alone = await openEmbedded(data.path, { durable: false });
  expect(status(data.postmaster())).toMatch(new RegExp(`^Uid:\\s+${nobody.uid}\\s`, 'm'));
  await alone.close();
  const back = await data.hold(nobody);
  expect(back.url).toMatch(/^postgres:/);
  await back.close();
});
