import { resumeExchange } from '@causerie/client/urql';
import { createRoot } from 'react-dom/client';
import { cacheExchange, Client, fetchExchange, Provider } from 'urql';
import { App } from './app.tsx';
import { causerie } from './causerie.ts';

const client = new Client({
  url: '/graphql',
  fetch: causerie.fetch,
  preferGetMethod: false,
  exchanges: [cacheExchange, resumeExchange(causerie), fetchExchange],
});

createRoot(document.getElementById('root')!).render(
  <Provider value={client}>
    <App />
  </Provider>,
);
