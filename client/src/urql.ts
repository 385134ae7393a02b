import { subscriptionExchange, type ExecutionResult, type Exchange } from '@urql/core';
import type { Causerie } from './causerie.ts';

/**
 * Runs the subscriptions of urql over the connection of this client. After an interruption they
 * resume after the last cursor. Use a `fetchExchange` behind it for queries and mutations.
 */
export const resumeExchange = (causerie: Pick<Causerie, 'subscribe'>): Exchange =>
  subscriptionExchange({
    forwardSubscription: ({ query, variables, operationName }) => ({
      subscribe: (observer) => ({
        unsubscribe: causerie.subscribe(
          { query: query!, variables: variables as Record<string, unknown>, operationName },
          {
            // Both are results as the GraphQL specification has them; urql declares more optional
            // fields.
            next: (result) => observer.next(result as ExecutionResult),
            error: (error) => observer.error(error),
            complete: () => observer.complete(),
          },
        ),
      }),
    }),
  });
