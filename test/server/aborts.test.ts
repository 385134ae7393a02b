import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../faults/random.ts';
import { person, query, type Person } from '../support/person.ts';
import { leftOver, populationOf, runningTimers, type Population } from '../support/population.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
const rounds = 60;
const longestMs = 25;
/** The pool of the database has timers of its own, one for each idle connection. */
const timersOfThePool = 12;

const subscription =
  'subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { __typename cursor } }';
const presence = 'subscription ($roomId: ID!) { roomPresence(roomId: $roomId) { __typename } }';

let node: TestNode;
let ann: Person;
let roomId: string;
/** Tokens whose users no node has loaded yet, so identifying them takes a query. */
let fresh: string[];
let before: Population;
let timersBefore: number;

beforeAll(async () => {
  node = await startNode({
    settings: { RATE_LIMITS: 'off' },
    limits: { leaveGraceMs: 100, headCheckMs: 200, connectionsPerUser: 1000 },
  });
  ann = await person(node, 'ann');
  roomId = (await createRoom(ann, { name: 'Quay' })).id;
  await ann.query('{ viewer { id } rooms { edges { node { id } } } }');
  fresh = await Promise.all(Array.from({ length: 2 * rounds }, () => guestToken()));
  await sleep(500);
  before = await populationOf(node.url);
  timersBefore = runningTimers();
});

afterAll(() => node[Symbol.asyncDispose]());

async function guestToken(): Promise<string> {
  const { signInAsGuest } = await query(
    node.url,
    'mutation { signInAsGuest(input: { displayName: "Guest" }) { session { accessToken } } }',
  );
  return signInAsGuest.session.accessToken;
}

/** Starts a request. The returned function aborts it without a closing message. */
type Begin = (random: Random) => () => void;

const requestOf = (method: string, accept: string, body: object): string => {
  const text = JSON.stringify(body);
  const query = new URLSearchParams(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return [
    `${method} /graphql${method === 'GET' ? `?${query}` : ''} HTTP/1.1`,
    'Host: a',
    `Accept: ${accept}`,
    `Authorization: Bearer ${ann.token}`,
    ...(method === 'POST'
      ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]
      : []),
    '',
    method === 'POST' ? text : '',
  ].join('\r\n');
};

const request =
  (method: string, accept: string, body: () => object): Begin =>
  (random) => {
    const socket = open();
    const bytes = requestOf(method, accept, body());
    socket.write(random.chance(0.2) ? bytes.slice(0, random.between(1, bytes.length)) : bytes);
    return () => (random.chance(0.5) ? socket.destroy() : socket.resetAndDestroy());
  };

function open(): Socket {
  const { hostname, port } = new URL(node.url);
  return connect(Number(port), hostname).on('error', () => {});
}

const init = (params: object) => ({ type: 'connection_init', payload: params });
const subscribe = (query: string, more: object = {}) => ({
  id: 'a',
  type: 'subscribe',
  payload: { query, variables: { roomId }, ...more },
});
const withFreshToken = () => init({ authorization: `Bearer ${fresh.pop()}` });
const freshToken = () => ({ extensions: { headers: { authorization: `Bearer ${fresh.pop()}` } } });
const withToken = () => init({ authorization: `Bearer ${ann.token}` });

/**
 * Sends each message as soon as the acknowledgement allows it, and is often gone while the last one
 * is still being handled.
 */
const socket =
  (messages: () => object[]): Begin =>
  (random) => {
    const webSocket = new WebSocket(node.wsUrl, 'graphql-transport-ws').on('error', () => {});
    const [first, ...others] = messages().map((message) => JSON.stringify(message));
    const isGoneAtOnce = random.chance(0.7);
    webSocket.on('open', () => {
      webSocket.send(first!);
      if (isGoneAtOnce && others.length === 0) webSocket.terminate();
    });
    webSocket.once('message', () => {
      for (const other of others) webSocket.send(other);
      if (isGoneAtOnce) webSocket.terminate();
    });
    const isPolite = random.chance(0.3);
    return () => (isPolite ? webSocket.close() : webSocket.terminate());
  };

const kinds: [string, Begin][] = [
  [
    'server-sent events',
    request('POST', 'text/event-stream', () => ({ query: subscription, variables: { roomId } })),
  ],
  [
    'server-sent events of a channel',
    request('POST', 'text/event-stream', () => ({ query: presence, variables: { roomId } })),
  ],
  [
    'server-sent events with GET',
    request('GET', 'text/event-stream', () => ({ query: subscription, variables: { roomId } })),
  ],
  [
    'a query with POST',
    request('POST', 'application/json', () => ({
      query: '{ rooms { edges { node { id onlineCount } } } }',
    })),
  ],
  ['a query with GET', request('GET', 'application/json', () => ({ query: '{ viewer { id } }' }))],
  [
    'a mutation',
    request('POST', 'application/json', () => ({
      query:
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
      variables: { input: { conversationId: roomId, body: 'a' } },
    })),
  ],
  ['a socket that signs in', socket(() => [withFreshToken()])],
  [
    'a socket with a subscription',
    socket(() => [withToken(), subscribe(subscription), subscribe(presence, {})]),
  ],
  [
    'a socket with the token in an operation',
    socket(() => [init({}), subscribe(subscription, freshToken())]),
  ],
  [
    'a socket that extends',
    socket(() => [
      withToken(),
      subscribe(
        'mutation ($input: ExtendConnectionInput!) { extendConnection(input: $input) { expiresAt } }',
        { variables: { input: { token: ann.token } } },
      ),
    ]),
  ],
  [
    'a socket with queries',
    socket(() => [
      withToken(),
      ...Array.from({ length: 30 }, (_, count) => ({
        ...subscribe('{ rooms { edges { node { id } } } }'),
        id: `${count}`,
      })),
    ]),
  ],
];

describe(`a request that is aborted at any moment (SEED=${seed})`, () => {
  it.each(kinds)('[P13] leaves nothing behind: %s', async (name, begin) => {
    const random = createRandom(seed).fork(name);
    await Promise.all(
      Array.from({ length: rounds }, async (_, count) => {
        await sleep(count * 10);
        const breakOff = begin(random);
        await sleep(random.between(0, longestMs));
        breakOff();
      }),
    );
    expect(await leftOver(node.url, before)).toEqual({});
    expect(runningTimers()).toBeLessThan(timersBefore + timersOfThePool);
  });

  it('is found if it leaves something behind', async () => {
    const { socket: stream, ended } = hold();
    await expect
      .poll(() => leftOver(node.url, before, 0), { timeout: 10_000 })
      .toMatchObject({ connections: 1, subscribers: 1, online_users: 1 });
    stream.destroy();
    await ended;
    expect(await leftOver(node.url, before)).toEqual({});
  });
});

function hold() {
  const stream = open();
  stream.write(
    requestOf('POST', 'text/event-stream', { query: subscription, variables: { roomId } }),
  );
  return { socket: stream, ended: new Promise((resolve) => stream.once('close', resolve)) };
}

it('[P11] [P13] an event stream that ends with a refusal is released at once', async () => {
  await using bob = await person(node, 'bob');
  const { id } = await createRoom(bob, { name: 'Bay' });
  const { joinRoom: _ } = await ann.query(
    'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { __typename } }',
    { input: { roomId: id } },
  );
  const stream = open();
  stream.write(
    requestOf('POST', 'text/event-stream', { query: subscription, variables: { roomId: id } }),
  );
  await expect
    .poll(async () => (await populationOf(node.url)).subscribers, { timeout: 10_000 })
    .toBe(before.subscribers + 1);
  await ann.query(
    'mutation ($input: LeaveRoomInput!) { leaveRoom(input: $input) { __typename } }',
    { input: { roomId: id } },
  );
  expect(await leftOver(node.url, before)).toEqual({});
  stream.destroy();
});
