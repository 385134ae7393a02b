import { browserSession, connect } from '@causerie/client';

/**
 * The only connection of the page to the server. The session is in localStorage, so all tabs share
 * it and it survives a restart. This is safe enough: the content security policy allows only
 * scripts of Causerie, and each use renews the refresh token, so that the use of a stolen copy is
 * detected. Queries wait until the server can be reached, because the page has nothing to show
 * without it.
 */
export const causerie = connect({
  url: '/graphql',
  session: browserSession(),
  queryAttempts: Infinity,
  timing: { retryMaxMs: 8000 },
});
