import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, openSocket, type BareSocket } from '../support/bare-clients.ts';
import { person, type Person } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const perUser = 3;
const perAddress = 4;
const who = '{ viewer { username } }';

let node: TestNode;
let ann: Person;

beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off', TRUSTED_PROXIES: 'loopback' },
    limits: { connectionsPerUser: perUser, anonymousConnectionsPerAddress: perAddress },
  });
  ann = await person(node, 'ann');
});

afterAll(async () => {
  await ann[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

/** Opens a socket through a proxy that says where the client is. */
async function openFrom(address: string, params: unknown = {}): Promise<BareSocket> {
  const socket = await openSocket(node.wsUrl, { params, headers: { 'x-forwarded-for': address } });
  await socket.acknowledged;
  return socket;
}

const openTimes = (times: number, open: () => Promise<BareSocket>) =>
  Promise.all(Array.from({ length: times }, open));

async function closeAll(sockets: readonly BareSocket[]): Promise<void> {
  for (const socket of sockets) await socket[Symbol.asyncDispose]();
}

it('[P13] an address has a limit of sockets without a token', async () => {
  const held = await openTimes(perAddress, () => openFrom('203.0.113.1'));
  const refused = await openSocket(node.wsUrl, {
    params: {},
    headers: { 'x-forwarded-for': '203.0.113.1' },
  });
  refused.acknowledged.catch(() => {});
  expect(await refused.closed).toEqual({ code: 1013, reason: 'Too many connections' });

  const elsewhere = await openFrom('203.0.113.2');
  const signedIn = await openFrom('203.0.113.1', { token: ann.token });
  expect((await signedIn.ask(who)).data.viewer).toEqual({ username: 'ann' });
  await closeAll([elsewhere, signedIn, held.pop()!]);
  await expect
    .poll(async () => (await openFrom('203.0.113.1').catch(() => undefined))?.isOpen)
    .toBe(true);
  await closeAll(held);
});

it('[P13] the addresses of an IPv6 /64 share the limit', async () => {
  let count = 0;
  const held = await openTimes(perAddress, () => openFrom(`2001:db8::${++count}`));
  await expect(openFrom('2001:db8::ffff')).rejects.toBeDefined();
  await closeAll([await openFrom('2001:db8:0:1::1'), ...held]);
});

it("[P13] a token in an operation counts its connection for the token's user", async () => {
  const sockets = await openTimes(perUser + 1, () => openFrom('203.0.113.3'));
  const extensions = { headers: { authorization: `Bearer ${ann.token}` } };
  const answers = [];
  for (const socket of sockets) answers.push(await socket.ask(who, {}, extensions));
  expect(answers.map(({ code }) => code)).toEqual([
    undefined,
    undefined,
    undefined,
    'RATE_LIMITED',
  ]);
  expect(answers.at(-1)!.errors[0]!.extensions.retryAfterMs).toEqual(expect.any(Number));
  // The operations of an admitted connection count once.
  expect((await sockets[0]!.ask(who, {}, extensions)).data.viewer).toEqual({ username: 'ann' });
  await closeAll(sockets.splice(0, 1));
  await expect
    .poll(async () => (await sockets.at(-1)!.ask(who, {}, extensions)).code)
    .toBe(undefined);
  await closeAll(sockets);
});

it('[P12] [P13] a further event stream of a user is RATE_LIMITED', async () => {
  const sockets = await openTimes(perUser, () => openFrom('203.0.113.4', { token: ann.token }));
  const { room } = await ann.query('{ room(name: "lobby") { id } }');
  const response = await fetch(node.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${ann.token}`,
    },
    body: JSON.stringify({
      query: `subscription { roomMessages(roomId: "${room.id}") { __typename } }`,
    }),
  });
  const result = /^data: (\{.*)$/m.exec(await response.text())![1]!;
  expect(JSON.parse(result).errors[0]).toMatchObject({
    message: `A user can have at most ${perUser} connections. Close one, then try again.`,
    extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
  });
  await closeAll(sockets);
});

it('lists both limits', async () => {
  const { data } = await ask(
    node.url,
    '{ serverInfo { limits { connectionsPerUser anonymousConnectionsPerAddress } } }',
  );
  expect(data.serverInfo.limits).toEqual({
    connectionsPerUser: perUser,
    anonymousConnectionsPerAddress: perAddress,
  });
});
