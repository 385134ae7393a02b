import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { memorySession, type Session } from '../../client/src/index.ts';
import { connectSdk } from '../support/sdk.ts';
import { startNode } from '../support/start-node.ts';

const password = 'correct horse battery staple';

describe('a session', () => {
  it('starts, is stored as configured, reports its changes, and ends', async () => {
    await using node = await startNode();
    const store = memorySession();
    const causerie = connectSdk({ url: node.url, session: store });
    const received: (string | undefined)[] = [];
    causerie.onSession((session) => received.push(session?.user.username));
    expect(await causerie.viewer()).toBeNull();
    await causerie.signUp({ username: 'Bob', password });
    expect(store.read()).toMatchObject({ user: { username: 'bob' } });
    expect(await connectSdk({ url: node.url, session: store }).viewer()).toMatchObject({
      username: 'bob',
    });
    expect(await causerie.signOut()).toBe(true);
    expect([causerie.session, store.read(), await causerie.viewer()]).toEqual([null, null, null]);
    await causerie.signIn({ username: 'bob', password });
    await causerie.deleteMyAccount({ password });
    expect(causerie.session).toBeNull();
    const guest = await causerie.signInAsGuest({ displayName: 'Gina' });
    expect(guest.user.isGuest).toBe(true);
    expect(received).toEqual(['bob', undefined, 'bob', undefined, guest.user.username]);
  });

  it('is refreshed once for all callers, in every client with the same storage', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    const store = memorySession();
    const causerie = connectSdk({ url: node.url, session: store });
    const refreshed: (Session | null)[] = [];
    causerie.onSession((session) => refreshed.push(session));
    await causerie.signUp({ username: 'bob', password });
    await delay(2100);
    const viewers = await Promise.all(Array.from({ length: 5 }, () => causerie.viewer()));
    expect(viewers.map((viewer) => viewer?.username)).toEqual(['bob', 'bob', 'bob', 'bob', 'bob']);
    expect(refreshed).toHaveLength(2);
    expect(await connectSdk({ url: node.url, session: store }).viewer()).toMatchObject({
      username: 'bob',
    });
  });

  it('[P10] continues after the answers to its refreshes were lost', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    const refreshedWith: string[] = [];
    /** Of the answers to a refresh, the first two are lost, after the server has done it. */
    const losing: typeof fetch = async (...request) => {
      const { query, variables } = JSON.parse(String(request[1]?.body));
      const response = await fetch(...request);
      if (!query.includes('refreshSession') || refreshedWith.push(variables.input.refreshToken) > 2)
        return response;
      expect(await response.json()).toMatchObject({ data: { refreshSession: {} } });
      throw new TypeError('the connection was reset');
    };
    const causerie = connectSdk({ url: node.url, fetch: losing });
    const { refreshToken } = await causerie.signUp({ username: 'bob', password });
    await delay(2100);
    expect(await causerie.viewer()).toMatchObject({ username: 'bob' });
    expect(refreshedWith).toEqual([refreshToken, refreshToken, refreshToken]);
    await delay(2100);
    expect(await causerie.viewer()).toMatchObject({ username: 'bob' });
    expect(new Set(refreshedWith).size).toBe(2);
  });

  it('is the later one of two if a tab was closed while it wrote', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    const earlier = await connectSdk({ url: node.url }).signUp({ username: 'bob', password });
    await delay(1100);
    const later = await connectSdk({ url: node.url }).refreshSession({
      refreshToken: earlier.refreshToken!,
    });
    await delay(2100);
    const store = memorySession();
    await store.write(later);
    const causerie = connectSdk({
      url: node.url,
      session: { ...store, readLatest: async () => earlier },
    });
    expect(await causerie.viewer()).toMatchObject({ username: 'bob' });
  });

  it('has the latest received data of the user', async () => {
    await using node = await startNode({ settings: { ADMIN_USERNAMES: 'bob' } });
    const store = memorySession();
    const causerie = connectSdk({ url: node.url, session: store });
    await causerie.signUp({ username: 'bob', password });
    const received: (string | undefined)[] = [];
    causerie.onSession((session) => received.push(session?.user.displayName));
    await causerie.updateProfile({ displayName: 'Bob Builder' });
    await causerie.viewer();
    expect(causerie.session?.user).toMatchObject({
      username: 'bob',
      displayName: 'Bob Builder',
      role: 'ADMIN',
    });
    const elsewhere = connectSdk({ url: node.url });
    await elsewhere.signIn({ username: 'bob', password });
    await elsewhere.updateProfile({ displayName: 'Bob' });
    await causerie.user({ username: 'bob' });
    expect(causerie.session?.user.displayName).toBe('Bob Builder');
    await causerie.viewer();
    expect(store.read()?.user.displayName).toBe('Bob');
    expect(received).toEqual(['Bob Builder', 'Bob']);
  });

  it('ends if it was ended in another tab', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    const store = memorySession();
    await connectSdk({ url: node.url, session: store }).signUp({ username: 'bob', password });
    await delay(2100);
    const causerie = connectSdk({
      url: node.url,
      session: { ...store, readLatest: async () => null },
    });
    expect(await causerie.viewer()).toBeNull();
    expect(causerie.session).toBeNull();
  });

  it('calls the token function once more after the server reports an expired token', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    const { accessToken: ended } = await connectSdk({ url: node.url }).signUp({
      username: 'bob',
      password,
    });
    await delay(2100);
    const { accessToken: fresh } = await connectSdk({ url: node.url }).signIn({
      username: 'bob',
      password,
    });
    const tokens = [ended, fresh, ended, ended];
    const causerie = connectSdk({ url: node.url, token: () => tokens.shift() });
    expect(await causerie.viewer()).toMatchObject({ username: 'bob' });
    await expect(causerie.viewer()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_EXPIRED',
    });
    expect(tokens).toEqual([]);
  });

  it('ends, and reports the end, if it cannot be refreshed', async () => {
    await using node = await startNode({ limits: { accessTokenMs: 1000 } });
    const store = memorySession();
    const causerie = connectSdk({ url: node.url, session: store });
    const session = await causerie.signUp({ username: 'bob', password });
    await connectSdk({ url: node.url, token: session.accessToken }).signOut();
    await delay(2100);
    await expect(causerie.viewer()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(causerie.session).toBeNull();
    expect(await causerie.viewer()).toBeNull();
  });

  it('queries and follows as the current user', async () => {
    await using node = await startNode();
    const causerie = connectSdk({ url: node.url });
    await causerie.signUp({ username: 'ann', password });
    const { id: roomId } = await causerie.createRoom({ name: 'Harbour' });
    const following = causerie.roomMessages({ roomId });
    expect(await following.next()).toMatchObject({ value: { __typename: 'CaughtUp' } });
    await causerie.signUp({ username: 'bob', password });
    await expect(following.next()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    causerie.close();
  });
});
