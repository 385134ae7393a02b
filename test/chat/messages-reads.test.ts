import { execute, parse } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServices } from '../../src/chat/services.ts';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import { openMemoryPresence } from '../../src/cluster/presence-memory.ts';
import { noRates } from '../../src/cluster/rates-limiter.ts';
import { readConfig } from '../../src/config.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { Database } from '../../src/db/database.ts';
import { cursorsOf } from '../../src/events/cursor.ts';
import type { FreshEvent } from '../../src/events/event.ts';
import { openBroadcasts } from '../../src/live/broadcasts.ts';
import { openSignals } from '../../src/live/signals.ts';
import { createMetrics } from '../../src/metrics.ts';
import { schema } from '../../src/schema.ts';
import type { NodeCore, Scope } from '../../src/scope.ts';
import { openFileStores } from '../../src/storage/file-stores.ts';
import { freshDatabase } from '../support/start-node.ts';
import { silentLog } from '../support/silent-log.ts';
import {
  addRoom,
  addUsers,
  newMessage,
  openWritingNode,
  stored,
  upTo,
  type WritingNode,
} from '../support/writing.ts';

let writing: WritingNode;
let users: string[];
let rooms: string[];
const usernames = new Map<string, string>();
const presence = openMemoryPresence(defaultLimits, silentLog);
const signals = openSignals(openMemoryBus());
const broadcasts = openBroadcasts(openMemoryBus());
beforeAll(async () => {
  writing = await openWritingNode(await freshDatabase(), 1);
  users = await addUsers(writing.database, 20);
  for (const { id, username } of await writing.database.prisma.user.findMany())
    usernames.set(id, username);
  rooms = await Promise.all(upTo(20).map(() => addRoom(writing.database, users)));
  const { send } = writing.writer;
  const ids: string[] = [];
  for (const number of upTo(50)) {
    const replyToId = ids[number - 9] ?? null;
    const message = newMessage(rooms[0]!, users[number % 20]!, {
      body: `${number}`,
      replyToId,
      mentions: [[usernames.get(users[(number * 7) % 20]!)!]],
    });
    ids.push(stored(await send(message)).message.id);
  }
  await Promise.all(rooms.map((room, place) => send(newMessage(room, users[place]!))));
});
afterAll(async () => {
  broadcasts[Symbol.dispose]();
  await presence[Symbol.asyncDispose]();
  await writing[Symbol.asyncDispose]();
});

/** Runs an operation as a node does, and counts what it asks of the database. */
async function run(
  document: string,
  variableValues: Record<string, unknown>,
  { event, facts }: Partial<FreshEvent> = {},
): Promise<{ data: any; reads: number }> {
  let reads = 0;
  const prisma = writing.database.prisma.$extends({
    query: { $allOperations: ({ args, query }) => (reads++, query(args)) },
  });
  const database: Database = {
    ...writing.database,
    prisma: prisma as unknown as Database['prisma'],
    query: (statement, values) => (reads++, writing.database.query(statement, values)),
  };
  const config = readConfig({ DATA_DIR: 'memory' });
  const core: NodeCore = {
    config,
    database,
    log: silentLog,
    metrics: createMetrics(),
    rates: noRates,
    cursors: cursorsOf('database'),
    publish: () => {},
    watch: () => () => {},
    sequencer: { catchUp: async () => {}, follow: () => () => {} },
    signals,
    broadcasts,
    presence,
    fileStores: openFileStores(config),
    signingKey: new Uint8Array(32),
    pushPublicKey: '',
  };
  const node = { ...core, services: createServices(core) };
  const [id] = users as [string];
  const scope: Scope = {
    node,
    viewer: {
      id,
      username: usernames.get(id)!,
      role: 'USER',
      isGuest: false,
      isBot: false,
      sessionId: undefined,
    },
    requestId: 'test',
    address: '',
    facts,
  };
  const { data, errors } = await execute({
    schema,
    document: parse(document),
    variableValues,
    rootValue: event,
    contextValue: { scope },
  });
  expect(errors).toBeUndefined();
  return { data, reads };
}

it('a longer page of messages needs no more reads: authors, mentions and replies are read together', async () => {
  const document = `query ($id: ID!, $last: Int) { conversation(id: $id) { messages(last: $last) { edges { node { id isMine
    author { username } mentions { username } replyTo { seq author { username } } conversation { id lastMessage { id } } } } } } }`;
  const [short, long] = [
    await run(document, { id: rooms[0], last: 2 }),
    await run(document, { id: rooms[0], last: 50 }),
  ];
  expect(long.data.conversation.messages.edges).toHaveLength(50);
  expect(
    long.data.conversation.messages.edges.filter(({ node }: any) => node.replyTo).length,
  ).toBeGreaterThan(30);
  expect(long.reads).toBeLessThanOrEqual(short.reads);
  expect(short.reads).toBeGreaterThan(2);
});

it('the last messages of many rooms are read together', async () => {
  const document =
    'query ($first: Int) { rooms(first: $first) { edges { node { id lastMessage { body author { username } } } } } }';
  const [one, many] = [await run(document, { first: 1 }), await run(document, { first: 20 })];
  expect(many.data.rooms.edges.filter(({ node }: any) => node.lastMessage?.author)).toHaveLength(
    20,
  );
  expect(many.reads).toBe(one.reads);
});

it('a fresh message is delivered without a read, on this node and on others', async () => {
  const document = `subscription ($id: ID!) { roomMessages(roomId: $id) { cursor occurredAt ... on MessageSent { message { id seq body createdAt isMine author { username createdAt } } } } }`;
  const fresh = writing.published.at(-1)!;
  const here = await run(document, { id: rooms[0] }, fresh);
  expect(here.data.roomMessages.message).toMatchObject({
    id: Object.keys(fresh.facts!.message!)[0],
    body: 'hello',
    author: { username: expect.any(String) },
  });
  expect(here.reads).toBe(0);
  expect(await run(document, { id: rooms[0] }, JSON.parse(JSON.stringify(fresh)))).toEqual(here);
  const replayed = await run(document, { id: rooms[0] }, { event: fresh.event });
  expect(replayed.data).toEqual(here.data);
  expect(replayed.reads).toBeGreaterThan(0);
});

it('the online members of many rooms, and the last connection of many users, are read together', async () => {
  const letGo = users.map((userId) => presence.connect(userId));
  const document = `query ($first: Int) { rooms(first: $first) { edges { node { onlineCount onlineUsers(first: 20) { username isOnline lastSeenAt } } } } }`;
  const [few, many] = [await run(document, { first: 2 }), await run(document, { first: 20 })];
  expect(many.data.rooms.edges).toHaveLength(20);
  for (const { node } of many.data.rooms.edges)
    expect(node).toMatchObject({
      onlineCount: 20,
      onlineUsers: expect.arrayContaining([
        { username: expect.any(String), isOnline: true, lastSeenAt: null },
      ]),
    });
  expect(many.reads).toBeLessThanOrEqual(few.reads);
  expect(few.reads).toBeGreaterThan(2);
  for (const end of letGo) end();
});
