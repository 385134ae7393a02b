import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { ApolloProvider } from '@apollo/client/react';
import { OperationTypeNode } from 'graphql';
import { possibleTypes } from '@causerie/client/possible-types';
import { resumeLink } from '@causerie/client/apollo';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { causerie } from './causerie.ts';

const client = new ApolloClient({
  cache: new InMemoryCache({ possibleTypes }),
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    resumeLink(causerie),
    new HttpLink({ uri: '/graphql', fetch: causerie.fetch }),
  ),
});

createRoot(document.getElementById('root')!).render(
  <ApolloProvider client={client}>
    <App />
  </ApolloProvider>,
);
