import type { InputObjectRef } from '@pothos/core';
import { Refused, type UserError, userError } from '../kernel/errors.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'What kind of mistake an input holds.',
  values: {
    REQUIRED: { description: 'A value is missing that must be there.' },
    INVALID: { description: 'A value makes no sense here; the message says why.' },
    TOO_LONG: { description: 'A text is longer than its limit.' },
    TOO_MANY: { description: 'A list has more entries than its limit.' },
    TAKEN: { description: 'Something else has this value already, and it must be unique.' },
    IN_USE: { description: 'It cannot go while something depends on it.' },
    NOT_FOUND: { description: 'Nothing with this id that you may see.' },
    NOT_SELECTABLE: { description: 'This user exists but cannot be chosen here.' },
    FORBIDDEN: { description: 'You see it, but lack the right; the message says which one.' },
    CLOSED: { description: 'It is closed or archived and takes no such change.' },
    FROZEN: { description: 'The company freezes issued items, and this field can no longer change.' },
    CONFLICT: { description: 'Somebody else was faster: the expected version is stale, or the same call still runs.' },
    SKIPPED: { description: 'Left undone because something else in the same batch failed.' },
  } as const,
});

export const UserErrorRef = builder.objectRef<UserError>('UserError').implement({
  description: 'One mistake in the input of a mutation. Nothing was changed.',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCode, description: 'The kind of mistake, for programs.' }),
    message: t.exposeString('message', { description: 'A sentence that names the culprit, for people.' }),
    path: t.exposeStringList('path', {
      description: 'Where in the input: names and positions, such as ["updates", "3", "patch", "statusId"].',
    }),
  }),
});

type Fields<Out extends object> = Parameters<
  ReturnType<typeof builder.objectRef<Payload<Out>>>['implement']
>[0]['fields'];
export type Payload<Out extends object> = Partial<Out> & { userErrors: UserError[] };

/**
 * A mutation as the house writes them: one `input`, one payload with `userErrors`.
 * `run` gives what the payload shows; when it refuses, the payload shows `refused` (lists and counts; all else null).
 * `admins` is the sentence for whoever is no company admin where only they may call it.
 */
export function mutation<Input, Out extends object>(
  name: string,
  options: {
    description: string;
    // biome-ignore lint/suspicious/noExplicitAny: a ref of any schema types; Pothos checks the shape
    input: InputObjectRef<any, Input>;
    payload: Fields<Out>;
    refused?: Partial<Out>;
    admins?: string;
    run: (context: Context, input: NoInfer<Input>) => Promise<Out & { userErrors?: UserError[] }>;
  },
): void {
  const title = name[0]!.toUpperCase() + name.slice(1);
  const payload = builder.objectRef<Payload<Out>>(`${title}Payload`);
  const answer = (userErrors: UserError[], out?: Partial<Out>) =>
    ({ ...options.refused, ...out, userErrors }) as Payload<Out>;
  payload.implement({ description: `What ${name} did, or why it did not.`, fields: options.payload } as never);
  builder.objectField(payload as never, 'userErrors', (t) =>
    t.field({
      type: [UserErrorRef],
      description: 'What is wrong with the input; empty when it was carried out.',
      resolve: (parent: Payload<Out>) => parent.userErrors,
    } as never),
  );
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      description: options.description,
      args: { input: t.arg({ type: options.input, required: true, description: 'What to do.' }) },
      ...(options.admins && {
        authScopes: { companyAdmin: true },
        unauthorizedResolver: () => answer([userError('FORBIDDEN', options.admins!)]),
      }),
      resolve: async (_root: unknown, { input }: { input: Input }, context: Context) => {
        context.catchUp();
        try {
          const out = await options.run(context, input);
          return answer(out.userErrors ?? [], out);
        } catch (error) {
          if (error instanceof Refused) return answer(error.errors);
          throw error;
        } finally {
          context.loads.clear();
        }
      },
    } as never),
  );
}
