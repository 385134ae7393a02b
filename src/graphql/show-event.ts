import { setImmediate as turnOver } from 'node:timers/promises';
import { execute, parse, type GraphQLSchema } from 'graphql';
import type { Event } from '../events/event.ts';
import type { Scope } from '../scope.ts';

/**
 * Executes a subscription of the server itself for one event. Rejects if a field fails, or the
 * database is down.
 */
export type ShowEvent = (event: Event) => Promise<Record<string, unknown>>;

/**
 * Events of one turn of the event loop share a scope, so that their rows are read together. The
 * scope begins after the turn, so it reads nothing from before the call.
 */
export function createShowEvent(
  schema: GraphQLSchema,
  text: string,
  newScope: () => Scope,
): ShowEvent {
  const document = parse(text);
  let nextScope: Promise<Scope> | undefined;

  async function scopeOfTurn(): Promise<Scope> {
    await turnOver();
    nextScope = undefined;
    return newScope();
  }

  return async (event) => {
    const scope = await (nextScope ??= scopeOfTurn());
    const { data, errors } = await execute({
      schema,
      document,
      contextValue: { scope },
      rootValue: event,
    });
    if (errors?.[0]) throw errors[0].originalError ?? errors[0];
    return data!;
  };
}
