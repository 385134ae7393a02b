import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/** GraphiQL as this server shows it: from its own package, since the server's default page loads from elsewhere. */
export const graphiql = {
  graphiql: { title: 'Causerie', subscriptionsProtocol: 'WS' as const, shouldPersistHeaders: false },
  renderGraphiQL,
};
