import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// workers, and the processes that tests start, take what was compiled before: half a second of CPU less for each command line
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

export default defineConfig({
  // one copy of graphql: without the alias vitest takes its module build for our code and Node takes the CommonJS one for the libraries
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/database.ts'],
    pool: 'forks',
    isolate: false,
    // two more than vitest takes by itself on two cores: PostgreSQL does a good part of the work, and some tests wait for timers
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
