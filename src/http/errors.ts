import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';

/** Whether an error is one of ours or of graphql-js, said on purpose, and not an accident that a resolver met. */
function isMeant(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return false;
  if (error.extensions.code) return true;
  const { originalError } = error;
  if (!originalError) return !error.path;
  // graphql-js tells a wrong argument with its place in the document; a value that cannot be written has none, and is our fault
  return originalError instanceof GraphQLError && (!error.path || originalError.nodes !== undefined);
}

/** Errors that are meant pass; any other is logged with an id, and the caller gets that id alone. */
export function createMask(log: Logger): (error: unknown) => GraphQLError {
  return (error) => {
    if (isMeant(error)) return error as GraphQLError;
    const id = randomUUID();
    const located = error instanceof GraphQLError ? error : undefined;
    log.error({ id, path: located?.path, err: located?.originalError ?? error }, 'unexpected error');
    return new GraphQLError(`Something went wrong on our side. The log has the reason under the id ${id}.`, {
      nodes: located?.nodes,
      path: located?.path,
      // unexpected: the HTTP status is 500 where there is no data; it is not sent
      extensions: { code: 'INTERNAL_SERVER_ERROR', id, unexpected: true },
    });
  };
}

// what Yoga and graphql-js call a request or a document that makes no sense, or do not name at all
const MALFORMED = new Set<unknown>([
  undefined,
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);
const SUGGESTION = /,? did you mean .*\?/is;

/**
 * The same error with the code of our API and the HTTP status of its kind.
 * `hideSuggestions` takes out the names of the schema that graphql-js gives as a help.
 */
export function toPublic(error: GraphQLError, hideSuggestions: boolean): GraphQLError {
  const { code, http, ...extensions } = error.extensions as { code?: unknown; http?: { status?: number } };
  const malformed = MALFORMED.has(code);
  if (!malformed && code !== 'BAD_USER_INPUT' && code !== 'QUERY_TOO_COSTLY') return error;
  const status = error.path ? http : statusOf(code, http);
  return new GraphQLError(hideSuggestions ? error.message.replace(SUGGESTION, '.') : error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { ...extensions, code: malformed ? 'BAD_USER_INPUT' : code, ...(status && { http: status }) },
  });
}

/**
 * spec: what Yoga turns into 200 for whoever accepts application/json alone (GraphQL over HTTP, 6.4.1). So it is for a document
 * that cannot run; a request without a document is refused for all.
 */
function statusOf(code: unknown, http: { status?: number } = {}) {
  if (code === 'BAD_REQUEST') return { ...http, spec: false };
  return http.status === undefined || http.status === 400 ? { ...http, spec: true, status: 400 } : http;
}
