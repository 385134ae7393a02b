/**
 * What makes GraphiQL speak for who is signed in, as this page's options: over HTTP where its Headers tab says nothing, and over the socket. Who signs
 * in here is, until the page is loaded again; else who is signed in to the web client, whose session is renewed as the client does it, one tab at a
 * time, and kept where the client keeps it: in IndexedDB, which is the same for all tabs, and in localStorage.
 */
export const sessionScript = `<script>
const kept = 'causerie.session';
const readSession = () => JSON.parse(localStorage.getItem(kept));
const plainFetch = globalThis.fetch;
let signedInHere;
const renewal = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken expiresAt refreshToken user { id username displayName avatarUrl role isGuest } } } }';

/** Undefined where there is none, or the browser has no such database. */
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

async function renewSession(spent) {
  const latest = await inDatabase('readonly', (sessions) => sessions.get(kept));
  const session = latest === undefined ? readSession() : latest;
  if (session?.accessToken !== spent.accessToken) return session?.accessToken;
  const body = JSON.stringify({ query: renewal, variables: { input: { refreshToken: session.refreshToken } } });
  const answer = await plainFetch(location.pathname, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const fresh = (await answer.json()).data?.refreshSession.session;
  if (fresh) {
    localStorage.setItem(kept, JSON.stringify(fresh));
    await inDatabase('readwrite', (sessions) => sessions.put(fresh, kept));
  }
  return fresh?.accessToken;
}

async function sessionToken() {
  if (signedInHere) return signedInHere;
  const session = readSession();
  if (!session?.refreshToken || Date.parse(session.expiresAt) - Date.now() > 30000) return session?.accessToken;
  return navigator.locks ? navigator.locks.request(kept, () => renewSession(session)) : renewSession(session);
}

globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  const token = headers.has('authorization') ? undefined : await sessionToken();
  if (token) headers.set('authorization', 'Bearer ' + token);
  const response = await plainFetch(input, { ...init, headers });
  noteSignIn(response.clone());
  return response;
};

async function noteSignIn(response) {
  if (!response.headers.get('content-type')?.includes('json')) return;
  const { data } = await response.json();
  const entered = data?.signUp ?? data?.signIn ?? data?.signInAsGuest;
  signedInHere = entered?.session?.accessToken ?? signedInHere;
}

const pageOptions = {
  async connectionParams() {
    const token = await sessionToken();
    return token ? { authorization: 'Bearer ' + token } : {};
  },
};
// A link to a query opens that, and no examples.
if (new URLSearchParams(location.search).has('query')) pageOptions.defaultTabs = undefined;
</script>`;

/** Where GraphiQL is given its options. */
const given = /(querySelector\('#root'\),\s*)(\{.*\})/;

/** The page, with the session of who is signed in. Throws when the page is not as it was when this was written. */
export function withSession(html: string): string {
  if (!given.test(html)) throw new Error('GraphiQL takes its options elsewhere');
  return html.replace(
    given,
    (_found, before: string, options: string) => `${before}{ ...${options}, ...pageOptions }`,
  );
}
