/**
 * What makes GraphiQL speak for who is signed in to the web client, as this page's options: over HTTP where its Headers tab says nothing, and over the
 * socket. It renews the session as the client does, one tab at a time, since a refresh token is used once.
 */
export const sessionScript = `<script>
const kept = 'causerie.session';
const readSession = () => JSON.parse(localStorage.getItem(kept));
const plainFetch = globalThis.fetch;
const renewal = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken expiresAt refreshToken user { id username displayName avatarUrl role isGuest } } } }';

async function renewSession(spent) {
  const session = readSession();
  if (session?.accessToken !== spent.accessToken) return session?.accessToken;
  const body = JSON.stringify({ query: renewal, variables: { input: { refreshToken: session.refreshToken } } });
  const answer = await plainFetch(location.pathname, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const fresh = (await answer.json()).data?.refreshSession.session;
  if (fresh) localStorage.setItem(kept, JSON.stringify(fresh));
  return fresh?.accessToken;
}

async function sessionToken() {
  const session = readSession();
  if (!session?.refreshToken || Date.parse(session.expiresAt) - Date.now() > 30000) return session?.accessToken;
  return navigator.locks ? navigator.locks.request(kept, () => renewSession(session)) : renewSession(session);
}

globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  const token = headers.has('authorization') ? undefined : await sessionToken();
  if (token) headers.set('authorization', 'Bearer ' + token);
  return plainFetch(input, { ...init, headers });
};

const sessionOptions = {
  async connectionParams() {
    const token = await sessionToken();
    return token ? { authorization: 'Bearer ' + token } : {};
  },
};
</script>`;

/** Where GraphiQL is given its options. */
const opening = /(querySelector\('#root'\),\s*)\{/;

/** The page, with the session of the web client if there is one. Throws when the page is not as it was when this was written. */
export function withSession(html: string): string {
  if (!opening.test(html)) throw new Error('GraphiQL takes its options elsewhere');
  return html.replace(opening, (_found, before: string) => `${before}{ ...sessionOptions, ...{`).replace(/\}(,?\s*\);\s*<\/script>\s*<\/body>)/, (_found, after: string) => `}}${after}`);
}
