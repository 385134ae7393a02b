import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Received } from '../support/received.ts';
import { person, query } from '../support/person.ts';
import { freePort } from '../support/server-process.ts';
import { describeWithProxy } from '../support/servers.ts';
import { startProxy } from '../support/proxy.ts';
import { startCluster } from '../support/start-node.ts';

const follow =
  'subscription ($id: ID!, $after: Cursor) { roomMessages(roomId: $id, after: $after) { __typename cursor ... on MessageSent { message { body } } } }';

describeWithProxy('two nodes behind the proxy of docker/', () => {
  let nodes: Awaited<ReturnType<typeof startCluster>>;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  beforeAll(async () => {
    nodes = await startCluster(2, { settings: { RATE_LIMITS: 'off' } });
    proxy = await startProxy(nodes);
  });
  afterAll(async () => {
    await proxy.server.end('SIGTERM');
    await nodes[1]?.app.close();
  });

  it('both receive requests over HTTP', async () => {
    for (let turn = 0; turn < 4; turn++)
      await query(proxy.url, '{ rooms { edges { node { id } } } }').catch(() => {});
    const refused = nodes.map(
      async ({ url }) =>
        /^causerie_refusals_total\{code="UNAUTHENTICATED"\} (\d)$/m.exec(
          await (await fetch(new URL('/metrics', url))).text(),
        )?.[1],
    );
    expect(await Promise.all(refused)).toEqual(['2', '2']);
  });

  it('do not expose their health to the public', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(new URL(path, proxy.url))).status).toBe(404);
  });

  it('accept pages of the proxy as their own', async () => {
    const { origin, port } = new URL(proxy.url);
    const opened = (from: string) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(proxy.url.replace('http', 'ws'), 'graphql-transport-ws', {
          origin: from,
        });
        socket
          .once('open', () => (socket.close(), resolve(true)))
          .once('error', () => resolve(false));
      });
    expect(await opened(origin)).toBe(true);
    expect(await opened(`http://elsewhere.example:${port}`)).toBe(false);
  });

  it('[P2] let a follower resume on the other node when one of them stops', async () => {
    await using ann = await person(nodes[0]!, 'ann');
    const { room } = await ann.query('{ room(name: "lobby") { id } }');
    const say = (body: string, url: string) =>
      query(
        url,
        'mutation ($id: ID!, $body: String!) { sendMessage(input: { conversationId: $id, body: $body }) { message { id } } }',
        { id: room.id, body },
        ann.token,
      );
    const clients = [1, 2, 3, 4].map(() =>
      createClient({
        url: proxy.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: Infinity,
        connectionParams: { token: ann.token },
      }),
    );
    const followers = clients.map((client) => {
      const received = new Received<{
        __typename: string;
        cursor: string;
        message: { body: string };
      }>();
      const payload = { query: follow, variables: { id: room.id } as Record<string, unknown> };
      client.subscribe<{ roomMessages: (typeof received.events)[0] }>(payload, {
        next: ({ data }) => {
          payload.variables.after = data!.roomMessages.cursor;
          received.add(data!.roomMessages);
        },
        error: () => received.end({ message: 'gone', code: undefined }),
        complete: () => received.end(),
      });
      return received;
    });
    const bodies = (received: (typeof followers)[0]) =>
      received.events
        .filter(({ __typename }) => __typename === 'MessageSent')
        .map(({ message }) => message.body);
    for (const received of followers) await received.count(1);
    await say('one', proxy.url);
    for (const received of followers) await received.until(() => bodies(received).length === 1);
    await nodes[0]?.app.close();
    await say('two', nodes[1]!.url);
    await delay(100);
    await say('three', proxy.url);
    for (const received of followers) await received.until(() => bodies(received).length === 3);
    expect(followers.map(bodies)).toEqual(followers.map(() => ['one', 'two', 'three']));
    for (const client of clients) await client.dispose();
  });
});

/** Answers with the headers that it was sent. */
async function startEcho(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) =>
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(request.headersDistinct)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describeWithProxy('the proxy of docker/', () => {
  it('[P14] passes the address of a client on, and ignores the one that the client claims', async () => {
    await using echo = await startEcho();
    const { url, server } = await startProxy([echo, echo]);
    const seen = async (headers: Record<string, string>) =>
      (await (await fetch(url, { headers })).json()) as NodeJS.Dict<string[]>;
    const given: Record<string, string>[] = [
      {},
      { 'x-forwarded-for': '10.0.0.7' },
      { 'x-forwarded-for': '10.0.0.7, 127.0.0.1, ::1' },
      { 'X-FORWARDED-FOR': 'nonsense', forwarded: 'for=10.0.0.7' },
    ];
    for (const headers of given) {
      const { forwarded, 'x-forwarded-for': forwardedFor } = await seen(headers);
      expect(forwardedFor).toEqual(['127.0.0.1']);
      expect(forwarded).toBeUndefined();
    }
    await server.end('SIGTERM');
  });

  it('[P14] is the only proxy that the nodes of docker-compose.yml trust', async () => {
    const compose = await readFile('docker-compose.yml', 'utf8');
    const address = /ipv4_address: (\S+)/.exec(compose)?.[1];
    expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(/TRUSTED_PROXIES: (\S+)/.exec(compose)?.[1]).toBe(address);
  });

  it('[P8] logs requests without their tokens, also if no node answers', async () => {
    const gone = { url: `http://127.0.0.1:${await freePort()}` };
    const { url, server, log } = await startProxy([gone, gone]);
    const answers = ['access_token=secret-one', 'token=secret-two', 'x=1&token=secret-three'].map(
      async (query) =>
        (await fetch(`${url}?${query}`, { headers: { referer: `${url}?token=secret-four` } }))
          .status,
    );
    expect(await Promise.all(answers)).toEqual([502, 502, 502]);
    await server.end('SIGTERM');
    const text = await log();
    expect(text.match(/"GET \/graphql HTTP\/1\.1" 502/g)?.length).toBeGreaterThanOrEqual(3);
    expect(text).not.toMatch(/secret|token=/);
  });
});
