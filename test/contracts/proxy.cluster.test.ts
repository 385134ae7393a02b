import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Heard } from '../support/heard.ts';
import { person, query } from '../support/person.ts';
import {
  findProgram,
  freePort,
  startProcess,
  temporaryDirectory,
  type ServerProcess,
} from '../support/server-process.ts';
import { describeWithProxy } from '../support/servers.ts';
import { startCluster, type TestNode } from '../support/start-node.ts';

/** nginx with the committed configuration, but for its ports and the nodes' names. */
async function startProxy(
  nodes: readonly TestNode[],
): Promise<{ url: string; server: ServerProcess }> {
  const [directory, port] = [temporaryDirectory(), await freePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(directory, name)};`,
  );
  let configuration = (await readFile('docker/nginx.conf', 'utf8'))
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('http {', `http {\n${temporary.join('\n')}`);
  for (const [place, node] of nodes.entries())
    configuration = configuration.replace(`node-${place + 1}:4000`, new URL(node.url).host);
  await mkdir(join(directory, 'logs'));
  await writeFile(join(directory, 'nginx.conf'), configuration);
  const args = [
    '-p',
    directory,
    '-c',
    join(directory, 'nginx.conf'),
    '-g',
    `daemon off; pid ${join(directory, 'pid')}; error_log ${join(directory, 'error.log')};`,
  ];
  const url = `http://127.0.0.1:${port}/graphql`;
  const server = await startProcess(join(findProgram('nginx', ['/usr/sbin'])!, 'nginx'), args, {
    directory,
    isReady: () => fetch(url),
  });
  return { url, server };
}

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

  it('are both asked, over HTTP', async () => {
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

  it('do not show the public how they are', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(new URL(path, proxy.url))).status).toBe(404);
  });

  it('take pages of the proxy for their own', async () => {
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

  it('[P2] let a follower go on, on the other node, when one of them goes', async () => {
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
      const heard = new Heard<{ __typename: string; cursor: string; message: { body: string } }>();
      const payload = { query: follow, variables: { id: room.id } as Record<string, unknown> };
      client.subscribe<{ roomMessages: (typeof heard.events)[0] }>(payload, {
        next: ({ data }) => {
          payload.variables.after = data!.roomMessages.cursor;
          heard.add(data!.roomMessages);
        },
        error: () => heard.end({ message: 'gone', code: undefined }),
        complete: () => heard.end(),
      });
      return heard;
    });
    const bodies = (heard: (typeof followers)[0]) =>
      heard.events
        .filter(({ __typename }) => __typename === 'MessageSent')
        .map(({ message }) => message.body);
    for (const heard of followers) await heard.count(1);
    await say('one', proxy.url);
    for (const heard of followers) await heard.until(() => bodies(heard).length === 1);
    await nodes[0]?.app.close();
    await say('two', nodes[1]!.url);
    await delay(100);
    await say('three', proxy.url);
    for (const heard of followers) await heard.until(() => bodies(heard).length === 3);
    expect(followers.map(bodies)).toEqual(followers.map(() => ['one', 'two', 'three']));
    for (const client of clients) await client.dispose();
  });
});
