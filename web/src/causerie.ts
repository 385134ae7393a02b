import { browserSession, connect } from '@causerie/client';

/**
 * The only way to the server. The session is in localStorage, so that it is there in all tabs and after a restart: the content security policy lets
 * no script run but ours, and the refresh token is renewed with each use, by one tab at a time (Web Locks), so that a copy of it is soon found out.
 * What is asked for waits for a server that is away: the page has nothing to show instead.
 */
export const causerie = connect({
  url: '/graphql',
  session: browserSession(),
  queryAttempts: Infinity,
  timing: { retryMaxMs: 8000 },
});
