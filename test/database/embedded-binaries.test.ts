import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinaries, linkLibraries } from '../../src/database/embedded-binaries.ts';

test('a platform without a PostgreSQL package is told to set DATABASE_URL', () => {
  expect(() => findBinaries('plan9-mips')).toThrow(/plan9-mips is not installed.*DATABASE_URL/);
});

test('library links are made once, relative, and those that are there are left alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'binaries-'));
  try {
    mkdirSync(join(root, 'native', 'lib'), { recursive: true });
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }));
    writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    writeFileSync(join(root, 'native', 'lib', 'libpq.so'), 'a real file');
    linkLibraries(root);
    linkLibraries(root);
    expect(readlinkSync(join(root, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect(() => readlinkSync(join(root, 'native', 'lib', 'libpq.so'))).toThrow('EINVAL');
    rmSync(join(root, 'native', 'lib'), { recursive: true });
    expect(() => linkLibraries(root)).toThrow(/library links.*DATABASE_URL/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
