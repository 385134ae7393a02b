import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { person, query } from '../support/person.ts';
import { startProxy } from '../support/proxy.ts';
import { freePort } from '../support/server-process.ts';
import { createDatabase, describeWithProxy, redisUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

/** More than one node accepts of a user, so that the nodes can take them only together. */
const followersPerUser = 33;
const users = 2;
const sendEveryMs = 50;

const following =
  'subscription Follow($id: ID!, $after: Cursor) { roomMessages(roomId: $id, after: $after) { __typename cursor ... on MessageSent { message { body } } } }';
const sending =
  'mutation Send($id: ID!, $body: String!) { sendMessage(input: { conversationId: $id, body: $body }) { message { id } } }';

interface Follower {
  readonly bodies: string[];
  isLive: boolean;
  ending: string | undefined;
  readonly client: Client;
}

/** A stock client. It resumes by changing the variable of its payload, as the docs say. */
function follow(url: string, token: string, id: string): Follower {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { token },
    retryAttempts: Infinity,
  });
  const follower: Follower = { bodies: [], isLive: false, ending: undefined, client };
  const variables: Record<string, unknown> = { id };
  client.subscribe<{
    roomMessages: { __typename: string; cursor: string; message: { body: string } };
  }>(
    { query: following, variables },
    {
      next({ data }) {
        const event = data!.roomMessages;
        variables.after = event.cursor;
        follower.isLive = true;
        if (event.__typename === 'MessageSent') follower.bodies.push(event.message.body);
      },
      error: (error) => void (follower.ending = JSON.stringify(error)),
      complete: () => void (follower.ending = 'complete'),
    },
  );
  return follower;
}

describeWithProxy('a rolling restart of two nodes behind the proxy of docker/', () => {
  it('[P2] shows no error to senders, and followers with stock clients miss nothing', async () => {
    const shared = {
      DATABASE_URL: await createDatabase(),
      REDIS_URL: redisUrl!,
      RATE_LIMITS: 'off',
    };
    const ports = [await freePort(), await freePort()];
    // As long as the lead is by default, and longer than the proxy leaves a node out.
    const limits = { drainLeadMs: 3000, drainMs: 2000 };
    const start = (place: number) =>
      startNode({ limits, settings: { ...shared, PORT: `${ports[place]}` } });
    const nodes: TestNode[] = [await start(0), await start(1)];
    const proxy = await startProxy(nodes);
    const people = await Promise.all(
      Array.from({ length: users }, (_, number) => person(nodes[0]!, `user${number}`)),
    );
    const { room } = await people[0]!.query('{ room(name: "lobby") { id } }');
    const followers = people.flatMap(({ token }) =>
      Array.from({ length: followersPerUser }, () => follow(proxy.url, token!, room.id)),
    );
    await until('all follow', () => followers.every(({ isLive }) => isLive), 60_000);

    const sent: string[] = [];
    const failures: unknown[] = [];
    let isSending = true;
    const sender = (async () => {
      for (let number = 1; isSending; number++) {
        const body = `${number}`;
        await query(proxy.url, sending, { id: room.id, body }, people[0]!.token).then(
          () => sent.push(body),
          (error: unknown) => failures.push(error),
        );
        await delay(sendEveryMs);
      }
    })();

    for (const place of [0, 1]) {
      await delay(500);
      await nodes[place]!.app.close();
      nodes[place] = await start(place);
      const ready = await fetch(new URL('/health/ready', nodes[place]!.url));
      expect(ready.status).toBe(200);
    }
    await delay(1000);
    isSending = false;
    await sender;

    expect(failures).toEqual([]);
    await until(
      'all have received everything',
      () => followers.every(({ bodies }) => bodies.length >= sent.length),
      60_000,
    );
    expect(followers.filter(({ ending }) => ending !== undefined)).toEqual([]);
    expect(sent.length).toBeGreaterThan(50);
    for (const { bodies } of followers) expect(bodies).toEqual(sent);

    for (const { client } of followers) await client.dispose();
    for (const one of people) await one[Symbol.asyncDispose]();
    await proxy.server.end('SIGTERM');
    for (const node of nodes) await node[Symbol.asyncDispose]();
  }, 180_000);
});
