import { setTimeout as delay } from 'node:timers/promises';
import { decodeJwt, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket } from '../support/bare-clients.ts';
import { person, query } from '../support/person.ts';
import { createDatabase, postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node[Symbol.asyncDispose]());

const viewer = async (token: string, at = node) =>
  (await query(at.url, '{ viewer { id username } }', {}, token)).viewer;
const keyOf = (text: string) => new TextEncoder().encode(text);
const sign = (claims: JWTPayload, { key = node.settings.JWT_SECRET!, alg = 'HS256' } = {}) =>
  new SignJWT({ exp: Math.ceil(Date.now() / 1000) + 300, ...claims })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(keyOf(key));

describe('a token of this server', () => {
  it('[P9] is refused once a character of it was changed', async () => {
    const ann = await person(node, 'tampered');
    const [header, , signature] = ann.token.split('.');
    const other = await person(node, 'target');
    const payload = Buffer.from(
      JSON.stringify({ ...decodeJwt(ann.token), sub: other.id, role: 'ADMIN' }),
    ).toString('base64url');
    await expect(viewer(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await expect(viewer(ann.token.slice(0, -5))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('[P9] is refused with another key, another algorithm or none', async () => {
    const ann = await person(node, 'forged');
    const claims = decodeJwt(ann.token);
    expect(await viewer(await sign(claims))).toEqual({ id: ann.id, username: 'forged' });
    const forgeries = [
      await sign(claims, { key: 'another secret, as long as it has to be' }),
      await sign(claims, { alg: 'HS512' }),
      new UnsecuredJWT(claims).encode(),
    ];
    for (const forgery of forgeries)
      await expect(viewer(forgery)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('[P9] requires its expiry, its user and its session', async () => {
    const ann = await person(node, 'incomplete');
    const claims = decodeJwt(ann.token);
    for (const name of ['exp', 'sub', 'sid'])
      await expect(
        viewer(await sign({ ...claims, [name]: undefined })),
        name,
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining(name) });
    for (const changed of [
      { sid: 7 },
      { sid: 'nonsense' },
      { sub: 'nonsense' },
      { sub: '00000000-0000-7000-8000-000000000000' },
      { exp: 'soon' },
      { exp: 1 },
    ])
      await expect(
        viewer(await sign({ ...claims, ...(changed as JWTPayload) })),
        JSON.stringify(changed),
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.skipIf(!postgresUrl)('[P9] is refused if its user was deleted', async () => {
    const DATABASE_URL = await createDatabase();
    await using own = await startNode({ settings: { DATABASE_URL } });
    const ann = await person(own, 'removed');
    const database = new pg.Client(DATABASE_URL);
    await database.connect();
    await database.query('delete from users where id = $1', [ann.id]);
    await database.end();
    await expect(viewer(ann.token, own)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('was deleted'),
    });
  });

  it('[P9] is refused if it is not a token', async () => {
    for (const nonsense of ['x', 'a.b.c', '..', 'undefined', 'e30.e30.e30', 'x'.repeat(15_000)])
      await expect(viewer(nonsense)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringContaining('valid JWT'),
      });
  });
});

describe('the expiry of a token', () => {
  it('[P9] makes requests with it fail, with a solution', async () => {
    await using brief = await startNode({ limits: { accessTokenMs: 300 } });
    const ann = await person(brief, 'brief');
    await delay(1400);
    await expect(viewer(ann.token, brief)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(/^Your access token has expired\. .*refreshSession/),
      extensions: { reason: 'TOKEN_EXPIRED' },
    });
  });

  it('[P10] closes its socket with 4403 "Token expired", and prevents another one', async () => {
    await using brief = await startNode({ limits: { accessTokenMs: 500 } });
    const ann = await person(brief, 'brief');
    const endsAt = decodeJwt(ann.token).exp! * 1000;
    await using socket = await openSocket(brief.wsUrl, {
      params: { authorization: `Bearer ${ann.token}` },
    });
    await socket.acknowledged;
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Token expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt - 5);
    expect(Date.now()).toBeLessThan(endsAt + 12_000);
    await using late = await openSocket(brief.wsUrl, {
      params: { authorization: `Bearer ${ann.token}` },
    });
    expect(await late.closed).toEqual({ code: 4403, reason: 'Token expired' });
  });

  it('[P10] makes a stock client reconnect, with the new result of its connectionParams function', async () => {
    await using brief = await startNode({ limits: { accessTokenMs: 500 } });
    await using ann = await person(brief, 'renewed');
    const tokens = [ann.token, await sign({ sub: ann.id }, { key: brief.settings.JWT_SECRET })];
    const codes: unknown[] = [];
    const client = ann.connect({
      connectionParams: () => ({ token: tokens.shift() }),
      retryAttempts: 3,
      retryWait: async () => {},
      lazy: false,
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    });
    for (const deadline = Date.now() + 5000; codes.length === 0 && Date.now() < deadline;)
      await delay(20);
    expect(codes).toEqual([4403]);
    expect((await ann.ask('{ viewer { username } }', {}, client)).viewer).toEqual({
      username: 'renewed',
    });
  });
});

describe('extendConnection', () => {
  const extendDocument =
    'mutation ($input: ExtendConnectionInput!) { extendConnection(input: $input) { expiresAt } }';

  it('[P10] keeps a socket open until the newer token expires', async () => {
    await using brief = await startNode({ limits: { accessTokenMs: 500 } });
    const ann = await person(brief, 'extending');
    await using socket = await openSocket(brief.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    const exp = Math.ceil(Date.now() / 1000) + 3;
    const { data } = await socket.ask(extendDocument, {
      input: { token: await sign({ sub: ann.id, exp }, { key: brief.settings.JWT_SECRET }) },
    });
    expect(Date.parse(data.extendConnection.expiresAt)).toBe(exp * 1000);
    await delay(decodeJwt(ann.token).exp! * 1000 + 300 - Date.now());
    expect((await socket.ask('{ viewer { username } }')).data.viewer).toEqual({
      username: 'extending',
    });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Token expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 5);
  });

  it('[P10] refuses a token of another user, an invalid token, and a request without a socket', async () => {
    const [ann, bob] = await Promise.all([person(node, 'ann'), person(node, 'bob')]);
    await using socket = await openSocket(node.wsUrl, { params: { token: ann.token } });
    await socket.acknowledged;
    expect(await socket.ask(extendDocument, { input: { token: bob.token } })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await socket.ask(extendDocument, { input: { token: 'nonsense' } })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(
      await socket.ask(extendDocument, { input: { token: await sign({ sub: ann.id, exp: 1 }) } }),
    ).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await socket.ask('{ viewer { username } }')).data.viewer).toEqual({ username: 'ann' });
    await expect(ann.query(extendDocument, { input: { token: ann.token } })).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('Only a WebSocket connection can be extended'),
    });
  });
});
