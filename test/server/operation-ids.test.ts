import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: any;
}

let node: TestNode;
let ann: Person;
let roomId: string;

beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  ann = await person(node, 'ann');
  roomId = (await createRoom(ann, { name: 'Quay' })).id;
});

afterAll(async () => {
  await ann[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

const messages = `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { __typename ... on MessageSent { message { body } } } }`;

/** The same, with a mark by which its events are recognized. */
const marked = messages.replace('__typename', '__typename mark: __typename');

/** A socket that writes exactly the messages of a test, all of one call in one TCP chunk. */
async function rawSocket() {
  const socket = new WebSocket(node.wsUrl, 'graphql-transport-ws');
  const received: Message[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  const write = (...sent: object[]) => {
    const tcp = (socket as any)._socket;
    tcp.cork();
    for (const message of sent) socket.send(JSON.stringify(message));
    tcp.uncork();
  };
  write({ type: 'connection_init', payload: { token: ann.token } });
  await expect.poll(() => received[0]?.type).toBe('connection_ack');
  return { socket, received, closed, write };
}

const subscribe = (id: string, query = messages) => ({
  id,
  type: 'subscribe',
  payload: { query, variables: { roomId } },
});
const complete = (id: string) => ({ id, type: 'complete' });

const bodiesOf = (received: readonly Message[]) =>
  received.flatMap(({ payload }) => payload?.data?.roomMessages?.message?.body ?? []);

async function subscribers(): Promise<number> {
  const text = await (await fetch(new URL('/metrics', node.url))).text();
  return Number(/^causerie_subscribers (\d+)$/m.exec(text)![1]);
}

it.each([1, 2, 20])(
  '[P13] an id that is completed and used again %i times at once has one subscription',
  async (times) => {
    const { socket, received, write } = await rawSocket();
    const reuse = Array.from({ length: times - 1 }, () => [complete('a'), subscribe('a')]).flat();
    write(subscribe('a'), ...reuse, complete('a'), subscribe('a', marked));
    await expect.poll(() => received.at(-1)?.payload?.data?.roomMessages?.mark).toBeDefined();
    await expect.poll(subscribers).toBe(1);
    const body = `after ${times}`;
    await send(ann, roomId, body);
    await expect.poll(() => bodiesOf(received)).toEqual([body]);
    await send(ann, roomId, 'another');
    await expect.poll(() => bodiesOf(received)).toEqual([body, 'another']);

    write(complete('a'));
    await expect.poll(subscribers).toBe(0);
    await send(ann, roomId, 'unread');
    write(subscribe('b', '{ viewer { id } }'));
    await expect.poll(() => received.at(-1)).toEqual({ id: 'b', type: 'complete' });
    expect(bodiesOf(received)).toEqual([body, 'another']);
    expect(received.filter(({ type, id }) => type === 'complete' && id === 'a')).toEqual([]);
    socket.close();
  },
);

it('an id is free again when its running subscription is completed', async () => {
  const { socket, received, write } = await rawSocket();
  for (let round = 1; round <= 3; round++) {
    write(subscribe('a'));
    await expect
      .poll(() => received.filter(({ payload }) => payload?.data?.roomMessages).length)
      .toBe(round);
    write(complete('a'));
  }
  await expect.poll(subscribers).toBe(0);
  socket.close();
});

it('a query whose id is completed and used again answers once, with the second document', async () => {
  const { socket, received, write } = await rawSocket();
  write(
    subscribe('a', '{ rooms { edges { node { id } } } }'),
    complete('a'),
    subscribe('a', '{ viewer { username } }'),
  );
  await expect.poll(() => received.at(-1)).toEqual({ id: 'a', type: 'complete' });
  expect(received.slice(1)).toEqual([
    { id: 'a', type: 'next', payload: { data: { viewer: { username: 'ann' } } } },
    { id: 'a', type: 'complete' },
  ]);
  socket.close();
});

it.each([
  ['of a running operation', () => [subscribe('a')]],
  ['of an operation that waits for its id', () => [complete('a'), subscribe('a'), subscribe('a')]],
])('a second use of the id %s closes the socket with 4409', async (_what, further) => {
  const { closed, write, received } = await rawSocket();
  write(subscribe('a'), ...further());
  // If it stays open, the test shows what was answered.
  expect(await Promise.race([closed, delay(30_000, received)])).toBe(4409);
  await expect.poll(subscribers).toBe(0);
});
