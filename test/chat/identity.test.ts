import { request } from 'node:http';
import { SignJWT, type JWTPayload } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleOfClaims } from '../../src/chat/people/admins.ts';
import { readConfig } from '../../src/config.ts';
import { ask, openSocket } from '../support/bare-clients.ts';
import { startOutsideIssuer, type OutsideIssuer } from '../support/outside-issuer.ts';
import { password, person, query } from '../support/person.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const iss = 'https://issuer.example/';
const signUpDocument =
  'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken user { id role } } } }';
const signUpInput = (username: string) => ({ input: { username, password } });

const viewer = async (node: TestNode, token: string) =>
  (await query(node.url, '{ viewer { id username role } }', {}, token)).viewer;
const signBySecret = (node: TestNode, claims: JWTPayload) =>
  new SignJWT({ exp: Math.ceil(Date.now() / 1000) + 300, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(node.settings.JWT_SECRET));

describe('with an issuer of the application', () => {
  let issuer: OutsideIssuer;
  let node: TestNode;
  const sign = (claims: JWTPayload) => issuer.sign({ iss, ...claims });
  beforeAll(async () => {
    issuer = await startOutsideIssuer();
    node = await startNode({
      settings: {
        JWKS_URL: issuer.jwksUrl,
        JWT_ISSUER: iss,
        ADMIN_USERNAMES: 'boss',
        ADMIN_SUBJECTS: 'auth0|chief, root',
        JWT_ADMIN_CLAIM: 'https://app.example/roles:chat-admin',
      },
    });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  it('[P14] sign-up is off unless the settings enable it', async () => {
    const { code, message } = await ask(node.url, signUpDocument, signUpInput('boss'));
    expect(code).toBe('FORBIDDEN');
    expect(message).toContain('Sign in');
    expect(
      (await query(node.url, '{ serverInfo { signUpEnabled guestsEnabled } }')).serverInfo,
    ).toEqual({ signUpEnabled: false, guestsEnabled: true });
  });

  it.each<JWTPayload>([
    { sub: 'u1', preferred_username: 'boss' },
    { sub: 'u2', username: 'boss' },
    { sub: 'u3', name: 'Boss' },
    { sub: 'boss' },
    { sub: 'u4', preferred_username: 'boss@elsewhere.example' },
    { sub: 'u5', role: 'ADMIN', admin: true, roles: ['chat-admin'] },
    { sub: 'u6', preferred_username: 'auth0|chief', email: 'root' },
    { sub: 'u7', 'https://app.example/roles': 'no-chat-admin' },
    { sub: 'u8', 'https://app.example/roles': ['CHAT-ADMIN', 'chat-admin '] },
    { sub: 'u9', 'https://app.example/roles': { 'chat-admin': true } },
    { sub: 'AUTH0|chief' },
  ])('[P14] no claim that others write makes an admin: %j', async (claims) => {
    const { role, username } = await viewer(node, await sign(claims));
    expect(role).toBe('USER');
    expect(username).not.toBe('boss');
  });

  it.each<JWTPayload>([
    { sub: 'auth0|chief' },
    { sub: 'root', preferred_username: 'boss' },
    { sub: 'a1', 'https://app.example/roles': 'chat-admin' },
    { sub: 'a2', 'https://app.example/roles': ['reader', 'chat-admin'] },
  ])('[P14] the named subjects and the named claim do: %j', async (claims) => {
    const { role, username } = await viewer(node, await sign(claims));
    expect(role).toBe('ADMIN');
    expect(username).not.toBe('boss');
  });

  it('[P14] a changed claim is applied at the next connection, and an older token does not revert it', async () => {
    const at = Math.floor(Date.now() / 1000);
    const claims = { sub: 'changing', 'https://app.example/roles': ['chat-admin'] };
    const plain = await sign({ sub: 'changing', iat: at - 30 });
    expect(await viewer(node, plain)).toMatchObject({ role: 'USER' });
    await using socket = await openSocket(node.wsUrl, { params: { token: plain } });
    await socket.acknowledged;

    const promoted = await sign({ ...claims, iat: at - 20 });
    expect(await viewer(node, promoted)).toMatchObject({ role: 'ADMIN' });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Role changed' });
    expect(await viewer(node, plain)).toMatchObject({ role: 'ADMIN' });

    const demoted = await sign({ sub: 'changing', iat: at - 10 });
    expect(await viewer(node, demoted)).toMatchObject({ role: 'USER' });
    expect(await viewer(node, promoted)).toMatchObject({ role: 'USER' });
  });

  it('[P14] tokens of the same second change the role once each, not back and forth', async () => {
    const iat = Math.floor(Date.now() / 1000) - 5;
    const plain = await sign({ sub: 'two devices', iat });
    const admin = await sign({
      sub: 'two devices',
      iat,
      'https://app.example/roles': 'chat-admin',
    });
    expect(await viewer(node, plain)).toMatchObject({ role: 'USER' });
    expect(await viewer(node, admin)).toMatchObject({ role: 'ADMIN' });
    expect(await viewer(node, plain)).toMatchObject({ role: 'USER' });
    for (const token of [admin, plain, admin])
      expect(await viewer(node, token)).toMatchObject({ role: 'USER' });
  });

  it('[P14] a scope that users can request does not make their token a service token', async () => {
    const token = await sign({ sub: 'scoped', scope: 'openid notify' });
    const { id } = await viewer(node, token);
    await expect(
      query(
        node.url,
        'mutation ($input: NotifyInput!) { notify(input: $input) { recipientCount } }',
        { input: { userIds: [id], type: 'spam', title: 'x', message: 'x' } },
        token,
      ),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a service of the application’s issuer', () => {
  it('[P14] is one with a subject in the settings', async () => {
    await using issuer = await startOutsideIssuer();
    await using node = await startNode({
      settings: { JWKS_URL: issuer.jwksUrl, SERVICE_SUBJECTS: 'shop@clients', SIGN_UP: 'on' },
    });
    const ann = await person(node, 'ann');
    const notifyBy = (token: string) =>
      query(
        node.url,
        'mutation ($input: NotifyInput!) { notify(input: $input) { recipientCount } }',
        { input: { userIds: [ann.id], type: 'order', title: 'x', message: 'x' } },
        token,
      );
    const token = (sub: string) => issuer.sign({ sub, scope: 'notify' });
    expect(await notifyBy(await token('shop@clients'))).toEqual({ notify: { recipientCount: 1 } });
    await expect(notifyBy(await token('shop'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const own = await signBySecret(node, { iss: 'causerie', sub: 'shop', scope: 'notify' });
    expect(await notifyBy(own)).toEqual({ notify: { recipientCount: 1 } });
  });
});

describe('the same `sub`', () => {
  it('[P14] of different issuers stands for different users', async () => {
    await using node = await startNode();
    const tokens = [undefined, 'https://one.example', 'https://two.example'].map((issuer) =>
      signBySecret(node, { sub: 'ann', iss: issuer }),
    );
    const ids = (await Promise.all(tokens.map(async (token) => viewer(node, await token)))).map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).toBe(3);
    expect((await viewer(node, await tokens[1]!)).id).toBe(ids[1]);
  });

  it('[P14] that equals the id of a local user is another user if the token has an issuer', async () => {
    await using node = await startNode();
    const ann = await person(node, 'ann');
    const named = await signBySecret(node, { sub: ann.id, iss: 'https://one.example' });
    expect((await viewer(node, named)).id).not.toBe(ann.id);
    await using pinned = await startNode({ settings: { JWT_ISSUER: iss, SIGN_UP: 'on' } });
    const bob = await person(pinned, 'bob');
    expect((await viewer(pinned, await signBySecret(pinned, { sub: bob.id, iss }))).id).not.toBe(
      bob.id,
    );
  });

  it('[P14] is refused with an `iss` that cannot be stored', async () => {
    await using node = await startNode();
    for (const wrong of ['two\nlines', 'x'.repeat(256), 7])
      await expect(
        viewer(node, await signBySecret(node, { sub: 'ann', iss: wrong as string })),
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining('iss') });
  });
});

describe('a free username of ADMIN_USERNAMES', () => {
  let node: TestNode;
  beforeAll(
    async () => void (node = await startNode({ settings: { ADMIN_USERNAMES: 'boss,chief' } })),
  );
  afterAll(() => node[Symbol.asyncDispose]());

  it.each(['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'])(
    '[P14] cannot be signed up through a proxy that sends %s',
    async (header) => {
      expect(
        await ask(node.url, signUpDocument, signUpInput('boss'), { [header]: '127.0.0.1' }),
      ).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('reserved') });
    },
  );

  it('[P14] cannot be signed up by a page after DNS rebinding', async () => {
    const { hostname, port } = new URL(node.url);
    const body = JSON.stringify({ query: signUpDocument, variables: signUpInput('boss') });
    const answer = await new Promise<string>((resolve, reject) =>
      request(
        {
          hostname,
          port,
          path: '/graphql',
          method: 'POST',
          headers: {
            host: `rebound.example:${port}`,
            origin: `http://rebound.example:${port}`,
            'content-type': 'application/json',
          },
        },
        (response) => {
          let text = '';
          response.on('data', (part) => (text += part)).on('end', () => resolve(text));
        },
      )
        .on('error', reject)
        .end(body),
    );
    expect(JSON.parse(answer).errors[0].extensions.code).toBe('CONFLICT');
  });

  it('[P14] makes an admin if it is signed up on this machine, also over a socket', async () => {
    expect((await query(node.url, signUpDocument, signUpInput('boss'))).signUp).toMatchObject({
      session: { user: { role: 'ADMIN' } },
    });
    await using socket = await openSocket(node.wsUrl);
    await socket.acknowledged;
    expect((await socket.ask(signUpDocument, signUpInput('chief'))).data.signUp).toMatchObject({
      session: { user: { role: 'ADMIN' } },
    });
  });

  it('[P14] does not restrict other names', async () => {
    expect(
      (await ask(node.url, signUpDocument, signUpInput('ann'), { 'x-forwarded-for': '1.2.3.4' }))
        .data.signUp.session.user.role,
    ).toBe('USER');
  });
});

it('[P14] GUESTS=off refuses guests', async () => {
  await using node = await startNode({ settings: { GUESTS: 'off', SIGN_UP: 'off' } });
  await expect(
    query(
      node.url,
      'mutation { signInAsGuest(input: { displayName: "Gus" }) { session { accessToken } } }',
    ),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(
    (await query(node.url, '{ serverInfo { signUpEnabled guestsEnabled } }')).serverInfo,
  ).toEqual({ signUpEnabled: false, guestsEnabled: false });
});

describe('JWT_ADMIN_CLAIM', () => {
  it.each<[string, JWTPayload, string]>([
    ['role:ADMIN', { role: 'ADMIN' }, 'ADMIN'],
    ['role:ADMIN', { role: 'admin' }, 'USER'],
    ['realm_access.roles:chat-admin', { realm_access: { roles: ['chat-admin'] } }, 'ADMIN'],
    ['realm_access.roles:chat-admin', { realm_access: ['roles'] }, 'USER'],
    ['realm_access.roles:chat-admin', { 'realm_access.roles': 'chat-admin' }, 'ADMIN'],
    ['is_admin:true', { is_admin: true }, 'ADMIN'],
    ['is_admin:true', { is_admin: false }, 'USER'],
    ['constructor.name:Object', {}, 'USER'],
  ])('[P14] %s of %j makes %s', (JWT_ADMIN_CLAIM, claims, role) => {
    expect(roleOfClaims(readConfig({ JWT_ADMIN_CLAIM }), { sub: 'x', ...claims }, null)).toBe(role);
  });

  it('[P14] gives no role to an account with a password', async () => {
    await using node = await startNode({ settings: { JWT_ADMIN_CLAIM: 'role:ADMIN' } });
    const ann = await person(node, 'ann');
    const token = await signBySecret(node, { sub: ann.id, role: 'ADMIN' });
    expect(await viewer(node, token)).toMatchObject({ id: ann.id, role: 'USER' });
  });

  it.each(['preferred_username:boss', 'name:Boss', 'email:a@b.c', 'user_metadata.role:admin'])(
    '[P14] is refused at start if users can edit the claim: %s',
    async (JWT_ADMIN_CLAIM) => {
      await expect(startNode({ settings: { JWT_ADMIN_CLAIM } })).rejects.toThrow('users may edit');
    },
  );

  it('[P14] is refused at start if it is not a claim with a value, or is the subject', async () => {
    for (const JWT_ADMIN_CLAIM of ['role', 'role:', ':ADMIN'])
      await expect(startNode({ settings: { JWT_ADMIN_CLAIM } })).rejects.toThrow('role:ADMIN');
    await expect(startNode({ settings: { JWT_ADMIN_CLAIM: 'sub:1' } })).rejects.toThrow(
      'ADMIN_SUBJECTS',
    );
  });
});

describeWithPostgres('a start with other settings', () => {
  it('[P14] removes the role from users who had it by a name or a former setting', async () => {
    const DATABASE_URL = await createDatabase();
    const token = (node: TestNode, sub: string, more = {}) =>
      signBySecret(node, { iss, sub, ...more });
    const common = { DATABASE_URL, JWT_ISSUER: iss, SIGN_UP: 'on' };
    const roleOf = async (node: TestNode, username: string) => {
      const { viewer: cat } = await query(
        node.url,
        `{ viewer { id } user(username: "${username}") { role } }`,
        {},
        await token(node, 'cat'),
      ).then(({ user }) => ({ viewer: user }));
      return cat?.role;
    };
    {
      await using node = await startNode({
        settings: {
          ...common,
          ADMIN_USERNAMES: 'boss',
          ADMIN_SUBJECTS: 'listed',
          JWT_ADMIN_CLAIM: 'role:ADMIN',
        },
      });
      await person(node, 'boss');
      await viewer(node, await token(node, 'listed'));
      await viewer(node, await token(node, 'claimed', { role: 'ADMIN' }));
      await viewer(node, await token(node, 'later'));
      for (const username of ['boss', 'listed', 'claimed'])
        expect(await roleOf(node, username), username).toBe('ADMIN');
    }
    {
      await using node = await startNode({
        settings: { ...common, ADMIN_SUBJECTS: 'later', JWT_ADMIN_CLAIM: 'role:ADMIN' },
      });
      expect(await roleOf(node, 'boss')).toBe('USER');
      expect(await roleOf(node, 'claimed')).toBe('ADMIN');
      expect(await roleOf(node, 'later')).toBe('ADMIN');
    }
    // A username of the issuer’s user does not make them one of ADMIN_USERNAMES.
    await using node = await startNode({ settings: { ...common, ADMIN_USERNAMES: 'later' } });
    for (const username of ['boss', 'listed', 'claimed', 'later'])
      expect(await roleOf(node, username), username).toBe('USER');
  });
});

describeWithPostgres('a user who was stored before issuers were', () => {
  it('[P14] belongs to the issuer whose token arrives first', async () => {
    await using node = await startNode();
    const [old, other] = ['https://one.example', 'https://two.example'].map((issuer) =>
      signBySecret(node, { sub: 'ann', iss: issuer }),
    );
    const pool = new pg.Pool({ connectionString: node.settings.DATABASE_URL });
    const { rows } = await pool.query(
      `insert into users (id, username, display_name, subject) values (gen_random_uuid(), 'ann', 'Ann', 'ann') returning id`,
    );
    await pool.end();
    const met = await Promise.all(
      [old!, old!, old!].map(async (token) => viewer(node, await token)),
    );
    expect(met.map(({ id }) => id)).toEqual(met.map(() => rows[0].id));
    expect((await viewer(node, await other!)).id).not.toBe(rows[0].id);
  });
});
