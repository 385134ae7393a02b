import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithRedis, redisUrl } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';
import { checkLeftovers } from './checker/leftovers.ts';
import { readHeld } from './held.ts';
import { followDocument } from './observations.ts';

const guests = 20;

/** Somebody connects, subscribes, and is gone without a word once `isFollowing` says so. */
async function comeAndGo(
  wsUrl: string,
  payload: { query: string; variables?: object },
  token: string,
  isFollowing: () => unknown,
): Promise<void> {
  const socket = new WebSocket(wsUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  await until('the subscription runs', isFollowing);
  socket.terminate();
}

describeWithRedis('control: a subscription by an async generator', () => {
  it('is held permanently without further events', async () => {
    const connections = { publisher: new Redis(redisUrl!), subscriber: new Redis(redisUrl!) };
    const pubsub = new RedisPubSub(connections);
    let begun = 0;
    let ended = 0;
    async function* subscribe() {
      try {
        begun++;
        for await (const message of pubsub.asyncIterableIterator('quiet')) yield message;
      } finally {
        ended++;
      }
    }
    const field = { type: GraphQLString, subscribe, resolve: () => 'something' };
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: { something: { type: GraphQLString } },
      }),
      subscription: new GraphQLObjectType({ name: 'Subscription', fields: { something: field } }),
    });
    const server = createServer().listen(0, '127.0.0.1');
    const webSockets = new WebSocketServer({ server });
    const served = useServer({ schema }, webSockets);
    await once(server, 'listening');
    const wsUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let count = 1; count <= guests; count++)
      await comeAndGo(wsUrl, { query: 'subscription { something }' }, '', () => begun === count);
    await until('they are gone', () => webSockets.clients.size === 0);
    await delay(500);
    const held = {
      connections: webSockets.clients.size,
      subscribers: begun - ended,
      liveOperations: 0,
      feeds: 1,
    };
    expect(checkLeftovers('the server', held)).toEqual([
      { rule: 'left over', detail: `the server still holds ${guests} subscribers` },
    ]);
    await served.dispose();
    server.close();
    for (const connection of Object.values(connections)) connection.disconnect();
  });

  it('is released for a quiet room that was followed', async () => {
    await using node = await startNode({
      settings: { RATE_LIMITS: 'off' },
      limits: { headCheckMs: 100 },
    });
    await using ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    for (let count = 0; count < guests; count++)
      await comeAndGo(
        node.wsUrl,
        { query: followDocument, variables: { roomId: id } },
        ann.token,
        async () => (await readHeld(node.url)).subscribers === 1,
      );
    await until(
      'nothing is held',
      async () => checkLeftovers('the node', await readHeld(node.url)).length === 0,
    );
  });
});
