import type { Json } from '../json.ts';
import type { Ask } from '../workloads/dialect.ts';

/** Headers of a signed-in client. */
export const headersOf = (token: string) => ({
  'content-type': 'application/json',
  accept: 'application/json',
  authorization: `Bearer ${token}`,
});

/** Sends one operation and gives its data. Throws with the words of the server when it answers anything else. */
export async function send(url: string, token: string, ask: Ask): Promise<Json> {
  const response = await fetch(url, { method: 'POST', headers: headersOf(token), body: JSON.stringify(ask) });
  const words = await response.text();
  if (response.ok && !hasErrors(words)) return JSON.parse(words).data;
  throw new Error(`${url} ${ask.operationName}: ${response.status} ${words.slice(0, 500)}`);
}

/** Whether an answer reports errors: looked for in the text, for answers are long and many. */
export const hasErrors = (body: string): boolean => body.includes('"errors":[');
