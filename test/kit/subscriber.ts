import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-sse';
import type { Answer, Person, TestWorld } from './world.ts';

const PATIENCE_MS = 20_000;

const ITEM_CHANGED = `subscription ($projectId: ID!, $genericToolId: ID) {
  itemChanged(projectId: $projectId, genericToolId: $genericToolId) { kind itemId item { id title version } }
}`;

/** An app that listens on loopback, until the block is left. */
export async function serveOn(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Somebody who subscribes, as a frontend does (graphql-sse), and notes what comes. Resolves when the stream is open. */
export async function subscribe(
  url: string,
  headers: Record<string, string>,
  variables: Record<string, unknown>,
  query = ITEM_CHANGED,
) {
  const client = createClient({ url, headers, retryAttempts: 0 });
  const answers: Answer[] = [];
  let waiting: { count: number; resolve(): void }[] = [];
  const ended = Promise.withResolvers<'completed' | { error: unknown }>();
  const opened = Promise.withResolvers<void>();
  const stop = client.subscribe(
    { query, variables },
    {
      next(answer) {
        answers.push(answer as Answer);
        for (const { count, resolve } of waiting) if (answers.length >= count) resolve();
      },
      error: (error) => ended.resolve({ error }),
      complete: () => ended.resolve('completed'),
    },
    { connected: () => opened.resolve() },
  );
  await Promise.race([opened.promise, ended.promise]);
  return {
    answers,
    ended: ended.promise,
    stop,
    /** What came so far of a subscription to items: kind, and what `nameOf` calls the item. */
    told: (nameOf: (id: string) => string = (id) => id): string[] =>
      answers.map(({ data, errors }) =>
        errors
          ? `! ${errors[0].extensions.code}`
          : `${data.itemChanged.kind}${data.itemChanged.itemId ? ` ${nameOf(data.itemChanged.itemId)}` : ''}`,
      ),
    /** Waits until so many answers have come. */
    async until(count: number): Promise<void> {
      if (answers.length >= count) return;
      const late = () =>
        new Error(
          `${count} answers were waited for, and ${answers.length} came, at last ${JSON.stringify(answers.slice(-5))}`,
        );
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(late()), PATIENCE_MS);
      waiting = [...waiting.filter((one) => answers.length < one.count), { count, resolve }];
      await promise;
      clearTimeout(timer);
    },
  };
}

/** Words to subscribe with at a gateway of a world. */
export const subscriberOf =
  (world: Pick<TestWorld, 'token'>, url: string) =>
  async (who: Person, variables: Record<string, unknown>, query?: string) =>
    subscribe(
      url,
      { authorization: `Bearer ${await world.token(who)}`, 'x-company-id': who.companyId },
      variables,
      query,
    );
