import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { Client } from 'graphql-ws';
import type { Causerie } from './causerie.ts';

/**
 * Runs the subscriptions of Apollo Client over the connection of this client. After an interruption
 * they resume after the last cursor. Use an `HttpLink` beside it for queries and mutations.
 */
export const resumeLink = ({ subscribe }: Pick<Causerie, 'subscribe'>): GraphQLWsLink =>
  // The link calls nothing but `subscribe` of a graphql-ws client.
  new GraphQLWsLink({ subscribe } as Client);
