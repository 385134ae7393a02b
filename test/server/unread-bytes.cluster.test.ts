import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/limits.ts';
import { person, type Person } from '../support/person.ts';
import { shortTimers } from '../support/presence.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import {
  flood,
  metric,
  mostUnsent,
  openUnreadWebSocket,
  textFrame,
  unsentBytes,
} from '../support/unread.ts';
import { until } from '../support/until.ts';

const mebibyte = 1024 * 1024;
const settings = { RATE_LIMITS: 'off' };
const bounds = {
  ...shortTimers,
  connectionBufferBytes: mebibyte,
  connectionMaxBytes: 16 * mebibyte,
  answerMaxBytes: 4 * mebibyte,
  writeDeadlineMs: 1000,
  drainBytesPerSecond: 4 * mebibyte,
  closeReasonMs: 500,
} satisfies Partial<Limits>;

/** Each of the bounds switched off. */
const unbounded = {
  ...bounds,
  connectionBufferBytes: 2 ** 40,
  connectionMaxBytes: 2 ** 40,
  answerMaxBytes: 2 ** 40,
  writeDeadlineMs: 600_000,
} satisfies Partial<Limits>;

/** A room with 1.6 MB of messages. */
async function fullRoom(who: Person): Promise<string> {
  const { id } = await createRoom(who, { name: 'Full' });
  const body = '😀'.repeat(4000);
  await Promise.all(Array.from({ length: 100 }, () => send(who, id, body)));
  return id;
}

const page = (id: string, copies: number) =>
  `{ ${Array.from({ length: copies }, (_, place) => `c${place}: conversation(id: "${id}") { messages(last: 100) { edges { node { body } } } }`).join(' ')} }`;
const subscribe = (id: number, query: string) =>
  textFrame(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }));

interface Attack {
  readonly open: (node: TestNode, who: Person) => Promise<Socket>;
  readonly run: (socket: Socket, node: TestNode, who: Person, roomId: string) => Promise<unknown>;
  /**
   * The most that may wait: the bytes of a connection, and one answer that counts twice while it
   * moves into the socket.
   */
  readonly mostBytes: number;
}

const overWebSocket: Attack['open'] = (node, who) => openUnreadWebSocket(node.wsUrl, who.token);
const protocolPing = textFrame(
  JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(60_000) } }),
);

const attacks: Record<string, Attack> = {
  'pings of the protocol with a payload': {
    open: overWebSocket,
    run: (socket) => flood(socket, protocolPing, 800),
    mostBytes: 2 * mebibyte,
  },
  'queries over the socket with large answers': {
    open: overWebSocket,
    async run(socket, _node, _who, roomId) {
      for (let id = 0; id < 30; id++) socket.write(subscribe(id, page(roomId, 2)));
      await delay(1500);
    },
    mostBytes: bounds.connectionMaxBytes + bounds.answerMaxBytes,
  },
  'pings of the protocol, and reads a little now and then': {
    open: overWebSocket,
    async run(socket) {
      const trickle = setInterval(() => socket.read(4096), 100);
      await flood(socket, protocolPing, 800);
      await delay(5000);
      clearInterval(trickle);
    },
    mostBytes: 2 * mebibyte,
  },
};

describe.each(Object.entries(attacks))(
  '[P13] a client that does not read, and sends %s',
  (_name, { open, run, mostBytes }) => {
    it('uses a bounded number of bytes, is disconnected in time, goes offline, and delays no other client', async () => {
      await using node = await startNode({ settings, limits: bounds });
      await using ann = await person(node, 'ann');
      await using eve = await person(node, 'eve');
      const roomId = await fullRoom(eve);
      const socket = await open(node, eve);
      const most = await mostUnsent(node.url, () => run(socket, node, eve, roomId));
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThan(mostBytes);
      await expect(ann.ask('{ viewer { id } }')).resolves.toEqual({ viewer: { id: ann.id } });
      await until('it is disconnected', () => metric(node.url, closed), 25_000);
      await until('nothing waits', async () => (await unsentBytes(node.url)) === 0, 25_000);
      await until('it is offline', async () => !(await isOnline(ann, eve)));
      socket.destroy();
    }, 120_000);

    it('control: uses more without the bounds', async () => {
      await using node = await startNode({ settings, limits: unbounded });
      await using eve = await person(node, 'eve');
      const roomId = await fullRoom(eve);
      const socket = await open(node, eve);
      const most = await mostUnsent(node.url, () => run(socket, node, eve, roomId));
      expect(most).toBeGreaterThan(mostBytes);
      expect(await metric(node.url, closed)).toBe(0);
      socket.destroy();
      await until('nothing waits', async () => (await unsentBytes(node.url)) === 0);
    }, 120_000);
  },
);

it('[P5] a client that reads is not disconnected, for any amount of data', async () => {
  await using node = await startNode({ settings, limits: bounds });
  const socket = await openUnreadWebSocket(node.wsUrl);
  socket.resume();
  expect(await flood(socket, protocolPing, 1500, 5000)).toBe(1500);
  expect(socket.closed).toBe(false);
  expect(await metric(node.url, closed)).toBe(0);
  socket.destroy();
}, 120_000);

it('[P13] a client that sends WebSocket pings and reads nothing uses almost no memory', async () => {
  await using node = await startNode({ settings, limits: bounds });
  const socket = await openUnreadWebSocket(node.wsUrl);
  const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125]), Buffer.alloc(4 + 125)]);
  const pings = Buffer.concat(Array.from({ length: 500 }, () => ping));
  const most = await mostUnsent(node.url, () => flood(socket, pings, 800, 2000));
  expect(most).toBeLessThan(2 * mebibyte);
  await until('it is disconnected', () => socket.destroyed, 20_000);
}, 120_000);

const closed = 'causerie_slow_readers_total{outcome="closed"}';

async function isOnline(who: Person, whom: Person): Promise<boolean> {
  const { user } = await who.query('query ($id: ID) { user(id: $id) { isOnline } }', {
    id: whom.id,
  });
  return user.isOnline;
}

describe('[P13] the unread bytes of all clients of a node', () => {
  const clientsOf = (node: TestNode, count: number, address: string) =>
    Promise.all(
      Array.from({ length: count }, () =>
        openUnreadWebSocket(node.wsUrl, undefined, [`X-Forwarded-For: ${address}`]),
      ),
    );
  const longGrace = {
    ...bounds,
    connectionBufferBytes: 8 * mebibyte,
    writeDeadlineMs: 600_000,
  };
  const evicted = 'causerie_slow_readers_total{outcome="evicted"}';

  /**
   * One client leaves a MiB unread, and four of another address leave as much as they can: 8 MiB
   * each.
   */
  async function attack(UNSENT_MAX_MB: string) {
    const node = await startNode({
      settings: { ...settings, TRUSTED_PROXIES: 'loopback', UNSENT_MAX_MB },
      limits: longGrace,
    });
    const [modest] = await clientsOf(node, 1, '203.0.113.1');
    while ((await unsentBytes(node.url)) < mebibyte) await flood(modest!, protocolPing, 5);
    const greedy = await clientsOf(node, 4, '203.0.113.2');
    const most = await mostUnsent(node.url, () =>
      Promise.all(greedy.map((socket) => flood(socket, protocolPing, 1000, 3000))),
    );
    return {
      most,
      evicted: await metric(node.url, evicted),
      isModestOpen: !modest!.closed,
      async [Symbol.asyncDispose]() {
        for (const socket of [modest!, ...greedy]) socket.destroy();
        await node[Symbol.asyncDispose]();
      },
    };
  }

  it('are bounded, and the clients of the address with the most are disconnected first', async () => {
    await using attacked = await attack('16');
    expect(attacked.evicted).toBeGreaterThan(0);
    expect(attacked.most).toBeLessThan(17 * mebibyte);
    expect(attacked.isModestOpen).toBe(true);
  }, 120_000);

  it('control: are more without that bound', async () => {
    await using attacked = await attack('1024');
    expect(attacked.evicted).toBe(0);
    expect(attacked.most).toBeGreaterThan(17 * mebibyte);
  }, 120_000);
});
