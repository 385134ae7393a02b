import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import {
  createMessageWriter,
  type MessageWriter,
  type Sent,
} from '../../src/chat/messages/message-writer.ts';
import type { NewMessage } from '../../src/chat/messages/new-message.ts';
import { createMetrics } from '../../src/metrics.ts';
import { kinds } from '../../src/chat/kinds.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import type { FreshEvent } from '../../src/events/event.ts';
import { silentLog } from './silent-log.ts';

/**
 * The message writer of one node, with its published events, its log, and the number of sends in
 * each statement.
 */
export interface WritingNode extends AsyncDisposable {
  readonly database: Database;
  readonly writer: MessageWriter;
  readonly published: FreshEvent[];
  readonly logged: { code?: string }[];
  readonly statements: number[];
}

export async function openWritingNode(
  settings: Record<string, string>,
  concurrency = 3,
): Promise<WritingNode> {
  const database = await openDatabase(
    readConfig({ JWT_SECRET: 'a secret that only the tests know, 32+ characters', ...settings }),
    silentLog,
  );
  const published: FreshEvent[] = [];
  const logged: { code?: string }[] = [];
  const statements: number[] = [];
  const query: Database['query'] = (statement, values) => {
    if (statement.name === 'send-messages')
      statements.push((JSON.parse(values[0] as string) as unknown[]).length);
    return database.query(statement, values);
  };
  const log = pino(
    { level: 'debug' },
    { write: (line: string) => void logged.push(JSON.parse(line)) },
  );
  const writer = createMessageWriter(
    {
      database: { ...database, query },
      publish: (fresh) => void published.push(...fresh),
      log,
      metrics: createMetrics(),
      signingKey: new Uint8Array(32),
    },
    kinds,
    concurrency,
  );
  return {
    database,
    writer,
    published,
    logged,
    statements,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

export async function addUsers(database: Database, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, () => ({
    id: randomUUID(),
    username: `u${randomUUID().slice(0, 18)}`,
    displayName: 'Somebody',
  }));
  await database.prisma.user.createMany({ data: users });
  return users.map(({ id }) => id);
}

/** A public room with these members. */
export async function addRoom(database: Database, members: readonly string[]): Promise<string> {
  const { id } = await database.prisma.conversation.create({
    data: {
      kind: 'ROOM',
      visibility: 'PUBLIC',
      name: 'Room',
      members: { createMany: { data: members.map((userId) => ({ userId })) } },
    },
  });
  return id;
}

export const newMessage = (
  conversationId: string,
  authorId: string,
  more: Partial<NewMessage> = {},
): NewMessage => ({
  conversationId,
  authorId,
  body: 'hello',
  words: null,
  replyToId: null,
  mentions: [],
  idempotencyKey: undefined,
  kind: 'TEXT',
  metadata: {},
  attachmentIds: [],
  sentBy: null,
  ...more,
});

/** The stored message. Throws if the send was refused. */
export function stored(sent: Sent) {
  if (sent.outcome !== 'stored') throw new Error(`refused: ${sent.outcome}`);
  return sent;
}

/** All messages and events of a room, in the order of their numbers. */
export async function readRoom({ prisma }: Database, conversationId: string) {
  const [room, messages, events, topic] = await Promise.all([
    prisma.conversation.findUniqueOrThrow({ where: { id: conversationId } }),
    prisma.message.findMany({ where: { conversationId }, orderBy: { seq: 'asc' } }),
    prisma.event.findMany({
      where: { topic: `conversation:${conversationId}` },
      orderBy: { seq: 'asc' },
    }),
    prisma.topic.findUnique({ where: { id: `conversation:${conversationId}` } }),
  ]);
  return {
    lastSeq: room.lastSeq,
    messages,
    events: events.map((event) => ({
      ...event,
      seq: Number(event.seq),
      data: event.data as { messageId: string },
    })),
    head: Number(topic?.head ?? 0),
  };
}

export const upTo = (count: number): number[] =>
  Array.from({ length: count }, (_, place) => place + 1);
