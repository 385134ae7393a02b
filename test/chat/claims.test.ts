import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followAppEventsLive } from '../support/app-events.ts';
import { openSocket } from '../support/bare-clients.ts';
import { startOutsideIssuer, type OutsideIssuer } from '../support/outside-issuer.ts';
import { query } from '../support/person.ts';
import type { Received } from '../support/received.ts';
import { service, type TestService } from '../support/service.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

let issuer: OutsideIssuer;
let node: TestNode;
let shop: TestService;
let database: pg.Client;
beforeAll(async () => {
  const WORD_FILTER = join(temporaryDirectory(), 'words.txt');
  await writeFile(WORD_FILTER, 'frick');
  issuer = await startOutsideIssuer();
  node = await startNode({
    settings: {
      JWKS_URL: issuer.jwksUrl,
      RATE_LIMITS: 'off',
      JWT_ADMIN_CLAIM: 'roles:admin',
      WORD_FILTER,
    },
  });
  shop = await service(node, ['users', 'events']);
  database = new pg.Client(node.settings.DATABASE_URL);
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await node[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const start = Math.floor(Date.now() / 1000) - 1000;
let sub: string;
let tokens = 0;
beforeEach(() => {
  sub = `u-${tokens}`;
});

/** A token that is newer than all before. */
const sign = (claims: JWTPayload): Promise<string> =>
  issuer.sign({ sub, iat: start + tokens++, ...claims });
const viewerBy = async (token: string): Promise<any> =>
  (await query(node.url, '{ viewer { username displayName avatarUrl role } }', {}, token)).viewer;
const viewer = async (claims: JWTPayload): Promise<any> => viewerBy(await sign(claims));
const update = async (token: string, input: object): Promise<any> =>
  query(
    node.url,
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }',
    { input },
    token,
  );
const upsert = (user: object): Promise<any> =>
  shop.mutate(
    'upsertUsers',
    'UpsertUsersInput',
    { users: [{ externalId: sub, ...user }] },
    'users { id }',
  );

const picture = 'https://example.com/ann.png';
const other = 'https://example.com/other.png';

/** Runs `work` and returns the users of the events of changed users. */
async function changesDuring(work: () => Promise<void>): Promise<any[]> {
  const received: Received = await followAppEventsLive(node, shop.token, {
    types: ['UserUpdated'],
  });
  await work();
  const marker = `marker-${tokens++}`;
  for (const displayName of ['one', 'two'])
    await shop.mutate(
      'upsertUsers',
      'UpsertUsersInput',
      { users: [{ externalId: marker, displayName }] },
      'createdCount',
    );
  const users = () => received.events.slice(1).map(({ event }) => event.user);
  await received.until(() => users().some(({ externalId }) => externalId === marker));
  received.stop();
  return users().filter(({ externalId }) => externalId === sub);
}

describe('the claims of a token', () => {
  it('give a new user the username, the display name and the picture', async () => {
    expect(await viewer({ preferred_username: 'Ann@example.com', name: 'Ann', picture })).toEqual({
      username: 'ann',
      displayName: 'Ann',
      avatarUrl: picture,
      role: 'USER',
    });
  });

  it('change the profile when they change, over HTTP and over a socket, each time with one event', async () => {
    await viewer({ preferred_username: 'bea', name: 'Bea', picture });
    const changes = await changesDuring(async () => {
      const renamed = await sign({ preferred_username: 'beate', name: 'Beate', picture: other });
      expect(await viewerBy(renamed)).toMatchObject({
        username: 'beate',
        displayName: 'Beate',
        avatarUrl: other,
      });
      await viewerBy(renamed);
      await viewer({ preferred_username: 'beate', name: 'Beate', picture: other });
      await viewer({});
      const token = await sign({ name: 'Bea B.' });
      await using socket = await openSocket(node.wsUrl, { params: { token } });
      await socket.acknowledged;
      expect((await socket.ask('{ viewer { displayName } }')).data.viewer.displayName).toBe(
        'Bea B.',
      );
    });
    // An event shows the profile as it is at the delivery.
    expect(changes).toMatchObject([
      { username: 'beate', avatarUrl: other },
      { username: 'beate', displayName: 'Bea B.', avatarUrl: other },
    ]);
  });

  it('write nothing if they did not change', async () => {
    const claims = { preferred_username: 'calm', name: 'Calm', picture };
    await viewer(claims);
    const version = async () =>
      (
        await database.query(
          "select xmin::text || ' ' || ctid::text as version from users where subject = $1",
          [sub],
        )
      ).rows[0].version;
    const before = await version();
    await viewer(claims);
    await viewer({ ...claims, name: ' Calm ' });
    await viewer({});
    expect(await version()).toBe(before);
    await viewer({ ...claims, name: 'Calmer' });
    expect(await version()).not.toBe(before);
  });

  it('do not undo a change by the user or by a backend, until they change again', async () => {
    const claims = { preferred_username: 'dora', name: 'Dora', picture };
    await update(await sign(claims), { username: 'dora-1', displayName: 'D.', avatarUrl: null });
    expect(await viewer(claims)).toMatchObject({
      username: 'dora-1',
      displayName: 'D.',
      avatarUrl: null,
    });
    expect(await viewer({ ...claims, name: 'Dora Doe' })).toMatchObject({
      username: 'dora-1',
      displayName: 'Dora Doe',
      avatarUrl: null,
    });
    await upsert({ displayName: 'By the shop', avatarUrl: other });
    expect(await viewer({ ...claims, name: 'Dora Doe' })).toMatchObject({
      displayName: 'By the shop',
      avatarUrl: other,
    });
    expect(await viewer({ ...claims, name: 'Dora' })).toMatchObject({ displayName: 'Dora' });
  });

  it('of an older token do not count, nor does a token that was applied before', async () => {
    const older = await sign({ name: 'Older' });
    const at = tokens++;
    const [one, two] = await Promise.all(
      ['One', 'Two'].map((name) => issuer.sign({ sub, name, iat: start + at })),
    );
    await viewerBy(one!);
    expect(await viewerBy(two!)).toMatchObject({ displayName: 'Two' });
    expect(await viewerBy(one!)).toMatchObject({ displayName: 'One' });
    for (const token of [two!, one!, older, two!])
      expect(await viewerBy(token)).toMatchObject({ displayName: 'One' });
  });

  it('fill in what a backend left out, and only that', async () => {
    await upsert({ username: 'emil' });
    expect(await viewer({ preferred_username: 'e2', name: 'Emil', picture })).toMatchObject({
      username: 'emil',
      displayName: 'Emil',
      avatarUrl: picture,
    });
    sub = 'frida-1';
    await upsert({ username: 'frida', displayName: 'Frida F.', avatarUrl: other });
    expect(await viewer({ name: 'Frida', picture })).toMatchObject({
      displayName: 'Frida F.',
      avatarUrl: other,
    });
    expect(await viewer({ name: 'Frida G.', picture })).toMatchObject({
      displayName: 'Frida G.',
      avatarUrl: other,
    });
  });

  it.each<[string, JWTPayload]>([
    ['a taken username', { preferred_username: 'taken' }],
    ['a reserved username', { preferred_username: 'admin' }],
    ['a reserved display name', { name: 'Support' }],
    ['a forbidden word', { name: 'frick', preferred_username: 'frick' }],
    ['a picture that is not an http URL', { picture: 'javascript:alert(1)' }],
    ['a picture that is too long', { picture: `https://example.com/${'a'.repeat(2048)}` }],
    ['values of other types', { name: 1, picture: null, preferred_username: ['x'] }],
    ['empty values', { name: ' ', picture: '', preferred_username: '' }],
  ])('that are not allowed change nothing: %s', async (_which, claims) => {
    await shop.mutate(
      'upsertUsers',
      'UpsertUsersInput',
      { users: [{ externalId: 'taken', username: 'taken' }] },
      'createdCount',
    );
    const before = await viewer({ preferred_username: `g-${sub}`, name: 'Gus', picture });
    const changed = await sign({ ...claims, role: 'x' });
    expect(await viewerBy(changed)).toEqual(before);
    expect(await viewerBy(changed)).toEqual(before);
  });

  it('change the role and the profile at once', async () => {
    await viewer({ name: 'Hal' });
    expect(await viewer({ name: 'Hal II', roles: ['admin'] })).toMatchObject({
      displayName: 'Hal II',
      role: 'ADMIN',
    });
    expect(await viewer({ name: 'Hal III' })).toMatchObject({
      displayName: 'Hal III',
      role: 'USER',
    });
  });

  it('[P17] disappear with the account', async () => {
    await viewer({ name: 'Ida Private' });
    await query(
      node.url,
      'mutation { deleteMyAccount(input: {}) { ok } }',
      {},
      await sign({ name: 'Ida Private' }),
    );
    const { rows } = await database.query(
      "select users::text as row from users where users::text like '%Ida Private%'",
    );
    expect(rows).toEqual([]);
  });
});
