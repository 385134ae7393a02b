import { browserSession, connect } from '@causerie/client';
import { documentIds } from '@causerie/client/document-ids';

/**
 * The only connection of the page to the server. The session is in localStorage, so all tabs share
 * it and it survives a restart. This is safe enough: the content security policy allows only
 * scripts of Causerie, and each use renews the refresh token, so that the use of a stolen copy is
 * detected. Queries wait until the server can be reached, because the page has nothing to show
 * without it. Requests name their documents by ids, which every server of this version knows, also
 * one with TRUSTED_DOCUMENTS.
 */
export const causerie = connect({
  url: '/graphql',
  session: browserSession(),
  documentIds,
  queryAttempts: Infinity,
  timing: { retryMaxMs: 8000 },
});
