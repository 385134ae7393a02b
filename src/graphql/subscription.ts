import type { ArgBuilder, InputFieldMap, InputShapeFromFields, OutputRef } from '@pothos/core';
import type { LiveField } from '../live/live-field.ts';
import { builder, type ApiTypes } from './builder.ts';

interface SubscriptionOptions<Arguments extends InputFieldMap> {
  /** The interface or union of the events. */
  readonly type: OutputRef<object>;
  readonly description: string;
  readonly args?: (arg: ArgBuilder<ApiTypes>) => Arguments;
  readonly complexity?: (args: InputShapeFromFields<Arguments>) => {
    readonly field: number;
    readonly multiplier: number;
  };
  /** The topic or channel that is followed, and the permission to follow it. */
  readonly live: LiveField<InputShapeFromFields<Arguments>>;
}

/**
 * A subscription. live/ follows its source and executes each event as the root value, so the field
 * resolves to the event itself.
 */
export function subscription<Arguments extends InputFieldMap>(
  name: string,
  { type, description, args, complexity, live }: SubscriptionOptions<Arguments>,
): void {
  builder.subscriptionField(name, (t) =>
    t.field({
      type,
      description,
      args: args?.(t.arg),
      complexity,
      extensions: { live },
      subscribe: () => {
        throw new Error('A subscription is followed by live/.');
      },
      resolve: (event) => event as object,
    }),
  );
}
