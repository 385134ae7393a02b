import { SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket } from '../support/bare-clients.ts';
import { person, query } from '../support/person.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node[Symbol.asyncDispose]());

const viewer = async (token: string, at = node) =>
  (await query(at.url, '{ viewer { id username displayName role isGuest } }', {}, token)).viewer;
const sign = (claims: JWTPayload, key = node.settings.JWT_SECRET!) =>
  new SignJWT({ exp: Math.ceil(Date.now() / 1000) + 300, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(key));

describe('a token that the application signs with the shared secret', () => {
  it('[P9] creates a user for a new `sub`, and identifies the same user from then on', async () => {
    const first = await viewer(
      await sign({ sub: 'app|42', preferred_username: 'Zoë.K', name: ' Zoë Kravitz ' }),
    );
    expect(first).toMatchObject({
      username: 'zoe.k',
      displayName: 'Zoë Kravitz',
      role: 'USER',
      isGuest: false,
    });
    expect(await viewer(await sign({ sub: 'app|42', preferred_username: 'renamed' }))).toEqual({
      ...first,
      username: 'renamed',
    });
    expect((await viewer(await sign({ sub: 'app|43', preferred_username: 'Zoë.K' }))).id).not.toBe(
      first.id,
    );
  });

  it('[P9] adds its user to the default room, and lets the user change the profile', async () => {
    const token = await sign({ sub: 'app|lobby', username: 'outsider' });
    expect(
      (await query(node.url, '{ room(name: "lobby") { viewerMember { role } } }', {}, token)).room
        .viewerMember,
    ).toEqual({ role: 'MEMBER' });
    await query(
      node.url,
      'mutation { updateProfile(input: { username: "insider" }) { user { id } } }',
      {},
      token,
    );
    expect(await viewer(token)).toMatchObject({ username: 'insider' });
  });

  it.each<[JWTPayload, string, string]>([
    [{ sub: 'a1', preferred_username: 'one' }, 'one', 'one'],
    [{ sub: 'a2', username: 'two', name: 'Number Two' }, 'two', 'Number Two'],
    [{ sub: 'a3', name: 'Number  Three!' }, 'number-three', 'Number  Three!'],
    [{ sub: 'four|x' }, 'four-x', 'four-x'],
    [{ sub: 'a5', preferred_username: 'five@example.com' }, 'five', 'five'],
    [{ sub: 'six', preferred_username: '漢字', name: '漢字' }, 'six', '漢字'],
    [{ sub: 'seven', preferred_username: 7, name: { first: 'x' } }, 'seven', 'seven'],
    [
      { sub: 'a8', preferred_username: 'e'.repeat(40), name: 'n'.repeat(70) },
      'e'.repeat(32),
      'n'.repeat(64),
    ],
    [{ sub: 'nine', name: 'broken\u0000name' }, 'broken-name', 'broken-name'],
  ])('[P9] calls a user with the claims %j %j and %j', async (claims, username, displayName) => {
    expect(await viewer(await sign(claims))).toMatchObject({ username, displayName });
  });

  it('[P9] finds a free name if the requested one is taken or invalid', async () => {
    await person(node, 'popular');
    expect(
      (await viewer(await sign({ sub: 'b1', preferred_username: 'popular' }))).username,
    ).toMatch(/^popular-[0-9a-f]{8}$/);
    expect((await viewer(await sign({ sub: '漢', name: '漢字' }))).username).toMatch(
      /^user-[0-9a-f]{8}$/,
    );
  });

  it('[P9] identifies the local user whose id is its `sub`', async () => {
    const ann = await person(node, 'ann');
    expect(await viewer(await sign({ sub: ann.id }))).toMatchObject({
      id: ann.id,
      username: 'ann',
    });
    expect(await viewer(await sign({ sub: ann.id.toUpperCase() }))).toMatchObject({ id: ann.id });
  });

  it('[P9] creates one user for many simultaneous uses of a new `sub`', async () => {
    const token = await sign({ sub: 'crowd', name: 'Crowd' });
    const ids = await Promise.all(Array.from({ length: 12 }, async () => (await viewer(token)).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('[P9] is refused with another key, without an expiry, or with a `sub` that cannot be stored', async () => {
    await expect(
      viewer(await sign({ sub: 'x' }, 'another secret, as long as it has to be')),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(viewer(await sign({ sub: 'x', exp: undefined }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('exp'),
    });
    for (const sub of [undefined, '', 'x'.repeat(256), 'nul\0', 'two\nlines', '\ud800', 7])
      await expect(
        viewer(await sign({ sub: sub as string })),
        JSON.stringify(sub),
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const early = await sign({ sub: 'x', nbf: Math.ceil(Date.now() / 1000) + 100 });
    await expect(viewer(early)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'TOKEN_NOT_YET_VALID' },
    });
    // Stock clients reconnect after this code.
    const socket = await openSocket(node.wsUrl, { params: { token: early } });
    expect(await socket.closed).toMatchObject({ code: 1013, reason: 'Token not yet valid' });
  });

  it('[P9] may begin a little later by a clock that is ahead, but never ends later', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = await sign({ sub: 'ahead', nbf: now + 20, iat: now + 20 });
    expect(await viewer(token)).toMatchObject({ username: 'ahead' });
    await using socket = await openSocket(node.wsUrl, { params: { token } });
    await socket.acknowledged;
    await expect(viewer(await sign({ sub: 'ahead', exp: now - 1 }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'TOKEN_EXPIRED' },
    });
    const late = await openSocket(node.wsUrl, {
      params: { token: await sign({ sub: 'ahead', exp: now - 1 }) },
    });
    expect(await late.closed).toMatchObject({ code: 4403, reason: 'Token expired' });
  });

  it('[P10] can expire later than the longest timer, and its socket stays open', async () => {
    await using socket = await openSocket(node.wsUrl, {
      params: { token: await sign({ sub: 'eternal', exp: 1e15 }) },
    });
    await socket.acknowledged;
    expect((await socket.ask('{ viewer { username } }')).data.viewer).toEqual({
      username: 'eternal',
    });
  });

  it('[P12] cannot be signed out on this server', async () => {
    await expect(
      query(node.url, 'mutation { signOut { ok } }', {}, await sign({ sub: 'leaving' })),
    ).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('issuer') });
  });
});

describe('JWT_ISSUER and JWT_AUDIENCE', () => {
  it('[P9] are required of tokens of the issuer, not of those of this server', async () => {
    await using pinned = await startNode({
      settings: { JWT_ISSUER: 'https://app.example', JWT_AUDIENCE: 'chat', SIGN_UP: 'on' },
    });
    const right = { sub: 'pinned', iss: 'https://app.example', aud: 'chat' };
    expect(await viewer(await sign(right), pinned)).toMatchObject({ username: 'pinned' });
    expect(await viewer(await sign({ ...right, aud: ['other', 'chat'] }), pinned)).toMatchObject({
      username: 'pinned',
    });
    for (const wrong of [
      { iss: 'https://evil.example' },
      { iss: undefined },
      { aud: 'other' },
      { aud: undefined },
    ])
      await expect(
        viewer(await sign({ ...right, ...wrong }), pinned),
        JSON.stringify(wrong),
      ).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringContaining('iss' in wrong ? 'iss' : 'aud'),
      });
    const ann = await person(pinned, 'ann');
    expect(await viewer(ann.token, pinned)).toMatchObject({ username: 'ann' });
  });
});

describeWithServers('two nodes', () => {
  it('[P9] create one user for a new `sub` that they receive at the same time', async () => {
    await using nodes = await startCluster(2);
    for (let round = 0; round < 5; round++) {
      const token = await sign({ sub: `at-both-${round}`, name: 'Same Name' });
      const [here, there] = await Promise.all(nodes.map((at) => viewer(token, at)));
      expect(here).toEqual(there);
    }
  });
});

describe('ISSUER_SECRET', () => {
  const secret = 'a secret of the issuer, which is not that of the server';

  it('[P14] verifies the tokens of the issuer, and only those', async () => {
    await using own = await startNode({ settings: { ISSUER_SECRET: secret, SIGN_UP: 'on' } });
    const outsider = await viewer(await sign({ sub: 'app|42' }, secret), own);
    expect(outsider).toMatchObject({ isGuest: false, role: 'USER' });
    await using ann = await person(own, 'ann');
    expect((await ann.query('{ viewer { id } }')).viewer.id).toBe(ann.id);
    const forged = [
      // The server's key signs no tokens of the issuer, and the issuer's key none of the server.
      await sign({ sub: 'app|42' }, own.settings.JWT_SECRET),
      await sign({ iss: 'causerie', sub: ann.id, sid: ann.id }, secret),
      await sign({ iss: 'causerie', sub: 'shop', scope: 'users' }, secret),
    ];
    for (const token of forged)
      await expect(viewer(token, own)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    // A `sub` is never the id of a user of the server.
    expect((await viewer(await sign({ sub: ann.id }, secret), own)).id).not.toBe(ann.id);
    // Users of an issuer may choose their scopes, so these make no backend.
    const scoped = await sign({ sub: 'app|43', scope: 'users' }, secret);
    expect(await viewer(scoped, own)).not.toBeNull();
  });

  it('is refused together with JWKS_URL, and if it equals JWT_SECRET', async () => {
    const wrong: Record<string, string>[] = [
      { ISSUER_SECRET: secret, JWKS_URL: 'https://issuer.example/keys' },
      { ISSUER_SECRET: secret, JWT_SECRET: secret },
    ];
    for (const settings of wrong)
      await expect(startNode({ settings })).rejects.toThrow(/ISSUER_SECRET/);
  });
});
