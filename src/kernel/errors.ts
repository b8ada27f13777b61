import { GraphQLError } from 'graphql';

/** What a person or program can do wrong in an input; the meaning of each code is told in the schema (graph/payload.ts). */
export type UserErrorCode =
  | 'REQUIRED'
  | 'INVALID'
  | 'TOO_LONG'
  | 'TOO_MANY'
  | 'TAKEN'
  | 'IN_USE'
  | 'NOT_FOUND'
  | 'NOT_SELECTABLE'
  | 'FORBIDDEN'
  | 'CLOSED'
  | 'FROZEN'
  | 'CONFLICT'
  | 'SKIPPED';

/** One mistake in an input: its code, a sentence that names the culprit, and where in the input it stands. */
export interface UserError {
  code: UserErrorCode;
  message: string;
  path: string[];
}

export const userError = (code: UserErrorCode, message: string, path: (string | number)[] = []): UserError => ({
  code,
  message,
  path: path.map(String),
});

/** Thrown by a command whose input is refused: its transaction is undone and the errors become the payload's userErrors. */
export class Refused extends Error {
  readonly errors: UserError[];
  constructor(errors: UserError[]) {
    super(errors.map((error) => `${error.path.join('.')}: ${error.message}`).join('\n'));
    this.name = 'Refused';
    this.errors = errors;
  }
}

/** Refuse the whole call for one reason. */
export function refuse(code: UserErrorCode, message: string, path: (string | number)[] = []): never {
  throw new Refused([userError(code, message, path)]);
}

/** Refuse the call if anything was found wrong, all of it at once. */
export function refuseAny(errors: UserError[]): void {
  if (errors.length > 0) throw new Refused(errors);
}

const failure = (code: string, status?: number, headers?: Record<string, string>) => (message: string) =>
  new GraphQLError(message, { extensions: { code, ...(status && { http: { status, headers } }) } });

/** A document or an argument of a query that makes no sense. */
export const badUserInput = failure('BAD_USER_INPUT');
/** The same where it is an id that is of no use: what a mutation answers with NOT_FOUND. */
export class NotAnId extends GraphQLError {
  constructor(message: string) {
    super(message, { extensions: { code: 'BAD_USER_INPUT' } });
  }
}
/** Nobody is signed in, or the sign-in does not hold. */
export const unauthenticated = failure('UNAUTHENTICATED', 401, { 'www-authenticate': 'Bearer' });
/** No right on a field as such. */
export const forbidden = failure('FORBIDDEN');
/** The operation would cost more than one operation may. */
export const queryTooCostly = failure('QUERY_TOO_COSTLY');
/** This process stops; another one may do it. */
export const unavailable = failure('UNAVAILABLE', 503, { 'retry-after': '1' });
/** Too much asked in too short a time; retryAfter in seconds. */
export const rateLimited = (message: string, retryAfter: number) =>
  failure('RATE_LIMITED', 429, { 'retry-after': String(retryAfter) })(message);
