import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { Client } from 'graphql-ws';
import type { Causerie } from './connect.ts';

/** Subscriptions of Apollo Client over the connection of this client: they go on after the last cursor when it was lost. Queries and mutations are for an `HttpLink` beside it. */
export const resumeLink = ({ subscribe }: Pick<Causerie, 'subscribe'>): GraphQLWsLink =>
  new GraphQLWsLink({ subscribe } as Client);
