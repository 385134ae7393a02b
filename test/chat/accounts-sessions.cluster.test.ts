import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket } from '../support/bare-clients.ts';
import { password, person, query } from '../support/person.ts';
import { createDatabase, describeWithServers, postgresUrl } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node[Symbol.asyncDispose]());

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const refreshDocument =
  'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken refreshToken expiresAt user { username } } } }';
const signInDocument =
  'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken refreshToken } } }';
const refresh = async (refreshToken: string | null, at = node): Promise<Tokens> =>
  (await query(at.url, refreshDocument, { input: { refreshToken } })).refreshSession.session;
const signIn = async (username: string, given = password, at = node): Promise<Tokens> =>
  (await query(at.url, signInDocument, { input: { username, password: given } })).signIn.session;
const viewer = async (token: string, at = node) =>
  (await query(at.url, '{ viewer { username } }', {}, token)).viewer;
const signOut = (token: string, at = node) =>
  query(at.url, 'mutation { signOut { ok } }', {}, token);

/** Waits until this is refused, as it is bound to be in time. */
async function refused(
  attempt: () => Promise<unknown>,
  withinMs: number,
): Promise<{ code?: string; message: string }> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await delay(20)) {
    const refusal = await attempt().then(
      () => undefined,
      (error) => error,
    );
    if (refusal) return refusal;
  }
  throw new Error(`still let in after ${withinMs} ms`);
}

/**
 * Repeats a refresh at once, again and again: of what it is answered with, one goes on at most, and
 * the session ends when another is used.
 */
async function keepsOneLine(nodes: readonly TestNode[]): Promise<void> {
  let wentOn = 0;
  for (let round = 0; round < 6; round++) {
    const { refreshToken } = await person(nodes[0]!, `repeating-${round}`);
    await refresh(refreshToken, nodes[0]);
    const given: string[] = [];
    await Promise.all(
      [0, 1].map(async (use) =>
        given.unshift((await refresh(refreshToken, nodes[use % nodes.length])).refreshToken),
      ),
    );
    const outcomes = [];
    for (const token of given)
      outcomes.push(
        await refresh(token, nodes[0]).then(
          () => 'goes on',
          (error) => error.code,
        ),
      );
    expect(outcomes).toContain('UNAUTHENTICATED');
    wentOn += outcomes.filter((outcome) => outcome === 'goes on').length;
  }
  expect(wentOn).toBeGreaterThan(0);
}

describe('refreshSession', () => {
  it('[P9] gives new tokens of the same user for the refresh token, again and again', async () => {
    const ann = await person(node, 'rotating');
    let tokens: Tokens = { accessToken: ann.token, refreshToken: ann.refreshToken! };
    const seen = new Set([tokens.accessToken, tokens.refreshToken]);
    for (let round = 0; round < 3; round++) {
      tokens = await refresh(tokens.refreshToken);
      expect(await viewer(tokens.accessToken)).toEqual({ username: 'rotating' });
      seen.add(tokens.accessToken).add(tokens.refreshToken);
    }
    expect(seen.size).toBe(8);
  });

  it('[P10] takes a refresh token again whose answer was lost, as often as that happens, and the session goes on', async () => {
    const ann = await person(node, 'unanswered');
    for (let lost = 0; lost < 2; lost++) await refresh(ann.refreshToken);
    const heard = await refresh(ann.refreshToken);
    const next = await refresh(heard.refreshToken);
    expect(await viewer(next.accessToken)).toEqual({ username: 'unanswered' });
    expect(await viewer((await refresh(next.refreshToken)).accessToken)).toEqual({
      username: 'unanswered',
    });
  });

  it('[P10] ends the whole session when a refresh token comes again after its successor was used: the newest tokens are refused, another session is not', async () => {
    const ann = await person(node, 'copied');
    const other = await signIn('copied');
    const newest = await refresh((await refresh(ann.refreshToken)).refreshToken);
    await expect(refresh(ann.refreshToken)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('used before'),
    });
    await expect(refresh(newest.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await refused(() => viewer(newest.accessToken), 1000);
    expect(await viewer(other.accessToken)).toEqual({ username: 'copied' });
    expect(await viewer((await refresh(other.refreshToken)).accessToken)).toEqual({
      username: 'copied',
    });
  });

  it('[P10] ends it, too, when a refresh token comes again too late', async () => {
    await using hasty = await startNode({ limits: { refreshRepeatMs: 100 } });
    const ann = await person(hasty, 'replayed');
    const newest = await refresh(ann.refreshToken, hasty);
    await delay(200);
    await expect(refresh(ann.refreshToken, hasty)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('used before'),
    });
    await expect(refresh(newest.refreshToken, hasty)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('[P10] ends it, too, when a successor is used that was replaced, since two go on with one session then', async () => {
    const ann = await person(node, 'followed');
    const replaced = await refresh(ann.refreshToken);
    const newest = await refresh(ann.refreshToken);
    await expect(refresh(replaced.refreshToken)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('used before'),
    });
    await expect(refresh(newest.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await refused(() => viewer(newest.accessToken), 1000);
  });

  it('[P10] leaves one line of tokens where it is repeated at once, embedded', async () => {
    await using embedded = await startNode({ isEmbedded: true });
    await keepsOneLine([embedded]);
  });

  it('[P10] closes the open sockets of a session that was ended so', async () => {
    const ann = await person(node, 'socketed');
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    await refresh((await refresh(ann.refreshToken)).refreshToken);
    await refresh(ann.refreshToken).catch(() => {});
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('[P12] refuses what never was a refresh token', async () => {
    for (const refreshToken of ['', 'nonsense', 'nul\0', 'x'.repeat(10_000)])
      await expect(refresh(refreshToken)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringContaining('Sign in again'),
      });
  });

  it('[P9] refuses a refresh token whose time is over', async () => {
    await using brief = await startNode({ limits: { refreshTokenMs: 300 } });
    const ann = await person(brief, 'late');
    await delay(400);
    await expect(refresh(ann.refreshToken, brief)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('expired'),
    });
  });
});

describe('signOut', () => {
  it('[P10] ends the session: its tokens are refused, its sockets closed with 4401, other sessions go on', async () => {
    const ann = await person(node, 'leaving');
    const other = await signIn('leaving');
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await using otherSocket = await openSocket(node.wsUrl, {
      params: { token: other.accessToken },
    });
    await Promise.all([socket.acknowledged, otherSocket.acknowledged]);
    expect(await signOut(ann.token)).toEqual({ signOut: { ok: true } });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Signed out' });
    expect(await refused(() => viewer(ann.token), 1000)).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('Sign in again'),
    });
    await expect(refresh(ann.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await using late = await openSocket(node.wsUrl, { params: { token: ann.token } });
    expect(await late.closed).toMatchObject({ code: 4401 });
    expect(otherSocket.isOpen).toBe(true);
    expect(await viewer(other.accessToken)).toEqual({ username: 'leaving' });
  });

  it('[P10] may be said over the socket that it ends', async () => {
    const ann = await person(node, 'leaving-by-socket');
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    await Promise.race([socket.ask('mutation { signOut { ok } }'), socket.closed]);
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('[P12] needs somebody who is signed in', async () => {
    await expect(query(node.url, 'mutation { signOut { ok } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it.skipIf(!postgresUrl)(
    "[P10] is remembered by a node that starts afterwards, a guest's for as long as their longer token lasts",
    async () => {
      const DATABASE_URL = await createDatabase();
      await using first = await startNode({ settings: { DATABASE_URL } });
      const ann = await person(first, 'gone-before');
      const { signInAsGuest } = await query(
        first.url,
        'mutation { signInAsGuest(input: { displayName: "Guest" }) { session { accessToken } } }',
      );
      const guestToken = signInAsGuest.session.accessToken;
      await Promise.all([signOut(ann.token, first), signOut(guestToken, first)]);
      const database = new pg.Client(DATABASE_URL);
      await database.connect();
      await database.query(
        "update sessions set ended_at = now() - interval '20 hours' where user_id in (select id from users where is_guest)",
      );
      await database.end();
      await using second = await startNode({ settings: { DATABASE_URL } });
      await expect(viewer(ann.token, second)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(viewer(guestToken, second)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );
});

describeWithServers('two nodes', () => {
  it('[P10] both end a session that is signed out at one, within a second', async () => {
    await using nodes = await startCluster(2);
    const [here, there] = [nodes[0]!, nodes[1]!];
    const ann = await person(here, 'everywhere');
    await using socket = await openSocket(there.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    expect(await viewer(ann.token, there)).toEqual({ username: 'everywhere' });
    const start = Date.now();
    await signOut(ann.token, here);
    expect(await socket.closed).toMatchObject({ code: 4401 });
    await refused(() => viewer(ann.token, there), 1000);
    expect(Date.now() - start).toBeLessThan(1000);
  });

  it('[P10] leave one line of tokens where refreshes are repeated at both', async () => {
    await using nodes = await startCluster(2);
    await keepsOneLine(nodes);
  });

  it('[P10] let a repeat win, or the use of what it replaces, and not both', async () => {
    await using nodes = await startCluster(2);
    for (let round = 0; round < 5; round++) {
      const ann = await person(nodes[0]!, `racing-${round}`);
      const { refreshToken } = await refresh(ann.refreshToken, nodes[0]);
      const outcomes = await Promise.allSettled([
        refresh(ann.refreshToken, nodes[0]),
        refresh(refreshToken, nodes[1]),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const won = outcomes.find((outcome) => outcome.status === 'fulfilled')!;
      await expect(refresh(won.value.refreshToken, nodes[1])).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
  });

  it('[P12] count attempts to sign in together', async () => {
    await using nodes = await startCluster(2);
    await person(nodes[0]!, 'guessed');
    const attempts = Array.from({ length: 10 }, (_, attempt) =>
      signIn('guessed', 'wrong password', nodes[attempt % 2]!).catch((error) => error.code),
    );
    expect(await Promise.all(attempts)).toEqual(
      Array.from({ length: 10 }, () => 'UNAUTHENTICATED'),
    );
    for (const at of nodes)
      await expect(signIn('guessed', password, at)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('attempts to sign in', () => {
  it('[P12] are limited per name, whether it exists or not, and say when to come back', async () => {
    await using guarded = await startNode();
    await person(guarded, 'guarded');
    for (const username of ['guarded', 'nobody']) {
      for (let attempt = 0; attempt < 10; attempt++)
        await expect(signIn(username, 'wrong password', guarded)).rejects.toMatchObject({
          code: 'UNAUTHENTICATED',
        });
      await expect(signIn(username.toUpperCase(), password, guarded)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        extensions: { retryAfterMs: expect.any(Number) },
      });
    }
  });

  it('[P12] that succeed do not count', async () => {
    await using guarded = await startNode();
    await person(guarded, 'frequent');
    for (let attempt = 0; attempt < 15; attempt++) await signIn('frequent', password, guarded);
  });

  it('[P12] are limited per address, over all names', async () => {
    await using guarded = await startNode();
    const codes = await Promise.all(
      Array.from({ length: 101 }, (_, attempt) =>
        signIn(`nobody-${attempt}`, 'wrong password', guarded).catch((error) => error.code),
      ),
    );
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(1);
  });
});
