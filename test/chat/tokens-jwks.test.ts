import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt, exportSPKI, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { createIssuerKeys } from '../../src/chat/people/issuer-keys.ts';
import { openSocket } from '../support/bare-clients.ts';
import { startOutsideIssuer, type OutsideIssuer } from '../support/outside-issuer.ts';
import { person, query } from '../support/person.ts';
import { silentLog } from '../support/silent-log.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const viewer = async (node: TestNode, token: string) =>
  (await query(node.url, '{ viewer { id username } }', {}, token)).viewer;
const secretOf = (node: TestNode) => new TextEncoder().encode(node.settings.JWT_SECRET);
const inFiveMinutes = () => Math.ceil(Date.now() / 1000) + 300;
const signBySecret = (claims: JWTPayload, key: Uint8Array, header = {}) =>
  new SignJWT({ exp: inFiveMinutes(), ...claims })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(key);

async function startBoth(
  settings: Record<string, string> = {},
  alg?: string,
): Promise<{ issuer: OutsideIssuer; node: TestNode } & AsyncDisposable> {
  const issuer = await startOutsideIssuer(alg);
  const node = await startNode({
    settings: { JWKS_URL: issuer.jwksUrl, SIGN_UP: 'on', ...settings },
  });
  return {
    issuer,
    node,
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}

describe('a token of an issuer with a JWKS_URL', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    '[P9] signed with %s creates a user for a new `sub`',
    async (alg) => {
      await using both = await startBoth({}, alg);
      const { node, issuer } = both;
      const first = await viewer(
        node,
        await issuer.sign({ sub: 'auth0|1', preferred_username: 'ann' }),
      );
      expect(first.username).toBe('ann');
      expect(await viewer(node, await issuer.sign({ sub: 'auth0|1' }))).toEqual(first);
      await using socket = await openSocket(node.wsUrl, {
        params: { token: await issuer.sign({ sub: 'auth0|1' }) },
      });
      await socket.acknowledged;
      expect((await socket.ask('{ viewer { id username } }')).data.viewer).toEqual(first);
    },
  );

  it('[P9] requires the configured issuer and audience, and an expiry', async () => {
    await using both = await startBoth({
      JWT_ISSUER: 'https://issuer.example/',
      JWT_AUDIENCE: 'chat',
    });
    const { node, issuer } = both;
    const right = { sub: 'ann', iss: 'https://issuer.example/', aud: 'chat' };
    expect(await viewer(node, await issuer.sign(right))).toMatchObject({ username: 'ann' });
    for (const wrong of [
      { iss: 'https://evil.example/' },
      { iss: undefined },
      { aud: 'other' },
      { aud: undefined },
      { exp: undefined },
    ])
      await expect(
        viewer(node, await issuer.sign({ ...right, ...wrong })),
        JSON.stringify(wrong),
      ).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringContaining(Object.keys(wrong)[0]!),
      });
    await expect(viewer(node, await issuer.sign({ ...right, exp: 1 }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      extensions: { reason: 'TOKEN_EXPIRED' },
    });
  });

  it('[P9] is refused if it is signed with the secret, with the public key as a secret, with an unknown key, or not at all', async () => {
    await using both = await startBoth({}, 'RS256');
    await using stranger = await startOutsideIssuer('RS256');
    const { node, issuer } = both;
    const claims = { sub: 'ann', exp: inFiveMinutes() };
    const { kid } = JSON.parse(
      Buffer.from((await issuer.sign(claims)).split('.')[0]!, 'base64url').toString(),
    );
    const publicKey = await exportSPKI(issuer.publicKey);
    const forgeries = {
      'with the secret': await signBySecret(claims, secretOf(node)),
      'with the secret, naming the key': await signBySecret(claims, secretOf(node), { kid }),
      'with the public key': await signBySecret(claims, new TextEncoder().encode(publicKey), {
        kid,
      }),
      'with the public key, trimmed': await signBySecret(
        claims,
        new TextEncoder().encode(publicKey.trim()),
        { kid },
      ),
      "with a stranger's key": await stranger.sign(claims, { kid }),
      'not at all': new UnsecuredJWT(claims).encode(),
      'in the name of the server': await issuer.sign({
        ...claims,
        iss: 'causerie',
        sid: '00000000-0000-7000-8000-000000000000',
      }),
    };
    for (const [how, token] of Object.entries(forgeries))
      await expect(viewer(node, token), how).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await viewer(node, await issuer.sign(claims))).toMatchObject({ username: 'ann' });
  });

  it('[P9] never identifies a local user by id, and does not change local accounts and guests', async () => {
    await using both = await startBoth();
    const { node, issuer } = both;
    const ann = await person(node, 'ann');
    expect(
      (await viewer(node, await issuer.sign({ sub: ann.id, preferred_username: 'ann' }))).id,
    ).not.toBe(ann.id);
    expect(await viewer(node, ann.token)).toEqual({ id: ann.id, username: 'ann' });
    const { signInAsGuest } = await query(
      node.url,
      'mutation { signInAsGuest(input: { displayName: "Guest" }) { session { accessToken user { id } } } }',
    );
    expect((await viewer(node, signInAsGuest.session.accessToken)).id).toBe(
      signInAsGuest.session.user.id,
    );
    await expect(
      viewer(node, await signBySecret({ ...decodeJwt(ann.token), iss: undefined }, secretOf(node))),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('[P9] is accepted with a new key, and refused with a removed one after the next read of the keys', async () => {
    await using both = await startBoth();
    const { node, issuer } = both;
    const old = await issuer.sign({ sub: 'ann' });
    expect(await viewer(node, old)).toMatchObject({ username: 'ann' });
    await issuer.rotate('kept');
    expect(await viewer(node, await issuer.sign({ sub: 'ann' }))).toMatchObject({
      username: 'ann',
    });
    expect(await viewer(node, old)).toMatchObject({ username: 'ann' });
    await issuer.rotate();
    expect(await viewer(node, await issuer.sign({ sub: 'ann' }))).toMatchObject({
      username: 'ann',
    });
    await expect(viewer(node, old)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('key'),
    });
  });

  it('[P9] does not need a key id, even with several keys', async () => {
    await using both = await startBoth();
    const { node, issuer } = both;
    await issuer.rotate('kept');
    await issuer.rotate('kept');
    expect(await viewer(node, await issuer.sign({ sub: 'ann' }, { kid: undefined }))).toMatchObject(
      { username: 'ann' },
    );
    await using stranger = await startOutsideIssuer();
    await expect(
      viewer(node, await stranger.sign({ sub: 'ann' }, { kid: undefined })),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('[P9] works with a known key while the issuer is down; with an unknown key it is UNAVAILABLE until the issuer is back', async () => {
    await using both = await startBoth();
    const { node, issuer } = both;
    const known = await issuer.sign({ sub: 'ann' });
    expect(await viewer(node, known)).toMatchObject({ username: 'ann' });
    await issuer.goDown();
    await issuer.rotate('kept');
    const unknown = await issuer.sign({ sub: 'ann' });
    await expect(viewer(node, unknown)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('Try again'),
    });
    expect(await viewer(node, known)).toMatchObject({ username: 'ann' });
    await using socket = await openSocket(node.wsUrl, { params: { token: unknown } });
    expect([1012, 1013]).toContain((await socket.closed).code);
    await issuer.comeBack();
    expect(await viewer(node, unknown)).toMatchObject({ username: 'ann' });
  });

  it('[P9] is UNAVAILABLE from the start if the issuer is down, fails, sends an invalid answer, or never answers', async () => {
    await using both = await startBoth();
    const { node, issuer } = both;
    const token = await issuer.sign({ sub: 'ann' });
    issuer.answerWith(500);
    await expect(viewer(node, token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    issuer.answerWith(200);
    await expect(viewer(node, token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    issuer.answerWith();
    issuer.hang();
    const start = Date.now();
    await expect(viewer(node, token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(Date.now() - start).toBeLessThan(12_000);
    await issuer.comeBack();
    expect(await viewer(node, token)).toMatchObject({ username: 'ann' });
  });

  it('[P9] causes at most one request per second to the issuer, for any key ids', async () => {
    await using both = await startBoth();
    await using stranger = await startOutsideIssuer();
    const { node, issuer } = both;
    await viewer(node, await issuer.sign({ sub: 'ann' }));
    const start = Date.now();
    const attempts = Array.from({ length: 40 }, async (_, attempt) => {
      await delay(attempt * 40);
      return viewer(node, await stranger.sign({ sub: 'ann' }, { kid: `guess-${attempt}` })).catch(
        (error) => error.code,
      );
    });
    expect(new Set(await Promise.all(attempts))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(issuer.asked).toBeLessThanOrEqual(2 + (Date.now() - start) / 1000);
  });
});

describe("the issuer's keys", () => {
  it('[P9] are read again regularly, so that a revoked one is no longer accepted', async () => {
    await using issuer = await startOutsideIssuer();
    const keys = createIssuerKeys(new URL(issuer.jwksUrl), silentLog, {
      pauseMs: 10,
      refreshMs: 500,
    });
    const header = { alg: 'ES256', kid: 'key-1' };
    const token = { payload: '', signature: '' };
    await keys(header, token);
    await issuer.rotate();
    await keys(header, token);
    await delay(600);
    await keys(header, token);
    await delay(100);
    await expect(keys(header, token)).rejects.toThrow('no applicable key');
    expect(issuer.asked).toBe(3);
  });

  it('[P9] stay valid if they cannot be read again', async () => {
    await using issuer = await startOutsideIssuer();
    const keys = createIssuerKeys(new URL(issuer.jwksUrl), silentLog, {
      pauseMs: 10,
      refreshMs: 50,
    });
    const header = { alg: 'ES256', kid: 'key-1' };
    const token = { payload: '', signature: '' };
    await keys(header, token);
    await issuer.goDown();
    for (let round = 0; round < 3; round++) {
      await delay(100);
      await keys(header, token);
    }
    expect(issuer.asked).toBe(1);
  });

  it('[P9] are not read from a redirect of the issuer', async () => {
    await using elsewhere = await startOutsideIssuer();
    const redirecting = createServer(
      (_request, response) => void response.writeHead(302, { location: elsewhere.jwksUrl }).end(),
    ).listen(0, '127.0.0.1');
    await once(redirecting, 'listening');
    const keys = createIssuerKeys(
      new URL(`http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`),
      silentLog,
      { pauseMs: 0 },
    );
    await expect(
      keys({ alg: 'ES256', kid: 'key-1' }, { payload: '', signature: '' }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(elsewhere.asked).toBe(0);
    redirecting.close();
  });
});
