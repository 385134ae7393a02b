/**
 * Authenticates the requests and the socket of GraphiQL, unless its Headers tab has a token for the
 * request. The token comes from a sign-in on this page, which lasts until the page is reloaded, or
 * else from the session of the web client. A session is refreshed as the web client does it: by one
 * tab at a time, and stored in IndexedDB, which is the same for all tabs, and in localStorage.
 */
export const sessionScript = `<script>
const sessionKey = 'causerie.session';
const readSession = () => JSON.parse(localStorage.getItem(sessionKey));
const plainFetch = globalThis.fetch;
let signedInHere;
const refreshDocument = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken expiresAt refreshToken user { id username displayName avatarUrl role isGuest isBot } } } }';

/** Undefined if nothing is stored, or IndexedDB is not available. */
const inDatabase = (mode, work) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('causerie', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('sessions');
  opening.onerror = reject;
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('sessions', mode);
    const request = work(transaction.objectStore('sessions'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = reject;
    opening.result.close();
  };
}).catch(() => {});

async function refreshSession(expired) {
  const latest = await inDatabase('readonly', (sessions) => sessions.get(sessionKey));
  const session = latest === undefined ? readSession() : latest;
  if (session?.accessToken !== expired.accessToken) return session?.accessToken;
  const body = JSON.stringify({ query: refreshDocument, variables: { input: { refreshToken: session.refreshToken } } });
  const answer = await plainFetch(location.pathname, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const fresh = (await answer.json()).data?.refreshSession.session;
  if (fresh) {
    localStorage.setItem(sessionKey, JSON.stringify(fresh));
    await inDatabase('readwrite', (sessions) => sessions.put(fresh, sessionKey));
  }
  return fresh?.accessToken;
}

async function sessionToken() {
  if (signedInHere) return signedInHere;
  const session = readSession();
  if (!session?.refreshToken || Date.parse(session.expiresAt) - Date.now() > 30000) return session?.accessToken;
  return navigator.locks ? navigator.locks.request(sessionKey, () => refreshSession(session)) : refreshSession(session);
}

globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  const token = headers.has('authorization') ? undefined : await sessionToken();
  if (token) headers.set('authorization', 'Bearer ' + token);
  const response = await plainFetch(input, { ...init, headers });
  rememberSignIn(response.clone());
  return response;
};

async function rememberSignIn(response) {
  if (!response.headers.get('content-type')?.includes('json')) return;
  const { data } = await response.json();
  const payload = data?.signUp ?? data?.signIn ?? data?.signInAsGuest;
  signedInHere = payload?.session?.accessToken ?? signedInHere;
}

const pageOptions = {
  async connectionParams() {
    const token = await sessionToken();
    return token ? { authorization: 'Bearer ' + token } : {};
  },
};
// A link to a query opens only that query, without the examples.
if (new URLSearchParams(location.search).has('query')) pageOptions.defaultTabs = undefined;
</script>`;

/** The place in the page where GraphiQL receives its options. */
const optionsPlace = /(querySelector\('#root'\),\s*)(\{.*\})/;

/**
 * Adds the options of the session script to the page. Throws if a new version of GraphiQL passes
 * its options differently.
 */
export function withSession(html: string): string {
  if (!optionsPlace.test(html))
    throw new Error('The page of GraphiQL does not pass its options as expected.');
  return html.replace(
    optionsPlace,
    (_found, before: string, options: string) => `${before}{ ...${options}, ...pageOptions }`,
  );
}
