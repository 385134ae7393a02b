import type { InputRef, ObjectRef } from '@pothos/core';
import { builder, type ApiTypes } from './builder.ts';
import type { Context } from './context.ts';

interface MutationOptions<Input, Payload> {
  readonly description: string;
  /** The type of the argument `input`, which has the same description. */
  readonly input: InputRef<Input>;
  readonly payload: ObjectRef<ApiTypes, Payload>;
  /** Calls the rule, and returns the payload. */
  resolve(input: Input, context: Context): Payload | Promise<Payload>;
}

/** A mutation with one argument, `input`, and a payload. */
export function mutation<Input extends object, Payload extends object>(
  name: string,
  options: MutationOptions<Input, Payload>,
): void;
export function mutation(
  name: string,
  { description, input, payload, resolve }: MutationOptions<object, object>,
): void {
  const inputDescription = builder.configStore.getTypeConfig(input).description ?? undefined;
  builder.mutationField(name, (t) =>
    t.field({
      type: payload,
      description,
      args: { input: t.arg({ type: input, required: true, description: inputDescription }) },
      resolve: (_root, args, context) => resolve(args.input, context),
    }),
  );
}

/** The payload of a mutation that returns nothing but its success. */
export const okPayload = (name: string, description: string) =>
  builder.objectRef<{ ok: boolean }>(name).implement({
    description,
    fields: (t) => ({
      ok: t.exposeBoolean('ok', { description: 'Whether the mutation succeeded. Always `true`.' }),
    }),
  });
