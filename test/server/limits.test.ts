import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { follow, followLive } from '../support/send-and-follow.ts';

let node: TestNode;
let ann: Person;
let roomId: string;

beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off' },
    limits: { connectionInitMs: 300, connectionsPerUser: 4 },
  });
  ann = await person(node, 'ann');
  roomId = (await createRoom(ann, { name: 'Quay' })).id;
});

afterAll(async () => {
  await ann[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

const overBothTransports: [string, (document: string) => Promise<unknown>][] = [
  ['over HTTP', (document) => ann.query(document)],
  ['over the socket', (document) => ann.ask(document)],
];

describe.each(overBothTransports)('%s', (_name, ask) => {
  it.each([
    ['too many tokens', `{ ${'viewer { id } '.repeat(1000)} }`],
    [
      'too many aliases',
      `{ ${Array.from({ length: 40 }, (_, place) => `a${place}: serverInfo { version }`).join(' ')} }`,
    ],
    [
      'too great a depth',
      `{ room(name: "Quay") { ${'lastMessage { conversation { '.repeat(8)} id ${'} }'.repeat(8)} } }`,
    ],
    [
      'too high a cost',
      `{ rooms(first: 100) { edges { node { members(first: 100) { edges { node { user { id username } } } } } } } }`,
    ],
  ])('[P12] refuses a document with %s as TOO_COMPLEX with a solution', async (_what, document) => {
    await expect(ask(document)).rejects.toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringMatching(/[Ss]plit it into several operations/),
    });
  });

  it('[P12] counts the values of variables in the cost', async () => {
    const document = (first: number) =>
      `{ rooms(first: ${first}) { edges { node { members(first: 100) { edges { node { user { id } } } } } } } }`;
    await expect(ask(document(10))).resolves.toBeDefined();
    await expect(ask(document(100))).rejects.toMatchObject({ code: 'TOO_COMPLEX' });
  });

  it.each([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ viewer {', 'GRAPHQL_PARSE_FAILED'],
    ['{ rooms(first: 101) { edges { cursor } } }', 'INVALID'],
    ['{ rooms(first: 2147483647) { edges { cursor } } }', 'INVALID'],
    [
      '{ rooms(last: 2147483647) { edges { node { members(first: 100) { edges { cursor } } } } } }',
      'INVALID',
    ],
    ['{ rooms(first: -1) { edges { cursor } } }', 'INVALID'],
    ['{ rooms(first: 1, last: 1) { edges { cursor } } }', 'INVALID'],
    ['{ rooms(after: "nonsense") { edges { cursor } } }', 'INVALID'],
    ['query ($first: Int!) { rooms(first: $first) { edges { cursor } } }', 'BAD_USER_INPUT'],
  ])('[P12] answers %s with %s', async (document, code) => {
    await expect(ask(document)).rejects.toMatchObject({ code });
  });
});

describe('a request over HTTP', () => {
  it('is refused if its body is longer than a frame may be', async () => {
    const response = await fetch(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { id } }', variables: { a: 'x'.repeat(70_000) } }),
    });
    expect(response.status).toBe(413);
  });

  it('is refused if it is a batch', async () => {
    const response = await fetch(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ viewer { id } }' }, { query: '{ viewer { id } }' }]),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  it('carries an id that a masked error quotes', async () => {
    const response = await fetch(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a socket', () => {
  const closeOf = (socket: WebSocket) =>
    new Promise<{ code: number; reason: string }>((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
  const open = async (first?: string) => {
    const socket = new WebSocket(node.wsUrl, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    if (first !== undefined) socket.send(first);
    return socket;
  };

  it('is closed if it sends a longer frame', async () => {
    expect(await closeOf(await open('x'.repeat(70_000)))).toMatchObject({ code: 1009 });
  });

  it('is closed without a `connection_init` in time', async () => {
    expect(await closeOf(await open())).toMatchObject({ code: 4408 });
  });

  it.each([
    ['what is no JSON', 'nonsense', 4400],
    [
      'a subscribe before connection_init',
      '{"id":"1","type":"subscribe","payload":{"query":"{ viewer { id } }"}}',
      4401,
    ],
  ])('is closed if it sends %s', async (_what, message, code) => {
    expect(await closeOf(await open(message))).toMatchObject({ code });
  });

  it('has at most 100 subscriptions, and accepts another one after one has ended', async () => {
    await using bob = await person(node, 'bob');
    const { id } = await createRoom(bob, { name: 'Bay' });
    const held = await Promise.all(Array.from({ length: 100 }, () => followLive(bob, id)));
    expect(await follow(bob, id).ended()).toMatchObject({ code: 'RATE_LIMITED' });
    expect(held.filter(({ ending }) => ending)).toEqual([]);
    held[0]!.stop();
    await expect
      .poll(() => follow(bob, id).find(({ __typename }) => __typename === 'CaughtUp'))
      .toBeDefined();
  });

  it('[P12] runs 16 operations at a time, and answers all of them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => ann.ask('{ rooms { edges { node { id } } } }')),
    );
    expect(answers).toHaveLength(60);
  });

  it('is closed with a code after which clients retry, if its user has too many', async () => {
    await using cleo = await person(node, 'cleo');
    const sockets = Array.from({ length: 4 }, () => cleo.connect());
    for (const socket of sockets) await cleo.ask('{ viewer { id } }', {}, socket);
    const held = await Promise.all(sockets.map((socket) => followIntoLobby(cleo, socket)));
    await expect(
      cleo.ask('{ viewer { id } }', {}, cleo.connect({ retryAttempts: 0 })),
    ).rejects.toMatchObject({
      code: 1013,
    });
    for (const received of held) expect(received.ending).toBeUndefined();
  });

  async function followIntoLobby(who: Person, socket: ReturnType<Person['connect']>) {
    const { room } = await who.query('{ room(name: "lobby") { id } }');
    return followLive(who, room.id, socket);
  }
});

it('counts each refusal by its code', async () => {
  const counted = async () =>
    Number(
      /causerie_refusals_total\{code="GRAPHQL_PARSE_FAILED"\} (\d+)/.exec(
        await (await fetch(new URL('/metrics', node.url))).text(),
      )?.[1] ?? 0,
    );
  const before = await counted();
  for (const ask of [ann.query, ann.ask, ann.query, ann.ask])
    await expect(ask.call(ann, '{ viewer {')).rejects.toMatchObject({
      code: 'GRAPHQL_PARSE_FAILED',
    });
  expect(await counted()).toBe(before + 4);
});

it('limits sends per user, over all transports, and returns the time to wait', async () => {
  await using limited = await startNode();
  await using dora = await person(limited, 'dora');
  const room = await createRoom(dora, { name: 'Quay' });
  const send =
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }';
  const input = { conversationId: room.id, body: 'again' };
  for (let count = 0; count < 20; count++)
    await (count % 2 ? dora.query(send, { input }) : dora.ask(send, { input }));
  await expect(dora.query(send, { input })).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    extensions: { retryAfterMs: expect.any(Number) },
  });
  await expect(dora.ask(send, { input })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});

it('a follower does not wait for an unknown room', async () => {
  expect(await follow(ann, roomId.replace(/.$/, '')).ended()).toMatchObject({ code: 'NOT_FOUND' });
});
