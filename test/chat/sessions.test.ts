import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, openSocket } from '../support/bare-clients.ts';
import { password, person, query } from '../support/person.ts';
import { guest } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node[Symbol.asyncDispose]());

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const signInDocument =
  'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken refreshToken } } }';
const signIn = async (
  username: string,
  given = password,
  { at = node, userAgent = 'test' } = {},
): Promise<Tokens> => {
  const answer = await ask(
    at.url,
    signInDocument,
    { input: { username, password: given } },
    { 'user-agent': userAgent },
  );
  if (answer.code) throw Object.assign(new Error(answer.message), { code: answer.code });
  return answer.data.signIn.session;
};
const refresh = async (refreshToken: string, userAgent = 'test') =>
  ask(
    node.url,
    'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken refreshToken } } }',
    { input: { refreshToken } },
    { 'user-agent': userAgent },
  );
const sessions = async (token: string, at = node) =>
  (await query(at.url, '{ sessions { id createdAt lastUsedAt userAgent isCurrent } }', {}, token))
    .sessions as {
    id: string;
    createdAt: string;
    lastUsedAt: string;
    userAgent: string | null;
    isCurrent: boolean;
  }[];
const changePassword = (token: string, currentPassword: string, newPassword: string) =>
  query(
    node.url,
    'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { accessToken refreshToken user { username } } } }',
    { input: { currentPassword, newPassword } },
    token,
  ).then(({ changePassword: { session } }) => session as Tokens);
const endSession = async (token: string, sessionId: string) =>
  (
    await query(
      node.url,
      'mutation ($input: EndSessionInput!) { endSession(input: $input) { endedCount } }',
      { input: { sessionId } },
      token,
    )
  ).endSession.endedCount as number;
const endOtherSessions = async (token: string) =>
  (await query(node.url, 'mutation { endOtherSessions { endedCount } }', {}, token))
    .endOtherSessions.endedCount as number;
const viewer = async (token: string) =>
  (await query(node.url, '{ viewer { username } }', {}, token)).viewer;

describe('sessions', () => {
  it('are listed with the client, the time of the last refresh, and a mark on the current one', async () => {
    const ann = await person(node, 'ann');
    const phone = await signIn('ann', password, { userAgent: `Phone/1 ${'x'.repeat(300)}` });
    const [first, second, ...more] = await sessions(phone.accessToken);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      userAgent: `Phone/1 ${'x'.repeat(300)}`.slice(0, 256),
      isCurrent: true,
      lastUsedAt: first!.createdAt,
    });
    expect(second!.isCurrent).toBe(false);
    expect((await sessions(ann.token)).map(({ isCurrent }) => isCurrent)).toEqual([false, true]);

    await refresh(ann.refreshToken!, 'Laptop/2');
    const [refreshed] = await sessions(phone.accessToken);
    expect(refreshed).toMatchObject({ id: second!.id, userAgent: 'Laptop/2' });
    expect(Date.parse(refreshed!.lastUsedAt)).toBeGreaterThan(Date.parse(refreshed!.createdAt));
  });

  it('[P10] end one by one, with their connections and their refresh tokens', async () => {
    const ben = await person(node, 'ben');
    const phone = await signIn('ben');
    await using socket = await openSocket(node.wsUrl, { params: { token: phone.accessToken } });
    await socket.acknowledged;
    const other = (await sessions(ben.token)).find(({ isCurrent }) => !isCurrent)!;
    expect(await endSession(ben.token, other.id.toUpperCase())).toBe(1);
    expect((await socket.closed).code).toBe(4401);
    await expect(viewer(phone.accessToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await refresh(phone.refreshToken)).code).toBe('UNAUTHENTICATED');
    expect(await endSession(ben.token, other.id)).toBe(0);
    expect(await sessions(ben.token)).toHaveLength(1);
    expect(await viewer(ben.token)).toEqual({ username: 'ben' });
  });

  it('[P11] of other users cannot be ended, and look like unknown ones', async () => {
    const [cat, dan] = [await person(node, 'cat'), await person(node, 'dan')];
    const [own] = await sessions(dan.token);
    for (const sessionId of [own!.id, '00000000-0000-7000-8000-000000000000', 'nonsense', ''])
      await expect(endSession(cat.token, sessionId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await endOtherSessions(cat.token)).toBe(0);
    expect(await viewer(dan.token)).toEqual({ username: 'dan' });
  });

  it('[P10] end all but the current one', async () => {
    const eve = await person(node, 'eve');
    const others = [await signIn('eve'), await signIn('eve')];
    expect(await endOtherSessions(eve.token)).toBe(2);
    for (const { accessToken } of others)
      await expect(viewer(accessToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await sessions(eve.token)).toMatchObject([{ isCurrent: true }]);
  });

  it('are one for a guest, and none for a user of another issuer', async () => {
    const gus = await guest(node, 'Gus');
    expect(await sessions(gus.token)).toMatchObject([{ isCurrent: true }]);
    const token = await new SignJWT({ sub: 'outside' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(node.settings.JWT_SECRET));
    expect(await sessions(token)).toEqual([]);
    expect(await endOtherSessions(token)).toBe(0);
  });

  it('[P13] are bounded: a further sign-in ends the one that was used least recently', async () => {
    await using small = await startNode({ limits: { sessionsPerUser: 3 } });
    const fay = await person(small, 'fay');
    const tokens = [];
    for (let count = 0; count < 3; count++)
      tokens.push(await signIn('fay', password, { at: small }));
    await expect(query(small.url, '{ sessions { id } }', {}, fay.token)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await sessions(tokens[0]!.accessToken, small)).toHaveLength(3);
  });
});

describe('changing the password', () => {
  const next = 'another long password';

  it('[P10] ends all other sessions and gives this one new tokens; its connections stay', async () => {
    const hal = await person(node, 'hal');
    const thief = await signIn('hal');
    const open = async (token: string) => {
      const socket = await openSocket(node.wsUrl, { params: { token } });
      await socket.acknowledged;
      return socket;
    };
    await using own = await open(hal.token);
    await using foreign = await open(thief.accessToken);

    const session = await changePassword(hal.token, password, next);
    expect((await foreign.closed).code).toBe(4401);
    await expect(viewer(thief.accessToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await refresh(thief.refreshToken)).code).toBe('UNAUTHENTICATED');
    // A copy of the former refresh token, too.
    expect((await refresh(hal.refreshToken!)).code).toBe('UNAUTHENTICATED');
    expect(own.isOpen).toBe(true);
    expect(await viewer(session.accessToken)).toEqual({ username: 'hal' });
    expect((await refresh(session.refreshToken)).code).toBeUndefined();
    expect(await sessions(session.accessToken)).toMatchObject([{ isCurrent: true }]);

    await expect(signIn('hal')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await viewer((await signIn('hal', next)).accessToken)).toEqual({ username: 'hal' });
  });

  it('changes nothing if the current password is wrong or the new one is invalid', async () => {
    const ida = await person(node, 'ida');
    const other = await signIn('ida');
    await expect(changePassword(ida.token, 'wrong password', next)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    for (const wrong of ['short', 'x'.repeat(201)])
      await expect(changePassword(ida.token, password, wrong)).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'newPassword' },
      });
    expect(await viewer(other.accessToken)).toEqual({ username: 'ida' });
    await signIn('ida');
  });

  it('[P13] prevents guessing of the current password, without locking the owner out', async () => {
    const jan = await person(node, 'jan');
    const codes = new Set<string>();
    for (let count = 0; count < 12; count++)
      await changePassword(jan.token, `guess ${count} of many`, next).catch((error) =>
        codes.add(error.code),
      );
    expect(codes).toEqual(new Set(['FORBIDDEN', 'RATE_LIMITED']));
    await expect(changePassword(jan.token, password, next)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterMs: expect.any(Number) },
    });
    await expect(
      query(
        node.url,
        'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
        { input: { password } },
        jan.token,
      ),
    ).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect((await signIn('jan')).accessToken).toBeTruthy();
  });

  it('is for accounts with a password', async () => {
    const gus = await guest(node, 'Gus');
    await expect(changePassword(gus.token, password, next)).rejects.toMatchObject({
      code: 'INVALID',
    });
  });

  it('[P14] ends a session that was started with the former password at the same moment', async () => {
    await using unlimited = await startNode({ settings: { RATE_LIMITS: 'off' } });
    const kim = await person(unlimited, 'kim');
    let current = password;
    for (let round = 0; round < 8; round++) {
      const following = `${next} ${round}`;
      const [session, ...intruders] = await Promise.all([
        query(
          unlimited.url,
          'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { session { accessToken } } }',
          { input: { currentPassword: current, newPassword: following } },
          kim.token,
        ),
        ...Array.from({ length: 4 }, () =>
          signIn('kim', current, { at: unlimited }).catch(() => undefined),
        ),
      ]);
      expect(await sessions(session.changePassword.session.accessToken, unlimited)).toHaveLength(1);
      for (const intruder of intruders)
        if (intruder)
          await expect(
            query(unlimited.url, '{ sessions { id } }', {}, intruder.accessToken),
          ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      current = following;
    }
  });
});
