import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { DateTimeResolver } from 'graphql-scalars';
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { Redis } from 'ioredis';
import { jwtVerify } from 'jose';
import { v7 as newId } from 'uuid';
import { WebSocketServer } from 'ws';
import { PrismaClient } from '../../src/db/generated/client.ts';

// The usual way: graphql-yoga, graphql-ws, graphql-redis-subscriptions and Prisma, combined as
// their documentation shows. It checks the membership of senders, but not of followers. It does not
// number events, so a client cannot resume.
const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }),
});
const pubsub = new RedisPubSub({
  publisher: new Redis(process.env.REDIS_URL!),
  subscriber: new Redis(process.env.REDIS_URL!),
});
const key = new TextEncoder().encode(process.env.JWT_SECRET);

interface Context {
  extra: { userId: string };
}

const schema = createSchema<Context>({
  typeDefs: /* GraphQL */ `
    scalar DateTime
    type User {
      id: ID!
      username: String!
      displayName: String!
    }
    type Message {
      id: ID!
      body: String
      createdAt: DateTime!
      author: User!
    }
    type SendMessagePayload {
      message: Message!
    }
    input SendMessageInput {
      conversationId: ID!
      body: String!
    }
    type Query {
      ok: Boolean!
    }
    type Mutation {
      sendMessage(input: SendMessageInput!): SendMessagePayload!
    }
    type Subscription {
      roomMessages(roomId: ID!): Message!
    }
  `,
  resolvers: {
    DateTime: DateTimeResolver,
    Query: { ok: () => true },
    Mutation: {
      async sendMessage(
        _root,
        { input: { conversationId, body } }: { input: { conversationId: string; body: string } },
        { extra: { userId } },
      ) {
        const member = await prisma.member.findUnique({
          where: { conversationId_userId: { conversationId, userId } },
        });
        if (!member) throw new Error('Join the room first.');
        const message = await prisma.message.create({
          data: { id: newId(), conversationId, authorId: userId, body, seq: 0, eventSeq: 0 },
          omit: { eventSeq: true },
          include: { author: true },
        });
        await pubsub.publish(`ROOM_MESSAGES.${conversationId}`, { roomMessages: message });
        return { message };
      },
    },
    Subscription: {
      roomMessages: {
        subscribe: (_root, { roomId }: { roomId: string }) =>
          pubsub.asyncIterator(`ROOM_MESSAGES.${roomId}`) as AsyncIterable<unknown>,
      },
    },
  },
});

const yoga = createYoga({ schema, graphiql: { subscriptionsProtocol: 'WS' } });
const server = createServer(yoga);
const webSockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint });

useServer<{ authorization?: string }, Context['extra']>(
  {
    async onConnect({ connectionParams, extra }) {
      const { payload } = await jwtVerify(
        connectionParams?.authorization?.replace('Bearer ', '') ?? '',
        key,
      );
      extra.userId = payload.sub!;
    },
    execute: (args: any) => args.rootValue.execute(args),
    subscribe: (args: any) => args.rootValue.subscribe(args),
    async onSubscribe(context, _id, params) {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length ? errors : args;
    },
  },
  webSockets,
);
server.listen(0, '127.0.0.1', () =>
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
