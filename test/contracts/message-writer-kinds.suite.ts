import { afterAll, beforeAll, expect, it } from 'vitest';
import { directConversationId } from '../../src/chat/direct/direct-conversations.ts';
import { supportConversationId } from '../../src/chat/support/support-conversations.ts';
import {
  addRoom,
  addUsers,
  newMessage,
  openWritingNode,
  stored,
  upTo,
  type WritingNode,
} from '../support/writing.ts';

export function describeMessageWriterOfAllKinds(
  settings: () => Promise<Record<string, string>>,
  concurrency: number,
): void {
  let node: WritingNode;
  let users: string[];
  beforeAll(async () => {
    node = await openWritingNode(await settings(), concurrency);
    users = await addUsers(node.database, 4);
  });
  afterAll(() => node[Symbol.asyncDispose]());

  async function addDirect(one: string, other: string): Promise<string> {
    const [lesserUserId, greaterUserId] = [one, other].sort() as [string, string];
    const members = { createMany: { data: [{ userId: one }, { userId: other }] } };
    return (
      await node.database.prisma.conversation.create({
        data: {
          id: directConversationId(one, other),
          kind: 'DIRECT',
          lesserUserId,
          greaterUserId,
          members,
        },
      })
    ).id;
  }
  async function addSupport(customerId: string, desk: string): Promise<string> {
    const members = { createMany: { data: [{ userId: customerId }, { userId: desk }] } };
    return (
      await node.database.prisma.conversation.create({
        data: {
          id: supportConversationId(customerId),
          kind: 'SUPPORT',
          customerId,
          resolvedAt: new Date(),
          members,
        },
      })
    ).id;
  }

  it('[P1] stores sends to all kinds in shared statements, and publishes the events of every topic without a gap, as stored', async () => {
    const [ann, bob, cat, desk] = users as [string, string, string, string];
    const room = await addRoom(node.database, users);
    const [direct, other] = [await addDirect(ann, bob), await addDirect(ann, cat)];
    const [helped, waiting] = [await addSupport(ann, desk), await addSupport(bob, desk)];
    const statements = node.statements.length;
    const sends = upTo(60).flatMap((number) => [
      newMessage(room, users[number % 4]!),
      newMessage(direct, number % 2 ? ann : bob),
      newMessage(other, number % 2 ? cat : ann),
      newMessage(helped, number % 3 ? desk : ann),
      newMessage(waiting, desk),
    ]);
    const sent = (await Promise.all(sends.map((message) => node.writer.send(message)))).map(stored);
    expect(node.statements.slice(statements).length).toBeLessThan(20);

    const { prisma } = node.database;
    const events = await prisma.event.findMany({ orderBy: [{ topic: 'asc' }, { seq: 'asc' }] });
    const topics = groupsOf(events, ({ topic }) => topic);
    const rowsOfTopics = await prisma.topic.findMany();
    const heads = new Map(rowsOfTopics.map(({ id, head }) => [id, Number(head)]));
    const newest = new Map(rowsOfTopics.map(({ id, tag }) => [id, tag]));
    for (const [topic, ofTopic] of topics) {
      expect(ofTopic.map(({ seq }) => Number(seq))).toEqual(upTo(ofTopic.length));
      expect(heads.get(topic)).toBe(ofTopic.length);
    }
    const sizes = (...names: string[]) => names.map((name) => topics.get(name)?.length);
    expect(
      sizes(
        `conversation:${room}`,
        `conversation:${direct}`,
        `direct:${ann}`,
        `direct:${bob}`,
        `direct:${cat}`,
      ),
    ).toEqual([60, 60, 120, 60, 60]);
    expect(sizes(`conversation:${helped}`, `conversation:${waiting}`, 'support')).toEqual([
      61, 60, 121,
    ]);
    expect(topics.size).toBe(9);

    const messages = await prisma.message.findMany();
    for (const { id, conversationId, eventSeq } of messages)
      expect(topics.get(`conversation:${conversationId}`)![Number(eventSeq) - 1]).toMatchObject({
        type: 'MessageSent',
        data: { conversationId, messageId: id },
      });
    for (const [, ofTopic] of topics) {
      const ofOne = groupsOf(
        ofTopic.filter(({ type }) => type === 'MessageSent'),
        ({ data }) => (data as { conversationId: string }).conversationId,
      );
      for (const [, events] of ofOne) {
        const seqs = events.map(
          ({ data }) =>
            messages.find(({ id }) => id === (data as { messageId: string }).messageId)!.seq,
        );
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      }
    }
    const key = ({ topic, seq }: { topic: string; seq: number | bigint }) => `${topic} ${seq}`;
    const published = new Map(node.published.map(({ event }) => [key(event), event]));
    expect(published.size).toBe(events.length);
    for (const { seq, occurredAt, ...event } of events)
      expect(published.get(key({ topic: event.topic, seq }))).toEqual({
        ...event,
        seq: Number(seq),
        occurredAt: occurredAt.getTime(),
      });
    // [P15] Each follows the one before it, by whichever statement it was stored.
    for (const [topic, ofTopic] of topics) {
      const tags = ofTopic.map(({ tag }) => tag);
      expect(ofTopic.map(({ follows }) => follows)).toEqual([0, ...tags.slice(0, -1)]);
      expect(newest.get(topic)).toBe(tags.at(-1));
    }
    expect(sent.map(({ duplicate }) => duplicate)).toEqual(sends.map(() => false));

    const rows = await prisma.conversation.findMany({
      where: { id: { in: [room, direct, helped, waiting] } },
    });
    const row = (id: string) => rows.find((one) => one.id === id)!;
    expect(row(helped)).toMatchObject({
      kind: 'SUPPORT',
      resolvedAt: null,
      lastSeq: 60,
      reopenedSeq: expect.any(Number),
    });
    expect(row(waiting)).toMatchObject({
      kind: 'SUPPORT',
      resolvedAt: expect.any(Date),
      reopenedSeq: null,
    });
    // [P1] A list of conversations has the order of the events in its topic.
    const listed = await prisma.listedConversation.findMany();
    for (const { topic, conversationId, eventSeq } of listed) {
      const newest = topics
        .get(topic)!
        .findLast(
          ({ type, data }) =>
            type === 'MessageSent' && (data as any).conversationId === conversationId,
        );
      expect(eventSeq).toBe(newest!.seq);
    }
    const listedIds = listed.map(({ conversationId }) => conversationId);
    expect(listedIds).toEqual(expect.arrayContaining([direct, helped, waiting]));
    expect(listedIds).not.toContain(room);
  });
}

function groupsOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
