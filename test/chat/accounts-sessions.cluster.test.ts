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

/** Waits until this is refused, long before a token expires. */
async function refused(
  attempt: () => Promise<unknown>,
  withinMs = 30_000,
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
 * Repeats refreshes at once. At most one of the returned tokens continues the session, and using
 * another one ends it.
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
  it('[P9] exchanges the refresh token for new tokens of the same user, any number of times', async () => {
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

  it('[P10] accepts a refresh token again if its answer was lost, any number of times, and keeps the session', async () => {
    const ann = await person(node, 'unanswered');
    for (let lost = 0; lost < 2; lost++) await refresh(ann.refreshToken);
    const received = await refresh(ann.refreshToken);
    const next = await refresh(received.refreshToken);
    expect(await viewer(next.accessToken)).toEqual({ username: 'unanswered' });
    expect(await viewer((await refresh(next.refreshToken)).accessToken)).toEqual({
      username: 'unanswered',
    });
  });

  it('[P10] ends the session if a refresh token is used again after its successor was used, and no other session', async () => {
    const ann = await person(node, 'copied');
    const other = await signIn('copied');
    const newest = await refresh((await refresh(ann.refreshToken)).refreshToken);
    await expect(refresh(ann.refreshToken)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('used before'),
    });
    await expect(refresh(newest.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await refused(() => viewer(newest.accessToken));
    expect(await viewer(other.accessToken)).toEqual({ username: 'copied' });
    expect(await viewer((await refresh(other.refreshToken)).accessToken)).toEqual({
      username: 'copied',
    });
  });

  it('[P10] ends the session if a refresh token is used again too late', async () => {
    await using impatient = await startNode({ limits: { refreshRepeatMs: 100 } });
    const ann = await person(impatient, 'replayed');
    const newest = await refresh(ann.refreshToken, impatient);
    await delay(200);
    await expect(refresh(ann.refreshToken, impatient)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('used before'),
    });
    await expect(refresh(newest.refreshToken, impatient)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('[P10] ends the session if a replaced successor is used, because two clients use it then', async () => {
    const ann = await person(node, 'followed');
    const replaced = await refresh(ann.refreshToken);
    const newest = await refresh(ann.refreshToken);
    await expect(refresh(replaced.refreshToken)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('used before'),
    });
    await expect(refresh(newest.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await refused(() => viewer(newest.accessToken));
  });

  it('[P10] leaves one valid token after simultaneous repeats, embedded', async () => {
    await using embedded = await startNode({ isEmbedded: true });
    await keepsOneLine([embedded]);
  });

  it('[P10] closes the open sockets of a session that ended this way', async () => {
    const ann = await person(node, 'socketed');
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    await refresh((await refresh(ann.refreshToken)).refreshToken);
    await refresh(ann.refreshToken).catch(() => {});
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('[P12] refuses a value that was never a refresh token', async () => {
    for (const refreshToken of ['', 'nonsense', 'nul\0', 'x'.repeat(10_000)])
      await expect(refresh(refreshToken)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringContaining('Sign in again'),
      });
  });

  it('[P9] refuses an expired refresh token', async () => {
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
  it('[P10] ends the session: refuses its tokens, closes its sockets with 4401, and keeps other sessions', async () => {
    const ann = await person(node, 'leaving');
    const other = await signIn('leaving');
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await using otherSocket = await openSocket(node.wsUrl, {
      params: { token: other.accessToken },
    });
    await Promise.all([socket.acknowledged, otherSocket.acknowledged]);
    expect(await signOut(ann.token)).toEqual({ signOut: { ok: true } });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Signed out' });
    expect(await refused(() => viewer(ann.token))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('Sign in again'),
    });
    await expect(refresh(ann.refreshToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await using late = await openSocket(node.wsUrl, { params: { token: ann.token } });
    expect(await late.closed).toMatchObject({ code: 4401 });
    expect(otherSocket.isOpen).toBe(true);
    expect(await viewer(other.accessToken)).toEqual({ username: 'leaving' });
  });

  it('[P10] can be sent over the socket that it ends', async () => {
    const ann = await person(node, 'leaving-by-socket');
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    await Promise.race([socket.ask('mutation { signOut { ok } }'), socket.closed]);
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('[P12] requires a signed-in user', async () => {
    await expect(query(node.url, 'mutation { signOut { ok } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it.skipIf(!postgresUrl)(
    '[P10] is known to a node that starts later, for a guest as long as the longer token lasts',
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
  it('[P10] both end a session within a second after a sign-out on one', async () => {
    await using nodes = await startCluster(2);
    const [here, there] = [nodes[0]!, nodes[1]!];
    const ann = await person(here, 'everywhere');
    await using socket = await openSocket(there.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    expect(await viewer(ann.token, there)).toEqual({ username: 'everywhere' });
    const start = Date.now();
    await signOut(ann.token, here);
    expect(await socket.closed).toMatchObject({ code: 4401 });
    await refused(() => viewer(ann.token, there));
    expect(Date.now() - start).toBeLessThan(12_000);
  });

  it('[P10] leave one valid token after refreshes that are repeated on both', async () => {
    await using nodes = await startCluster(2);
    await keepsOneLine(nodes);
  });

  it('[P10] accept either a repeat or the use of the replaced token, not both', async () => {
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

  it('[P12] count sign-in attempts together', async () => {
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
  const behindProxy = { settings: { TRUSTED_PROXIES: 'loopback' } };

  /** Signs in from an address. Returns the code of the refusal, or `in`. */
  async function attempt(
    at: TestNode,
    address: string,
    username: string,
    given = password,
  ): Promise<string> {
    const response = await fetch(at.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({
        query: signInDocument,
        variables: { input: { username, password: given } },
      }),
    });
    const { errors } = (await response.json()) as {
      errors?: { extensions: { code: string; retryAfterMs?: number } }[];
    };
    if (errors?.[0]?.extensions.code === 'RATE_LIMITED')
      expect(errors[0].extensions.retryAfterMs).toBeGreaterThan(0);
    return errors?.[0]?.extensions.code ?? 'in';
  }

  const repeat = async (count: number, work: (index: number) => Promise<string>) => {
    const outcomes: string[] = [];
    for (let index = 0; index < count; index++) outcomes.push(await work(index));
    return outcomes;
  };
  const wrong = (count: number) => Array<string>(count).fill('UNAUTHENTICATED');

  it('[P13] are limited per name and address, whether the name exists or not', async () => {
    await using guarded = await startNode(behindProxy);
    await person(guarded, 'guarded');
    for (const username of ['guarded', 'nobody']) {
      expect(
        await repeat(10, () => attempt(guarded, '192.0.2.1', username, 'wrong password')),
      ).toEqual(wrong(10));
      expect(await attempt(guarded, '192.0.2.1', username.toUpperCase())).toBe('RATE_LIMITED');
    }
  });

  it('[P13] of one guesser do not keep the owner out, from an address that is known or new', async () => {
    await using guarded = await startNode(behindProxy);
    await person(guarded, 'guarded');
    await repeat(12, () => attempt(guarded, '192.0.2.1', 'guarded', 'wrong password'));
    expect(await attempt(guarded, '192.0.2.1', 'guarded')).toBe('RATE_LIMITED');
    expect(await attempt(guarded, '192.0.2.2', 'guarded')).toBe('in');
    expect(await attempt(guarded, '127.0.0.1', 'guarded')).toBe('in');
  });

  it('[P13] of an IPv6 network count as one guesser', async () => {
    await using guarded = await startNode(behindProxy);
    await person(guarded, 'guarded');
    expect(
      await repeat(11, (index) =>
        attempt(guarded, `2001:db8:1:2::${index + 1}`, 'guarded', 'wrong password'),
      ),
    ).toEqual([...wrong(10), 'RATE_LIMITED']);
    expect(await attempt(guarded, '2001:db8:1:3::1', 'guarded')).toBe('in');
  });

  it('[P13] from many addresses are limited per name, except from addresses of earlier sessions', async () => {
    await using guarded = await startNode(behindProxy);
    await person(guarded, 'guarded');
    expect(await attempt(guarded, '192.0.2.1', 'guarded')).toBe('in');
    for (const username of ['guarded', 'nobody']) {
      const outcomes = await repeat(101, (index) =>
        attempt(guarded, `198.51.100.${index}`, username, 'wrong password'),
      );
      expect(outcomes).toEqual([...wrong(100), 'RATE_LIMITED']);
      expect(await attempt(guarded, '203.0.113.1', username)).toBe('RATE_LIMITED');
    }
    // The address of the sign-up, and that of the sign-in.
    for (const address of ['127.0.0.1', '192.0.2.1'])
      expect(await attempt(guarded, address, 'guarded')).toBe('in');
  });

  it('[P13] know the address of a refresh', async () => {
    await using guarded = await startNode(behindProxy);
    const { refreshToken } = await person(guarded, 'roaming');
    await fetch(guarded.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7' },
      body: JSON.stringify({ query: refreshDocument, variables: { input: { refreshToken } } }),
    });
    await repeat(101, (index) =>
      attempt(guarded, `198.51.100.${index}`, 'roaming', 'wrong password'),
    );
    expect(await attempt(guarded, '203.0.113.1', 'roaming')).toBe('RATE_LIMITED');
    expect(await attempt(guarded, '192.0.2.7', 'roaming')).toBe('in');
  });

  it('[P13] that succeed do not count as guesses, but against the address', async () => {
    await using guarded = await startNode(behindProxy);
    await person(guarded, 'frequent');
    const outcomes = await Promise.all(
      Array.from({ length: 332 }, () => attempt(guarded, '192.0.2.1', 'frequent')),
    );
    expect(outcomes.filter((outcome) => outcome === 'in').length).toBeGreaterThan(15);
    expect(outcomes.filter((outcome) => outcome === 'in').length).toBeLessThanOrEqual(200);
    expect(await attempt(guarded, '192.0.2.1', 'frequent')).toBe('RATE_LIMITED');
    expect(await attempt(guarded, '192.0.2.2', 'frequent')).toBe('in');
  });

  it('[P13] are limited per address, over all names', async () => {
    await using guarded = await startNode(behindProxy);
    const outcomes = await repeat(201, (index) =>
      attempt(guarded, '192.0.2.1', `nobody-${index}`, 'wrong password'),
    );
    expect(outcomes).toEqual([...wrong(200), 'RATE_LIMITED']);
    expect(await attempt(guarded, '192.0.2.2', 'nobody-1', 'wrong password')).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('[P13] from one address that wait for their turn do not keep another address waiting', async () => {
    await using guarded = await startNode({
      ...behindProxy,
      limits: { passwordHashKiB: 19_456, passwordsWaitingPerAddress: 5, passwordsWaiting: 40 },
    });
    await person(guarded, 'patient');
    let open = 0;
    const flood = Array.from({ length: 60 }, (_, index) => {
      open++;
      return attempt(guarded, '192.0.2.1', `nobody-${index}`).finally(() => open--);
    });
    expect(await attempt(guarded, '192.0.2.2', 'patient')).toBe('in');
    expect(open).toBeGreaterThan(0);
    expect(
      (await Promise.all(flood)).filter((code) => code === 'RATE_LIMITED').length,
    ).toBeGreaterThan(0);
  });
});
