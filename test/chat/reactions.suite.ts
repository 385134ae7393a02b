import { afterAll, beforeAll, expect, it } from 'vitest';
import { addReaction, followMessages, messagesNow, removeReaction } from '../support/messages.ts';
import { inSeconds, muteMember } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, guest, joinRoom, updateRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

export function describeReactions({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person;
  let roomId: string;
  beforeAll(async () => {
    node = await startNode({ isEmbedded, settings: { RATE_LIMITS: 'off' } });
    [ann, bob, cat] = (await Promise.all(
      ['ann', 'bob', 'cat'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
    ({ id: roomId } = await createRoom(ann, { name: 'room' }));
    for (const someone of [bob, cat]) await joinRoom(someone, { roomId });
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    );

  it('are counted, with those of the viewer marked, in the order of their first use', async () => {
    const { id: messageId } = await send(ann, roomId, 'hello');
    const streams = [ann, bob].map((someone) => followMessages(someone, roomId));
    for (const received of streams)
      await received.find(({ __typename }) => __typename === 'CaughtUp');
    await addReaction(bob, { messageId, emoji: '🎉' });
    await addReaction(bob, { messageId, emoji: '❤' });
    expect((await addReaction(cat, { messageId, emoji: '❤️' })).reactions).toEqual([
      { emoji: '🎉', count: 1, viewerReacted: false },
      { emoji: '❤️', count: 2, viewerReacted: true },
    ]);
    expect((await removeReaction(bob, { messageId, emoji: '❤' })).reactions).toEqual([
      { emoji: '🎉', count: 1, viewerReacted: true },
      { emoji: '❤️', count: 1, viewerReacted: false },
    ]);
    for (const [place, viewerReacted] of [false, true].entries()) {
      await streams[place]!.count(5);
      expect(
        streams[place]!.events.slice(1).map(({ __typename, message }) => [
          __typename,
          ...message.reactions.map(({ emoji, count }: any) => `${emoji} ${count}`),
        ]),
      ).toEqual([
        ['ReactionsChanged', '🎉 1'],
        ['ReactionsChanged', '🎉 1', '❤️ 1'],
        ['ReactionsChanged', '🎉 1', '❤️ 2'],
        ['ReactionsChanged', '🎉 1', '❤️ 1'],
      ]);
      expect(streams[place]!.events.at(-1).message.reactions[0].viewerReacted).toBe(viewerReacted);
      expect(streams[place]!.events.slice(1).map(({ reaction }) => reaction)).toEqual([
        { user: { username: bob.username }, emoji: '🎉', isAdded: true },
        { user: { username: bob.username }, emoji: '❤️', isAdded: true },
        { user: { username: cat.username }, emoji: '❤️', isAdded: true },
        { user: { username: bob.username }, emoji: '❤️', isAdded: false },
      ]);
      streams[place]!.stop();
    }
  });

  it('change nothing and publish nothing when they are repeated, or removed without existing', async () => {
    const { id: messageId } = await send(ann, roomId, 'hello');
    const received = followMessages(ann, roomId);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    await removeReaction(bob, { messageId, emoji: '👍' });
    for (let nth = 0; nth < 3; nth++) await addReaction(bob, { messageId, emoji: '👍' });
    await removeReaction(cat, { messageId, emoji: '👍' });
    await send(ann, roomId, 'next');
    await received.find(({ message }) => message?.body === 'next');
    expect(received.events.map(({ __typename }) => __typename)).toEqual([
      'CaughtUp',
      'ReactionsChanged',
      'MessageSent',
    ]);
    received.stop();
  });

  it('are at most 20 different ones on a message; existing ones can still be added', async () => {
    const { id: messageId } = await send(ann, roomId, 'popular');
    const faces = Array.from({ length: 20 }, (_, place) => String.fromCodePoint(0x1f600 + place));
    for (const emoji of faces) await addReaction(bob, { messageId, emoji });
    expect(await outcome(addReaction(cat, { messageId, emoji: '🚀' }))).toBe('CONFLICT');
    await addReaction(cat, { messageId, emoji: faces[7]! });
    await removeReaction(bob, { messageId, emoji: faces[0]! });
    await addReaction(cat, { messageId, emoji: '🚀' });
    const [message] = (await messagesNow(cat, roomId)).slice(-1);
    expect(
      message.reactions.map(({ emoji, count, viewerReacted }: any) => [
        emoji,
        count,
        viewerReacted,
      ]),
    ).toEqual([
      ...faces.slice(1).map((emoji) => [emoji, emoji === faces[7] ? 2 : 1, emoji === faces[7]]),
      ['🚀', 1, true],
    ]);
  });

  it('are for users who may write in the conversation, and for no others', async () => {
    const { id: room } = await createRoom(ann, { name: 'quiet' });
    for (const someone of [bob, cat]) await joinRoom(someone, { roomId: room });
    const { id: messageId } = await send(ann, room, 'hello');
    const gus = await guest(node, 'Gus');
    await addReaction(bob, { messageId, emoji: '👍' });
    await addReaction(cat, { messageId, emoji: '👍' });
    for (const work of [addReaction, removeReaction])
      expect(await outcome(work(gus, { messageId, emoji: '👍' }))).toBe('FORBIDDEN');
    await muteMember(ann, { roomId: room, userId: bob.id, until: inSeconds(60) });
    expect(await outcome(addReaction(bob, { messageId, emoji: '🎉' }))).toBe('FORBIDDEN');
    expect(await outcome(removeReaction(bob, { messageId, emoji: '👍' }))).toBe('done');
    await updateRoom(ann, { roomId: room, archived: true });
    expect(await outcome(addReaction(cat, { messageId, emoji: '🎉' }))).toBe('FORBIDDEN');
    expect(await outcome(removeReaction(cat, { messageId, emoji: '👍' }))).toBe('done');
    expect((await messagesNow(ann, room))[0].reactions).toEqual([]);
  });
}
