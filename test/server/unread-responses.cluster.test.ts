import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTurn } from '../../src/server/in-turn.ts';
import { person, type Person } from '../support/person.ts';
import { shortTimers } from '../support/presence.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import {
  flood,
  httpRequest,
  metric,
  mostUnsent,
  openUnread,
  unsentBytes,
} from '../support/unread.ts';
import { until } from '../support/until.ts';

const mebibyte = 1024 * 1024;
const bounds = { ...shortTimers, writeDeadlineMs: 1500, drainBytesPerSecond: mebibyte };
const settings = { RATE_LIMITS: 'off' };

const sendAll = (who: Person, roomId: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => send(who, roomId, '😀'.repeat(4000))));

describe('[P5] [P13] a reader of server-sent events that stops reading', () => {
  const copies = Array.from({ length: 9 }, (_, place) => `copy${place}: body`).join(' ');
  const subscription = (id: string) =>
    `subscription { roomMessages(roomId: "${id}") { __typename ... on MessageSent { message { ${copies} } } } }`;

  async function stopReading(writeDeadlineMs: number) {
    const node = await startNode({ settings, limits: { ...bounds, writeDeadlineMs } });
    const ann = await person(node, 'ann');
    const eve = await person(node, 'eve');
    const { id } = await createRoom(eve, { name: 'Quay' });
    const socket = await openUnread(node.url);
    socket.write(httpRequest(node.url, subscription(id), eve.token, 'text/event-stream'));
    await until('it follows', () => metric(node.url, 'causerie_subscribers'));
    const most = await mostUnsent(node.url, async () => {
      for (let sent = 0; sent < 200; sent += 20) await sendAll(eve, id, 20);
    });
    const isOnline = async () => {
      const { user } = await ann.query('query ($id: ID) { user(id: $id) { isOnline } }', {
        id: eve.id,
      });
      return user.isOnline as boolean;
    };
    return {
      node,
      most,
      isOnline,
      async [Symbol.asyncDispose]() {
        socket.destroy();
        await ann[Symbol.asyncDispose]();
        await eve[Symbol.asyncDispose]();
        await node[Symbol.asyncDispose]();
      },
    };
  }

  it('uses a bounded number of bytes, is disconnected, and goes offline', async () => {
    await using stopped = await stopReading(1500);
    expect(stopped.most).toBeGreaterThan(0);
    expect(stopped.most).toBeLessThan(2 * mebibyte);
    const { url } = stopped.node;
    await until('it is disconnected', () => metric(url, closed), 20_000);
    await until('it follows no more', async () => !(await metric(url, 'causerie_subscribers')));
    await until('it is offline', async () => !(await stopped.isOnline()));
    await until('nothing waits', async () => (await unsentBytes(url)) === 0);
  }, 120_000);

  it('control: stays online without a deadline', async () => {
    await using stopped = await stopReading(600_000);
    expect(await metric(stopped.node.url, closed)).toBe(0);
    expect(await stopped.isOnline()).toBe(true);
  }, 120_000);
});

describe('[P13] clients that request GraphiQL and do not read it', () => {
  it.each(['identity', 'gzip'])(
    'share one page, as %s',
    async (encoding) => {
      await using node = await startNode({ limits: { writeDeadlineMs: 600_000 } });
      const headers = { accept: 'text/html', 'accept-encoding': encoding };
      const { length } = Buffer.from(await (await fetch(node.url, { headers })).arrayBuffer());
      expect(length).toBeGreaterThan(5 * mebibyte);
      const request = `GET /graphql HTTP/1.1\r\nHost: any\r\nAccept: text/html\r\nAccept-Encoding: ${encoding}\r\n\r\n`;
      const before = process.memoryUsage().rss;
      const sockets = await Promise.all(Array.from({ length: 60 }, () => openUnread(node.url)));
      const most = await mostUnsent(node.url, async () => {
        for (const socket of sockets) socket.write(request);
        await until('the server has begun to answer', () => sockets.every((one) => one.bytesRead));
        // The unsent data in sockets is measured every second.
        await delay(1500);
      });
      expect(most).toBeLessThan(sockets.length * 200 * 1024);
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * mebibyte);
      for (const socket of sockets) socket.destroy();
    },
    30_000,
  );
});

describe('[P13] requests that are sent without waiting for answers', () => {
  async function mostAtOnce(wrap: (listener: RequestListener) => RequestListener) {
    let running = 0;
    let most = 0;
    let answered = 0;
    const server = createServer(
      wrap((_request, response) => {
        most = Math.max(most, ++running);
        setTimeout(() => {
          running--;
          response.end(String(++answered));
        }, 5);
      }),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = await openUnread(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    socket.write('GET / HTTP/1.1\r\nHost: any\r\n\r\n'.repeat(50));
    await until('all are answered', () => answered === 50);
    const answers = () => String(socket.read() ?? '').match(/\r\n\r\n\d+/g) ?? [];
    const numbers = answers().map((text) => Number(text.trim()));
    socket.destroy();
    server.close();
    return { most, numbers };
  }

  it('are handled one at a time and answered in order', async () => {
    const { most, numbers } = await mostAtOnce(inTurn);
    expect(most).toBe(1);
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it('control: are handled all at once without this', async () => {
    expect((await mostAtOnce((listener) => listener)).most).toBeGreaterThan(10);
  });

  /** Sends requests, of which the first is never answered. */
  async function leaveWaiting(count: number) {
    let handled = 0;
    const server = createServer(inTurn(() => void handled++)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = await openUnread(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    let received = 0;
    server.on('request', () => received++);
    socket.resume();
    await flood(socket, Buffer.from('GET / HTTP/1.1\r\nHost: any\r\n\r\n'), count);
    return {
      socket,
      handled: () => handled,
      received: () => received,
      [Symbol.dispose]() {
        socket.destroy();
        server.closeAllConnections();
        server.close();
      },
    };
  }

  it('close the connection if more than a hundred wait, so that they cannot fill the memory', async () => {
    using pipeline = await leaveWaiting(50_000);
    await until('the connection is closed', () => pipeline.socket.closed);
    expect(pipeline.handled()).toBe(1);
    expect(pipeline.received()).toBeLessThan(5000);
  });

  it('control: wait if they are fewer', async () => {
    using pipeline = await leaveWaiting(100);
    await until('all have arrived', () => pipeline.received() === 100);
    expect(pipeline.handled()).toBe(1);
    expect(pipeline.socket.closed).toBe(false);
  });
});

const closed = 'causerie_slow_readers_total{outcome="closed"}';
