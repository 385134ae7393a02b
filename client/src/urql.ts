import { subscriptionExchange, type Exchange } from '@urql/core';
import type { Causerie } from './connect.ts';

/** Subscriptions of urql over the connection of this client: they go on after the last cursor when it was lost. Queries and mutations are for the `fetchExchange` behind it. */
export const resumeExchange = (causerie: Pick<Causerie, 'subscribe'>): Exchange =>
  subscriptionExchange({
    forwardSubscription: ({ query, variables, operationName }) => ({
      subscribe: (sink) => ({
        unsubscribe: causerie.subscribe(
          { query: query!, variables: variables as Record<string, unknown>, operationName },
          sink as never,
        ),
      }),
    }),
  });
