import { decodeJwt } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { password, person, query } from '../support/person.ts';
import { createDatabase, postgresUrl } from '../support/servers.ts';
import { defaultLimits } from '../../src/limits.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
/** The hash is as slow as on a server. */
const limits = { passwordHashKiB: defaultLimits.passwordHashKiB };
beforeAll(async () => void (node = await startNode({ limits })));
afterAll(() => node[Symbol.asyncDispose]());

const userFields = 'id username displayName avatarUrl role isGuest createdAt';
const session = `session { accessToken expiresAt refreshToken user { ${userFields} } }`;
const signUpDocument = `mutation ($input: SignUpInput!) { signUp(input: $input) { ${session} } }`;
const signInDocument = `mutation ($input: SignInInput!) { signIn(input: $input) { ${session} } }`;
const updateDocument = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { ${userFields} } } }`;

const signUp = async (input: Record<string, unknown>) =>
  (await query(node.url, signUpDocument, { input: { password, ...input } })).signUp.session;
const signIn = async (username: string, given = password) =>
  (await query(node.url, signInDocument, { input: { username, password: given } })).signIn.session;
const guest = async (displayName: string) =>
  (
    await query(
      node.url,
      `mutation ($input: SignInAsGuestInput!) { signInAsGuest(input: $input) { ${session} } }`,
      { input: { displayName } },
    )
  ).signInAsGuest.session;

describe('signUp', () => {
  it('[P9] returns a session whose token contains the user, the role and the expiry', async () => {
    const before = Date.now();
    const { user, accessToken, expiresAt, refreshToken } = await signUp({
      username: 'Ann',
      displayName: '  Ann  Lee ',
    });
    expect(user).toMatchObject({
      username: 'ann',
      displayName: 'Ann  Lee',
      avatarUrl: null,
      role: 'USER',
      isGuest: false,
    });
    expect(Math.abs(Date.parse(user.createdAt) - before)).toBeLessThan(10_000);
    expect(decodeJwt(accessToken)).toMatchObject({
      iss: 'causerie',
      sub: user.id,
      username: 'ann',
      role: 'USER',
      exp: Date.parse(expiresAt) / 1000,
    });
    expect(Date.parse(expiresAt) - before).toBeGreaterThanOrEqual(15 * 60_000);
    expect(Date.parse(expiresAt) - before).toBeLessThan(15 * 60_000 + 5000);
    expect(refreshToken).toMatch(/^[\w-]{43}$/);
    expect((await query(node.url, '{ viewer { username } }', {}, accessToken)).viewer).toEqual({
      username: 'ann',
    });
  });

  it('uses the username as the default display name', async () => {
    expect((await signUp({ username: 'plain' })).user.displayName).toBe('plain');
  });

  it('adds the user to the default room', async () => {
    const ann = await person(node, 'lobbyist');
    expect(
      (await ann.query('{ room(name: "lobby") { viewerMember { role } } }')).room.viewerMember,
    ).toEqual({ role: 'MEMBER' });
  });

  it('[P12] refuses a taken username in any case, also for two simultaneous requests', async () => {
    await signUp({ username: 'taken' });
    await expect(signUp({ username: 'TAKEN' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('taken'),
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => signUp({ username: 'wanted' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('CONFLICT');
  });

  it.each([
    'a',
    'x'.repeat(33),
    'two words',
    'ünicode',
    ' edge',
    'nul\0',
    '',
    'at@sign',
    'ａｄｍｉｎ',
    'ad\u200bmin',
  ])('[P12] refuses the username %j', async (username) => {
    await expect(signUp({ username })).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'username' },
    });
  });

  let renamed = 0;
  it.each([
    'Admin',
    'ADMINS',
    '_admin_',
    'ad.min',
    'support',
    'here',
    'everyone',
    'guest-ann',
    'guest_ann',
    'deleted-1',
    'deleted.1',
    'ann.',
  ])('[P14] refuses the deceptive username %j, at sign-up and in a profile', async (username) => {
    const refusal = { code: 'INVALID', extensions: { field: 'username' } };
    await expect(signUp({ username })).rejects.toMatchObject(refusal);
    const { accessToken } = await signUp({ username: `renamed.${++renamed}` });
    const rename =
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
    await expect(
      query(node.url, rename, { input: { username } }, accessToken),
    ).rejects.toMatchObject(refusal);
  });

  it.each(['ab', 'x'.repeat(32), '_.-', '007'])('accepts the username %j', async (username) => {
    expect((await signUp({ username })).user.username).toBe(username);
  });

  it.each([
    '',
    '   ',
    'x'.repeat(65),
    'two\nlines',
    'nul\0',
    '\u200b\u200b',
    '\u2800',
    '\u3164',
    '\u3164',
    'turned\u202e',
    'Deleted user',
    ' deleted\u00a0USER',
    'Ｄｅｌｅｔｅｄ　ｕｓｅｒ',
    'Deleted\u200b user',
    'Dele\u00adted user',
    'Admin',
    'Аdmіn',
    'S.u.p.p.o.r.t ✔',
    'Ann (Moderator)',
  ])('[P12] refuses the display name %j', async (displayName) => {
    await expect(signUp({ username: 'display', displayName })).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'displayName' },
    });
  });

  it('counts a display name in code points and stores it in normal form', async () => {
    expect(
      (await signUp({ username: 'emoji', displayName: '👩‍👩‍👧'.repeat(12) })).user.displayName,
    ).toBe('👩‍👩‍👧'.repeat(12));
    expect(
      (await signUp({ username: 'composed', displayName: 'Zoe\u0308' })).user.displayName,
    ).toBe('Zoë');
  });

  it.each(['1234567', 'x'.repeat(201)])(
    '[P12] refuses a password outside of 8 to 200 characters',
    async (refused) => {
      await expect(signUp({ username: 'password', password: refused })).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'password' },
      });
    },
  );

  it.each(['12345678', 'x'.repeat(200), '🔑'.repeat(200)])(
    'accepts passwords of 8 and of 200 characters',
    async (taken) => {
      const username = `password-${taken.length}`;
      await signUp({ username, password: taken });
      expect((await signIn(username, taken)).user.username).toBe(username);
    },
  );

  it.skipIf(!postgresUrl)('stores only hashes of passwords and refresh tokens', async () => {
    const DATABASE_URL = await createDatabase();
    await using stored = await startNode({ settings: { DATABASE_URL }, limits });
    const { refreshToken, user } = (
      await query(stored.url, signUpDocument, {
        input: { username: 'stored', password: 'only-i-know-this' },
      })
    ).signUp.session;
    const database = new pg.Client(DATABASE_URL);
    await database.connect();
    const { rows } = await database.query(
      'select u.*, s.*, t.* from users u join sessions s on s.user_id = u.id join refresh_tokens t on t.session_id = s.id where u.id = $1',
      [user.id],
    );
    await database.end();
    expect(rows).toHaveLength(1);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(rows)).not.toContain('only-i-know-this');
    expect(JSON.stringify(rows)).not.toContain(refreshToken);
  });
});

describe('signIn', () => {
  it('starts another session of the same user, in any case of the name', async () => {
    const first = await signUp({ username: 'twice' });
    const second = await signIn('TwicE');
    expect(second.user).toEqual(first.user);
    expect(decodeJwt(second.accessToken).sid).not.toBe(decodeJwt(first.accessToken).sid);
  });

  it('accepts a password in another Unicode normal form', async () => {
    await signUp({ username: 'keyboard', password: 'caf\u00e9 caf\u00e9' });
    expect((await signIn('keyboard', 'cafe\u0301 cafe\u0301')).user.username).toBe('keyboard');
  });

  it('refuses a wrong password, an unknown name, an invalid name, and the name of a guest with the same message', async () => {
    await signUp({ username: 'known' });
    const { user } = await guest('Guest');
    const refusals = await Promise.all(
      [
        ['known', 'wrong password'],
        ['unknown', password],
        ['not possible\0', password],
        [user.username, password],
        ['known', ''],
      ].map(([name, given]) => signIn(name!, given).catch((error) => error)),
    );
    for (const refusal of refusals)
      expect({
        code: refusal.code,
        message: refusal.message,
        extensions: refusal.extensions,
      }).toEqual({
        code: 'UNAUTHENTICATED',
        message: refusals[0].message,
        extensions: { code: 'UNAUTHENTICATED' },
      });
  });

  it('takes as long for an unknown name as for a known one', async () => {
    await signUp({ username: 'timed' });
    // The time of the processor, hashing threads included: a busy machine lengthens any other.
    const timed = async (username: string) => {
      const start = process.cpuUsage();
      await signIn(username, 'wrong password').catch(() => {});
      return process.cpuUsage(start).user;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 9; round++) {
      known.push(await timed('timed'));
      unknown.push(await timed(`nobody-${round}`));
    }
    const fastest = (times: number[]) => Math.min(...times);
    // A hash takes far more time than everything else.
    expect(fastest(unknown) / fastest(known)).toBeGreaterThan(0.3);
    expect(fastest(unknown) / fastest(known)).toBeLessThan(3);
  });
});

describe('signInAsGuest', () => {
  it('[P9] creates a user with a new name, a token for a day and no refresh token', async () => {
    const [first, second] = await Promise.all([guest('  Visitor '), guest('Visitor')]);
    expect(first.user).toMatchObject({
      displayName: 'Visitor',
      isGuest: true,
      role: 'USER',
      username: expect.stringMatching(/^guest-[0-9a-f]+$/),
    });
    expect(first.user.username).not.toBe(second.user.username);
    expect(first.refreshToken).toBeNull();
    expect(Date.parse(first.expiresAt) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
    expect(decodeJwt(first.accessToken)).toMatchObject({ guest: true });
    expect(
      await query(
        node.url,
        '{ viewer { username isGuest } room(name: "lobby") { viewerMember { role } } }',
        {},
        first.accessToken,
      ),
    ).toEqual({
      viewer: { username: first.user.username, isGuest: true },
      room: { viewerMember: { role: 'MEMBER' } },
    });
  });

  it('[P12] refuses an invisible display name', async () => {
    await expect(guest(' ')).rejects.toMatchObject({ code: 'INVALID' });
  });
});

describe('viewer, user and users', () => {
  it('return null for the viewer, and refuse all else, without a token', async () => {
    expect(await query(node.url, '{ viewer { id } }')).toEqual({ viewer: null });
    await expect(query(node.url, '{ user(username: "ann") { id } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('Sign in'),
    });
    await expect(query(node.url, '{ users { edges { node { id } } } }')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await expect(query(node.url, updateDocument, { input: {} })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('find a user by id or by name, and return null for an invalid value', async () => {
    const finder = await person(node, 'finder');
    const found = await finder.query(
      'query ($id: ID!, $upper: ID!) { byId: user(id: $id) { username } upper: user(id: $upper) { username } byName: user(username: "FindeR") { id } }',
      {
        id: finder.id,
        upper: finder.id.toUpperCase(),
      },
    );
    expect(found).toEqual({
      byId: { username: 'finder' },
      upper: { username: 'finder' },
      byName: { id: finder.id },
    });
    for (const id of ['00000000-0000-7000-8000-000000000000', 'no-uuid', 'nul\0', ''])
      expect(await finder.query('query ($id: ID!) { user(id: $id) { id } }', { id })).toEqual({
        user: null,
      });
    for (const username of ['nobody-here', 'nul\0', '', 'x'.repeat(5000)])
      expect(
        await finder.query('query ($username: String!) { user(username: $username) { id } }', {
          username,
        }),
      ).toEqual({ user: null });
  });

  it('[P12] refuse a search for a user by both or by neither', async () => {
    const finder = await person(node, 'undecided');
    await expect(finder.query('{ user { id } }')).rejects.toMatchObject({ code: 'INVALID' });
    await expect(
      finder.query('query ($id: ID!) { user(id: $id, username: "ann") { id } }', { id: finder.id }),
    ).rejects.toMatchObject({ code: 'INVALID' });
  });
});

describe('the list of users', () => {
  const usersDocument =
    'query ($search: String, $first: Int, $after: String, $last: Int, $before: String) { users(search: $search, first: $first, after: $after, last: $last, before: $before) { edges { cursor node { username } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }';
  let searcher: Awaited<ReturnType<typeof person>>;
  const page = async (variables: Record<string, unknown>) =>
    (await searcher.query(usersDocument, variables)).users;
  const names = async (search: string) =>
    (await page({ search, first: 100 })).edges.map((edge: any) => edge.node.username);

  beforeAll(async () => {
    searcher = await person(node, 'searcher');
    await Promise.all([
      signUp({ username: 'zq_one', displayName: 'Zq 100% Sure' }),
      signUp({ username: 'zqxone', displayName: 'Zqx Müller' }),
      signUp({ username: 'zq-two', displayName: 'back\\slash zq' }),
      signUp({ username: 'zq.three', displayName: 'Third zq' }),
      signUp({ username: 'hidden', displayName: 'zq inside' }),
    ]);
    await guest('zq guest');
  });

  it('finds the beginning of a username and a part of a display name, in any case, and no guests', async () => {
    expect((await names('ZQ')).toSorted()).toEqual(
      ['hidden', 'zq-two', 'zq.three', 'zq_one', 'zqxone'].toSorted(),
    );
    expect(await names('MÜLL')).toEqual(['zqxone']);
    expect(await names('idden')).toEqual([]);
    expect(await names('zq guest')).toEqual([]);
  });

  it('treats pattern characters as plain text', async () => {
    expect(await names('zq_')).toEqual(['zq_one']);
    expect(await names('0%')).toEqual(['zq_one']);
    expect(await names('%')).toEqual(['zq_one']);
    expect(await names('back\\s')).toEqual(['zq-two']);
  });

  it('pages forwards and backwards without a gap or a repeat', async () => {
    const whole = await names('zq');
    const forwards: string[] = [];
    for (let after: string | undefined; ;) {
      const { edges, pageInfo } = await page({ search: 'zq', first: 2, after });
      forwards.push(...edges.map((edge: any) => edge.node.username));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(forwards).toEqual(whole);
    const { edges, pageInfo } = await page({ search: 'zq', last: 2 });
    expect(edges.map((edge: any) => edge.node.username)).toEqual(whole.slice(-2));
    const earlier = await page({ search: 'zq', last: 2, before: pageInfo.startCursor });
    expect(earlier.edges.map((edge: any) => edge.node.username)).toEqual(whole.slice(-4, -2));
  });

  it('[P12] refuses pages that are too large, cursors of other lists, and searches that no name can match', async () => {
    for (const variables of [
      { first: 101 },
      { first: -1 },
      { after: 'nonsense' },
      { after: btoa('{"a":1}') },
      { after: btoa('"a\\u0000"') },
      { search: 'nul\0' },
      { search: 'x'.repeat(65) },
    ])
      await expect(page(variables), JSON.stringify(variables)).rejects.toMatchObject({
        code: 'INVALID',
      });
  });
});

describe('updateProfile', () => {
  it('changes the given fields, keeps the others, and is visible to everybody at once', async () => {
    const [changer, other] = await Promise.all([person(node, 'changer'), person(node, 'other')]);
    const { user } = (
      await changer.query(updateDocument, {
        input: {
          username: 'Changed',
          displayName: ' New name ',
          avatarUrl: 'https://example.com/a.png?b=c#d',
        },
      })
    ).updateProfile;
    expect(user).toMatchObject({
      id: changer.id,
      username: 'changed',
      displayName: 'New name',
      avatarUrl: 'https://example.com/a.png?b=c#d',
    });
    for (const reader of [changer, other])
      expect(
        (
          await reader.query('query ($id: ID!) { user(id: $id) { username displayName } }', {
            id: changer.id,
          })
        ).user,
      ).toEqual({ username: 'changed', displayName: 'New name' });
    expect((await changer.query('{ viewer { username } }')).viewer).toEqual({
      username: 'changed',
    });
    expect(
      (await changer.query(updateDocument, { input: { displayName: 'Newer' } })).updateProfile.user,
    ).toMatchObject({ username: 'changed', displayName: 'Newer', avatarUrl: user.avatarUrl });
    expect(
      (
        await changer.query(updateDocument, {
          input: { avatarUrl: null, displayName: null, username: null },
        })
      ).updateProfile.user,
    ).toMatchObject({ username: 'changed', displayName: 'Newer', avatarUrl: null });
    expect((await signIn('changed')).user.id).toBe(changer.id);
    await expect(signIn('changer')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('shows the change to later fields of the same request', async () => {
    const changer = await person(node, 'same-request');
    const answer = await changer.query(
      'mutation { first: updateProfile(input: { displayName: "One" }) { user { displayName } } second: updateProfile(input: { displayName: "Two" }) { user { displayName } } }',
    );
    expect(answer).toEqual({
      first: { user: { displayName: 'One' } },
      second: { user: { displayName: 'Two' } },
    });
  });

  it('[P12] refuses the username of another user, but not the own one', async () => {
    const [changer] = await Promise.all([person(node, 'envious'), person(node, 'envied')]);
    await expect(
      changer.query(updateDocument, { input: { username: 'Envied' } }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(
      (await changer.query(updateDocument, { input: { username: 'ENVIOUS' } })).updateProfile.user
        .username,
    ).toBe('envious');
  });

  it('[P12] does not rename a guest', async () => {
    const { accessToken, user } = await guest('Renamer');
    await expect(
      query(node.url, updateDocument, { input: { username: 'somebody' } }, accessToken),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(
      (await query(node.url, updateDocument, { input: { displayName: 'Renamed' } }, accessToken))
        .updateProfile.user,
    ).toMatchObject({ username: user.username, displayName: 'Renamed' });
  });

  it('[P12] refuses an avatar that is not an http(s) URL', async () => {
    const changer = await person(node, 'faceless');
    for (const avatarUrl of [
      '',
      'ftp://example.com/a',
      'javascript:alert(1)',
      'https://',
      'https://exa mple.com/',
      'https://example.com/\n',
      ' https://example.com/',
      '/a.png',
      `https://example.com/${'a'.repeat(2048)}`,
    ])
      await expect(
        changer.query(updateDocument, { input: { avatarUrl } }),
        avatarUrl,
      ).rejects.toMatchObject({ code: 'INVALID', extensions: { field: 'avatarUrl' } });
  });

  it('changes nothing if a part of the request is refused', async () => {
    const changer = await person(node, 'partly');
    await expect(
      changer.query(updateDocument, { input: { displayName: 'Changed', avatarUrl: 'nonsense' } }),
    ).rejects.toMatchObject({ code: 'INVALID' });
    expect((await changer.query('{ viewer { displayName } }')).viewer.displayName).toBe('partly');
  });
});
