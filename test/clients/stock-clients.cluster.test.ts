import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition } from '@apollo/client/utilities';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { parse } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { person, query } from '../support/person.ts';
import { resuming } from '../support/resuming.ts';
import { postgresUrl, redisUrl } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';

const roomMessages = `subscription ($roomId: ID!, $after: Cursor) {
  roomMessages(roomId: $roomId, after: $after) { __typename cursor ... on MessageSent { message { seq body author { username } } } }
}`;
const joinRoom =
  'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id name } } }';
const sendMessage =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }';
const history =
  '($id: ID!, $after: String) { conversation(id: $id) { messages(first: 100, after: $after) { edges { node { seq body } } pageInfo { hasNextPage endCursor } } } }';

/** What an application does with its client library. */
interface StockClient {
  mutate(document: string, variables: Record<string, unknown>): Promise<any>;
  subscribe(
    document: string,
    variables: Record<string, unknown>,
    received: (event: any) => void,
  ): () => void;
}

const socketTo = (proxy: FaultProxy, token: string) =>
  resuming(
    createClient({
      url: `ws://127.0.0.1:${proxy.port}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${token}` }),
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
    }),
  );

const stockClients: Record<string, (url: string, token: string, socket: Client) => StockClient> = {
  'graphql-ws alone': (_url, _token, socket) => ({
    mutate: async (document, variables) => {
      for await (const { data, errors } of socket.iterate<any>({ query: document, variables })) {
        if (errors) throw errors[0];
        return data;
      }
    },
    subscribe: (document, variables, received) =>
      socket.subscribe<any>(
        { query: document, variables },
        { next: ({ data }) => received(data.roomMessages), error: () => {}, complete: () => {} },
      ),
  }),

  urql: (url, token, socket) => {
    const client = new UrqlClient({
      url,
      preferGetMethod: false,
      fetchOptions: { headers: { authorization: `Bearer ${token}` } },
      exchanges: [
        fetchExchange,
        subscriptionExchange({
          forwardSubscription: (request) => ({
            subscribe: (sink) => ({
              unsubscribe: socket.subscribe(
                { query: request.query!, variables: request.variables as Record<string, unknown> },
                sink as never,
              ),
            }),
          }),
        }),
      ],
    });
    return {
      mutate: async (document, variables) => {
        const { data, error } = await client.mutation(document, variables).toPromise();
        if (error) throw error;
        return data;
      },
      subscribe: (document, variables, received) =>
        client
          .subscription(document, variables)
          .subscribe(({ data }) => data && received(data.roomMessages)).unsubscribe,
    };
  },

  'Apollo Client': (url, token, socket) => {
    const link = ApolloLink.split(
      ({ query }) =>
        (getMainDefinition(query) as { operation?: string }).operation === 'subscription',
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } }),
    );
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    return {
      mutate: async (document, variables) =>
        (await client.mutate({ mutation: gql(document), variables })).data,
      subscribe: (document, variables, received) => {
        const subscription = client
          .subscribe<any>({ query: parse(document), variables, fetchPolicy: 'no-cache' })
          .subscribe(({ data }) => data && received(data.roomMessages));
        return () => subscription.unsubscribe();
      },
    };
  },
};

/** Two nodes where there are servers for them, else one. */
async function startNodes(): Promise<readonly TestNode[] & AsyncDisposable> {
  const options = { settings: { RATE_LIMITS: 'off' } };
  if (postgresUrl && redisUrl) return startCluster(2, options);
  const node = await startNode(options);
  return Object.assign([node], { [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() });
}

async function readHistory(
  url: string,
  id: string,
  token: string,
): Promise<{ seq: number; body: string }[]> {
  const messages: { seq: number; body: string }[] = [];
  for (let after: string | null = null; ;) {
    const { conversation } = await query(url, `query ${history}`, { id, after }, token);
    messages.push(...conversation.messages.edges.map(({ node }: any) => node));
    if (!conversation.messages.pageInfo.hasNextPage) return messages;
    after = conversation.messages.pageInfo.endCursor;
  }
}

const port = (node: TestNode) => Number(new URL(node.url).port);

describe.each(Object.keys(stockClients))('%s', (name) => {
  it('[P1] [P2] receives every message once and in order, although its connection and its node fail', async () => {
    await using nodes = await startNodes();
    const [first, last] = [nodes[0]!, nodes.at(-1)!];
    await using proxy = await startFaultProxy(port(first));
    await using ann = await person(first, 'ann');
    await using bob = await person(last, 'bob');
    const { createRoom } = await ann.query(
      'mutation { createRoom(input: { name: "Harbour" }) { room { id } } }',
    );
    const roomId: string = createRoom.room.id;

    const socket = socketTo(proxy, bob.token);
    const client = stockClients[name]!(last.url, bob.token, socket);
    const { joinRoom: joined } = await client.mutate(joinRoom, { input: { name: 'Harbour' } });
    expect(joined.room.id).toBe(roomId);

    const received: any[] = [];
    const stop = client.subscribe(roomMessages, { roomId, after: null }, (event) =>
      received.push(event),
    );
    await expect
      .poll(() => received.map(({ __typename }) => __typename), { timeout: 20_000 })
      .toEqual(['CaughtUp']);

    const annAtLast = ann.at(last);
    for (let count = 1; count <= 60; count++) {
      const input = { conversationId: roomId, body: `message ${count}` };
      if (count % 3 === 0)
        await client.mutate(sendMessage, { input: { ...input, idempotencyKey: `bob ${count}` } });
      else if (count % 3 === 1) await ann.query(sendMessage, { input });
      else await annAtLast.ask(sendMessage, { input });
      if (count % 12 === 6) {
        proxy.target = port(nodes[Math.ceil(count / 12) % nodes.length]!);
        proxy.cut();
      }
    }
    await annAtLast[Symbol.asyncDispose]();

    const messages = () =>
      received
        .filter(({ __typename }) => __typename === 'MessageSent')
        .map(({ message }) => ({ seq: message.seq, body: message.body }));
    await expect.poll(() => messages().at(-1)?.seq, { timeout: 10_000 }).toBe(60);
    expect(messages()).toEqual(await readHistory(first.url, roomId, bob.token));
    expect(messages().map(({ seq }) => seq)).toEqual(
      Array.from({ length: 60 }, (_, place) => place + 1),
    );
    expect(received.filter(({ __typename }) => __typename === 'StreamReset')).toEqual([]);
    expect(proxy.accepted).toBeGreaterThan(4);
    stop();
    await socket.dispose();
  });
});
