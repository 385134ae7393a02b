import { execute, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Event } from '../events/event.ts';
import type { Scope } from '../scope.ts';

/**
 * Executes a subscription of the server itself for one event. Rejects if a field fails, or the
 * database is down.
 */
export async function showEvent(
  schema: GraphQLSchema,
  document: DocumentNode,
  scope: Scope,
  event: Event,
): Promise<Record<string, unknown>> {
  const { data, errors } = await execute({
    schema,
    document,
    contextValue: { scope },
    rootValue: event,
  });
  if (errors?.[0]) throw errors[0].originalError ?? errors[0];
  return data!;
}
