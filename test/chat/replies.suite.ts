import { afterAll, beforeAll, expect, it } from 'vitest';
import { addReaction, deleteMessage, followMessages } from '../support/messages.ts';
import { notificationsOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

export function describeReplies({ isEmbedded }: { readonly isEmbedded: boolean }): void {
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

  const reply = (someone: Person, to: { id: string }, body: string): Promise<any> =>
    send(someone, roomId, body, { replyToId: to.id });
  const repliesTo = async (id: string, page = '') =>
    (
      await bob.query(
        `query ($id: ID!) { message(id: $id) { replyCount replies${page} { edges { cursor node { body replyCount } } pageInfo { hasNextPage } } } }`,
        { id },
      )
    ).message;
  const bodiesOn = ({ replies }: any) => replies.edges.map(({ node }: any) => node.body);

  it('are counted and listed in their order, page by page, without deleted ones', async () => {
    const question = await send(ann, roomId, 'question');
    const first = await reply(bob, question, 'first');
    const second = await reply(cat, question, 'second');
    await send(ann, roomId, 'something else');
    await reply(ann, first, 'an answer to an answer');
    await reply(bob, question, 'third');
    const all = await repliesTo(question.id);
    expect(all.replyCount).toBe(3);
    expect(bodiesOn(all)).toEqual(['first', 'second', 'third']);
    expect(all.replies.edges[0].node.replyCount).toBe(1);
    const page = await repliesTo(question.id, '(first: 2)');
    expect([bodiesOn(page), page.replies.pageInfo.hasNextPage]).toEqual([
      ['first', 'second'],
      true,
    ]);
    expect(bodiesOn(await repliesTo(question.id, '(last: 1)'))).toEqual(['third']);
    await deleteMessage(cat, { messageId: second.id });
    const less = await repliesTo(question.id);
    expect([less.replyCount, bodiesOn(less)]).toEqual([2, ['first', 'third']]);
  });

  it('are counted from events as the server counts them', async () => {
    const question = await send(ann, roomId, 'how many?');
    const received = followMessages(cat, roomId);
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    const replies = [];
    for (const body of ['1', '2', '3']) replies.push(await reply(bob, question, body));
    await deleteMessage(bob, { messageId: replies[1].id });
    await send(ann, roomId, 'over');
    await received.find(({ message }) => message?.body === 'over');
    const change: Record<string, number> = { MessageSent: 1, MessageDeleted: -1 };
    const counted = received.events
      .filter(({ message }) => message?.replyTo?.id === question.id)
      .reduce((count, { __typename }) => count + change[__typename]!, 0);
    expect(counted).toBe((await repliesTo(question.id)).replyCount);
    received.stop();
  });

  it('notify the author of the message like a mention, once, and nobody else', async () => {
    const question = await send(ann, roomId, 'who?');
    const both = await reply(bob, question, `@${ann.username} both a reply and a mention`);
    const plain = await reply(cat, question, 'a reply');
    const seqs = async (someone: Person) =>
      (await notificationsOf(someone))
        .filter(({ data }) => data.seq >= question.seq)
        .map(({ type, data }) => [type, data.seq]);
    await until('two notifications', async () => (await seqs(ann)).length >= 2);
    expect(await seqs(ann)).toEqual([
      ['mention', plain.seq],
      ['mention', both.seq],
    ]);
    await reply(ann, question, 'to myself');
    const next = await reply(ann, plain, 'an answer');
    await until('the answer notifies cat', async () => (await seqs(cat)).length >= 1);
    expect(await seqs(cat)).toEqual([['mention', next.seq]]);
    expect((await seqs(ann)).length).toBe(2);
    expect(await seqs(bob)).toEqual([]);
  });

  it('[P11] do not lead out of a conversation that the viewer may not see', async () => {
    const { id } = await createRoom(ann, { name: 'cellar', visibility: 'PRIVATE' });
    const hidden = await send(ann, id, 'hidden');
    await send(ann, id, 'hidden reply', { replyToId: hidden.id });
    expect(await repliesTo(hidden.id)).toBe(null);
  });

  it('show who reacted, those who reacted first, as many as asked for', async () => {
    const { id: messageId } = await send(ann, roomId, 'hello');
    for (const someone of [cat, ann, bob]) await addReaction(someone, { messageId, emoji: '🎉' });
    await addReaction(bob, { messageId, emoji: '👍' });
    const usersShown = async (first: string) => {
      const answer = await bob.query(
        `query ($id: ID!) { message(id: $id) { reactions { emoji users${first} { username } } } }`,
        { id: messageId },
      );
      return answer.message.reactions.map(({ users }: any) =>
        users.map(({ username }: any) => username),
      );
    };
    expect(await usersShown('')).toEqual([['cat', 'ann', 'bob'], ['bob']]);
    expect(await usersShown('(first: 2)')).toEqual([['cat', 'ann'], ['bob']]);
    expect(await usersShown('(first: 0)')).toEqual([[], []]);
    await expect(usersShown('(first: 101)')).rejects.toMatchObject({ code: 'INVALID' });
  });
}
