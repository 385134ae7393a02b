import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  deleteMessage,
  followMessages,
  messagesNow,
  pageAfter,
  pinMessage,
  unpinMessage,
} from '../support/messages.ts';
import { setMemberRole } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom, updateRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

export function describePins({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, cat: Person;
  beforeAll(async () => {
    node = await startNode({ isEmbedded, settings: { RATE_LIMITS: 'off' } });
    [ann, bob, cat] = (await Promise.all(
      ['ann', 'bob', 'cat'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
  });
  afterAll(async () => {
    for (const someone of [ann, bob, cat]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  const pinnedIn = async (someone: Person, id: string, page = '') =>
    (
      await someone.query(
        `query ($id: ID!) { conversation(id: $id) { pinnedMessages${page} { edges { cursor node { body pinnedAt } } pageInfo { hasNextPage endCursor } } } }`,
        { id },
      )
    ).conversation.pinnedMessages;
  const bodiesOn = (page: any) => page.edges.map(({ node }: any) => node.body);
  async function roomOfAll(name: string): Promise<string> {
    const { id } = await createRoom(ann, { name });
    for (const someone of [bob, cat]) await joinRoom(someone, { roomId: id });
    return id;
  }

  it('are listed with the latest pin first, and the events lead to the same state', async () => {
    const roomId = await roomOfAll('notes');
    await setMemberRole(ann, { roomId, userId: bob.id, role: 'MODERATOR' });
    const sent = [];
    for (const body of ['1', '2', '3', '4']) sent.push(await send(cat, roomId, body));
    const before = await messagesNow(cat, roomId);
    const received = followMessages(cat, roomId);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    for (const place of [2, 0, 3]) await pinMessage(ann, { messageId: sent[place]!.id });
    await unpinMessage(bob, { messageId: sent[0]!.id });
    await pinMessage(bob, { messageId: sent[1]!.id });
    await deleteMessage(cat, { messageId: sent[3]!.id });
    for (const again of [pinMessage, pinMessage]) await again(ann, { messageId: sent[1]!.id });
    await unpinMessage(ann, { messageId: sent[0]!.id });
    await send(cat, roomId, 'over');
    await received.find(({ message }) => message?.body === 'over');
    expect(
      received.events.map(({ __typename, isPinned, user }) => [
        __typename,
        isPinned,
        user?.username,
      ]),
    ).toEqual([
      ['CaughtUp', undefined, undefined],
      ...[true, true, true].map((isPinned) => ['PinChanged', isPinned, 'ann']),
      ['PinChanged', false, 'bob'],
      ['PinChanged', true, 'bob'],
      ['MessageDeleted', undefined, undefined],
      ['MessageSent', undefined, undefined],
    ]);
    const now = await messagesNow(cat, roomId);
    expect(pageAfter(before, received)).toEqual(now);
    expect(now.filter(({ pinnedAt }) => pinnedAt).map(({ body }) => body)).toEqual(['2', '3']);
    expect(bodiesOn(await pinnedIn(cat, roomId))).toEqual(['2', '3']);
    const first = await pinnedIn(cat, roomId, '(first: 1)');
    expect(bodiesOn(first)).toEqual(['2']);
    expect(
      bodiesOn(await pinnedIn(cat, roomId, `(first: 1, after: "${first.pageInfo.endCursor}")`)),
    ).toEqual(['3']);
    received.stop();
  });

  it('[P13] are at most 50 in a conversation, also when several come at once', async () => {
    const roomId = await roomOfAll('wall');
    const sent = [];
    for (let nth = 1; nth <= 53; nth++) sent.push(await send(ann, roomId, String(nth)));
    for (const { id } of sent.slice(0, 48)) await pinMessage(ann, { messageId: id });
    const outcomes = await Promise.all(
      sent.slice(48).map(({ id }) =>
        pinMessage(ann, { messageId: id }).then(
          () => 'pinned',
          ({ code }) => code,
        ),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'pinned', 'pinned']);
    expect((await pinnedIn(ann, roomId)).edges.length).toBe(50);
    await unpinMessage(ann, { messageId: sent[0]!.id });
    await pinMessage(ann, { messageId: sent[48 + outcomes.indexOf('CONFLICT')]!.id });
  });

  it('are for both people of a direct conversation', async () => {
    const { message, conversation } = await sendPrivate(ann, bob, 'our address');
    await pinMessage(bob, { messageId: message.id });
    expect(bodiesOn(await pinnedIn(ann, conversation.id))).toEqual(['our address']);
    await unpinMessage(ann, { messageId: message.id });
    expect(bodiesOn(await pinnedIn(bob, conversation.id))).toEqual([]);
    await expect(pinMessage(cat, { messageId: message.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are refused for deleted messages, for members, and in an archived room', async () => {
    const roomId = await roomOfAll('archive');
    const { id: messageId } = await send(ann, roomId, 'hello');
    await expect(pinMessage(bob, { messageId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const gone = await send(ann, roomId, 'gone');
    await deleteMessage(ann, { messageId: gone.id });
    await expect(pinMessage(ann, { messageId: gone.id })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await updateRoom(ann, { roomId, archived: true });
    await expect(pinMessage(ann, { messageId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
}
