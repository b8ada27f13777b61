import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { startTiny } from './tinyServer.ts';

test('the 61 audits of GraphQL over HTTP pass with a token', async () => {
  await using server = await startTiny();
  const audits = serverAudits({
    url: server.url,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${server.token}` } }),
  });
  const failed: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') failed.push(`${result.id} ${result.name}: ${result.reason}`);
  }
  expect(failed).toEqual([]);
  expect(audits).toHaveLength(61);
});
