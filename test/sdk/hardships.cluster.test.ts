import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { password, person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { bodiesIn, connectSdk, kindsIn, openHarbour, statesOf, takeAll } from '../support/sdk.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithServers, postgresUrl } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const port = (node: TestNode) => Number(new URL(node.url).port);

/** Runs it as a process of its own; rejects when it does not end by itself. */
const runScript = (script: string) =>
  run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    timeout: 30_000,
  });

/** A proxy that answers all requests itself. */
async function startAnswering(status: number, type: string, body: string) {
  const server = createServer(
    (_request, response) => void response.writeHead(status, { 'content-type': type }).end(body),
  );
  server.on('upgrade', (_request, socket) =>
    socket
      .on('error', () => {})
      .end(
        `HTTP/1.1 ${status} No\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      ),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a token function', () => {
  it('is called again if it hangs, for the connection and for sends', async () => {
    await using harbour = await openHarbour();
    const { url, ann, roomId } = harbour;
    let asked = 0;
    const token = () => (++asked <= 2 ? new Promise<string>(() => {}) : ann.token);
    const causerie = connectSdk({ url, token, timing: { requestMs: 300 } });
    const received = takeAll(causerie.roomMessages({ roomId }));
    await causerie.sendMessage({ conversationId: roomId, body: '1' });
    await until('it follows', () => kindsIn(received).includes('CaughtUp'));
    await causerie.sendMessage({ conversationId: roomId, body: '2' });
    await until('it receives the message', () => bodiesIn(received).includes('2'));
    causerie.close();
  });

  it('is called repeatedly while it returns an expired token, without ending subscriptions', async () => {
    await using harbour = await openHarbour({ limits: { accessTokenMs: 1000 } });
    const { url, node, ann } = harbour;
    await until('it has ended', () =>
      ann.query('{ viewer { id } }').then(
        () => false,
        () => true,
      ),
    );
    let current = ann.token;
    let asked = 0;
    const causerie = connectSdk({ url, token: () => (asked++, current) });
    const received = takeAll(causerie.lobby());
    await until('it is asked again and again', () => asked >= 5);
    expect([received.events, received.ending]).toEqual([[], undefined]);
    await expect(causerie.viewer()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_EXPIRED',
    });
    await using bob = await person(node, 'bob');
    current = bob.token;
    await until('it follows', () => received.events.length > 0);
    causerie.close();
  });
});

describe('an unreachable server', () => {
  it('[P6] receives the waiting messages when it returns: each once, and in order in every conversation', async () => {
    const first = await startNode({
      settings: { RATE_LIMITS: 'off', ...(!postgresUrl && { DATA_DIR: temporaryDirectory() }) },
    });
    await using proxy = await startFaultProxy(port(first));
    const ann = await person(first, 'ann');
    const rooms = await Promise.all(
      ['North', 'South', 'West'].map((name) => createRoom(ann, { name })),
    );
    const causerie = connectSdk({
      url: `http://127.0.0.1:${proxy.port}/graphql`,
      token: ann.token,
    });
    const say = (from: number) =>
      bodiesUpTo(from + 9, from).flatMap((body) =>
        rooms.map(({ id: conversationId }) => causerie.sendMessage({ conversationId, body })),
      );
    const sent = say(1);
    await Promise.race(sent);
    await ann[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    sent.push(...say(11));
    await using second = await startNode({ settings: first.settings });
    proxy.target = port(second);
    await Promise.all(sent);
    for (const { id } of rooms)
      expect(
        (await causerie.messages({ conversationId: id, last: 100 }))!.edges.map(
          ({ node }) => node.body,
        ),
      ).toEqual(bodiesUpTo(20));
    causerie.close();
  });

  it('[P2] [P6] behind a silent link is noticed, and all sends arrive once afterwards', async () => {
    await using harbour = await openHarbour(
      {},
      { timing: { pingMs: 100, pongMs: 100, connectMs: 300, requestMs: 300 } },
    );
    const { causerie, proxy, roomId } = harbour;
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    proxy.stall();
    let answered = 0;
    const sent = bodiesUpTo(5).map(async (body) => {
      await causerie.sendMessage({ conversationId: roomId, body });
      answered++;
    });
    await until('it is noticed', () => causerie.connection.status === 'waiting');
    await until('sends are tried again', () => proxy.accepted >= 5);
    expect(answered).toBe(0);
    proxy.heal();
    await Promise.all(sent);
    await until('all events are received', () => bodiesIn(received).length >= 5);
    await causerie.sendMessage({ conversationId: roomId, body: '6' });
    await until('the last event is received', () => bodiesIn(received).includes('6'));
    expect(bodiesIn(received)).toEqual(bodiesUpTo(6));
  });

  it.each([
    ['502 and HTML', 502, 'text/html', '<h1>Bad Gateway</h1>'],
    ['503 and JSON of its own', 503, 'application/json', '{"message":"no upstream"}'],
    ['502 and HTML that it calls JSON', 502, 'application/json', '<h1>Bad Gateway</h1>'],
    ['200 and half of an answer', 200, 'application/json', '{"data":{"sendMess'],
  ])('behind a proxy that answers %s is retried', async (_what, status, type, body) => {
    await using harbour = await openHarbour();
    const { causerie, proxy, node, roomId } = harbour;
    await using before = await startAnswering(status, type, body);
    proxy.target = before.port;
    const received = takeAll(causerie.roomMessages({ roomId }));
    const sent = causerie.sendMessage({ conversationId: roomId, body: 'once' });
    await until('both are tried again', () => proxy.accepted >= 4);
    await until('it waits', () => causerie.connection.status === 'waiting');
    proxy.target = port(node);
    proxy.cut();
    expect(await sent).toMatchObject({ duplicate: false });
    await until('it follows', () => received.events.length > 0);
    expect(received.ending).toBeUndefined();
  });

  it('replaced by a page that answers 200 fails sends with a clear error, and subscriptions wait', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, node, roomId } = harbour;
    await using before = await startAnswering(200, 'text/html', '<h1>Welcome to our hotel</h1>');
    proxy.target = before.port;
    const received = takeAll(causerie.roomMessages({ roomId }));
    await expect(causerie.sendMessage({ conversationId: roomId, body: 'x' })).rejects.toMatchObject(
      { code: 'INTERNAL', message: expect.stringContaining('200') },
    );
    await until('it waits', () => causerie.connection.status === 'waiting');
    proxy.target = port(node);
    proxy.cut();
    await until('it follows', () => received.events.length > 0);
  });
});

describe('an abort', () => {
  it('ends a waiting send at once, for its turn or for a token, and no other', async () => {
    await using harbour = await openHarbour();
    const { causerie, url, proxy, roomId } = harbour;
    proxy.refuse();
    proxy.cut();
    const first = causerie.sendMessage({ conversationId: roomId, body: 'first' });
    const abort = new AbortController();
    const second = causerie.sendMessage(
      { conversationId: roomId, body: 'second' },
      { signal: abort.signal },
    );
    const third = causerie.sendMessage({ conversationId: roomId, body: 'third' });
    const tokenless = connectSdk({ url, token: () => new Promise(() => {}) }).sendMessage(
      { conversationId: roomId, body: 'fourth' },
      { signal: abort.signal },
    );
    abort.abort();
    const aborted = await Promise.allSettled([second, tokenless]);
    expect(aborted).toMatchObject([
      { reason: { name: 'AbortError' } },
      { reason: { name: 'AbortError' } },
    ]);
    proxy.heal();
    await Promise.all([first, third]);
    expect(
      (await causerie.messages({ conversationId: roomId, last: 10 }))!.edges.map(
        ({ node }) => node.body,
      ),
    ).toEqual(['first', 'third']);
  });
});

describe('a listener that throws', () => {
  it('does not prevent a reconnection', async () => {
    await using harbour = await openHarbour();
    const { url, ann, roomId } = harbour;
    const script = `
      import { connect } from './client/src/index.ts';
      import { WebSocket } from 'ws';
      const faults = [];
      process.on('uncaughtException', (error) => faults.push(error.message));
      const causerie = connect({ url: ${JSON.stringify(url)}, token: ${JSON.stringify(ann.token)}, webSocket: WebSocket });
      causerie.onConnection(({ status }) => { throw new Error(status); });
      for await (const event of causerie.roomMessages({ roomId: ${JSON.stringify(roomId)} })) break;
      causerie.close();
      setTimeout(() => console.log(faults.join()), 0);
    `;
    const { stdout } = await runScript(script);
    expect(stdout).toBe('connecting,connected,idle\n');
  });
});

describe('a Node process', () => {
  const follower = (url: string, token: string, roomId: string, then: string) => `
    import { connect } from './client/src/index.ts';
    import { WebSocket } from 'ws';
    const causerie = connect({ url: ${JSON.stringify(url)}, token: ${JSON.stringify(token)}, webSocket: WebSocket, timing: { pongMs: 300 } });
    const following = causerie.roomMessages({ roomId: ${JSON.stringify(roomId)} });
    ${then}
  `;

  it('exits after close(), also with a dead link', async () => {
    await using harbour = await openHarbour();
    const { url, ann, roomId, proxy } = harbour;
    const script = follower(
      url,
      ann.token,
      roomId,
      `await following.next(); console.log('follows'); setTimeout(() => causerie.close(), 500);`,
    );
    await runScript(script);
    const running = runScript(script);
    running.child.stdout!.once('data', () => proxy.stall());
    expect((await running).stdout).toBe('follows\n');
  });

  it('exits after close() while it connects to a silent server', async () => {
    await using harbour = await openHarbour();
    const { url, ann, roomId, proxy } = harbour;
    proxy.stall();
    await runScript(follower(url, ann.token, roomId, `setTimeout(() => causerie.close(), 300);`));
  });

  it('exits when the loop ends and there is no other subscription', async () => {
    await using harbour = await openHarbour();
    const { url, ann, roomId } = harbour;
    await runScript(
      follower(url, ann.token, roomId, `for await (const event of following) break;`),
    );
  });
});

describeWithServers('a change of role', () => {
  it.each(['a fixed token', 'a token function', 'a session'])(
    '[P11] retries a subscription that failed with %s, without a gap',
    async (kind) => {
      await using nodes = await startCluster(1, { settings: { RATE_LIMITS: 'off' } });
      const [node] = nodes as unknown as [TestNode];
      await using ann = await person(node, 'ann');
      const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
      const causerie = connectSdk({
        url: node.url,
        ...(kind === 'a fixed token' && { token: ann.token }),
        ...(kind === 'a token function' && { token: () => ann.token }),
      });
      if (kind === 'a session') await causerie.signIn({ username: 'ann', password });
      const states = statesOf(causerie);
      const received = takeAll(causerie.roomMessages({ roomId }));
      await until('it follows', () => received.events.length === 1);
      await send(ann, roomId, '1');
      await using _admins = await startNode({
        settings: { ...node.settings, ADMIN_USERNAMES: 'ann' },
      });
      await until('it is interrupted', () => states.includes('waiting'));
      await causerie.sendMessage({ conversationId: roomId, body: '2' });
      await until('both events are received', () => bodiesIn(received).length >= 2);
      expect([bodiesIn(received), received.ending]).toEqual([['1', '2'], undefined]);
      expect(await causerie.viewer()).toMatchObject({ username: 'ann' });
      causerie.close();
    },
  );
});

describe('a large history', () => {
  it('[P1] of the longest messages of emoji arrives unchanged', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, roomId } = harbour;
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    const bodies = ['😀', '🦀', '🎈'].map((emoji) => emoji.repeat(4000));
    proxy.dribble(1000);
    for (const body of bodies) await causerie.sendMessage({ conversationId: roomId, body });
    await until('all events are received', () => bodiesIn(received).length === 3);
    expect(bodiesIn(received)).toEqual(bodies);
    await expect(
      causerie.sendMessage({ conversationId: roomId, body: '😀'.repeat(4001) }),
    ).rejects.toMatchObject({ code: 'INVALID', field: 'body' });
  });

  it(
    '[P1] [P2] reaches a slow reader without a gap or a repeat',
    { timeout: 120_000 },
    async () => {
      await using harbour = await openHarbour();
      const { causerie, ann, roomId } = harbour;
      const following = causerie.roomMessages({ roomId });
      await following.next();
      for (let from = 1; from <= 1900; from += 100)
        await Promise.all(bodiesUpTo(from + 99, from).map((body) => send(ann, roomId, body)));
      const seqs: number[] = [];
      while (seqs.length < 1900) {
        const { value } = await following.next();
        if (value!.__typename === 'MessageSent') seqs.push(value!.message.seq);
        else expect(value!.__typename).toBe('CaughtUp');
      }
      expect(seqs).toEqual(Array.from({ length: 1900 }, (_, place) => seqs[0]! + place));
    },
  );
});
