import { afterAll, beforeAll, expect, it } from 'vitest';
import { mySupport } from '../support/desk.ts';
import type { Received } from '../support/received.ts';
import {
  addReaction,
  bodiesFound,
  deleteMessage,
  editMessage,
  messagesNow,
  removeReaction,
} from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

/** The other kinds of conversation, with each side on a node of its own. */
describeWithServers('messages after they were sent, in direct and support conversations', () => {
  let nodes: Awaited<ReturnType<typeof startCluster>>;
  let ann: Person, bob: Person, eve: Person, root: Person, toor: Person;
  beforeAll(async () => {
    nodes = await startCluster(2, {
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root,toor' },
    });
    [ann, bob, eve, root, toor] = (await Promise.all(
      ['ann', 'bob', 'eve', 'root', 'toor'].map((name, place) => person(nodes[place % 2]!, name)),
    )) as [Person, Person, Person, Person, Person];
  });
  afterAll(async () => {
    for (const someone of [ann, bob, eve, root, toor]) await someone[Symbol.asyncDispose]();
    await nodes[Symbol.asyncDispose]();
  });
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    );
  async function follow(someone: Person, field: string): Promise<Received> {
    const message = '{ message { body reactions { emoji count } } }';
    const received = someone.follow(
      `subscription { ${field} { __typename ... on MessageSent ${message} ... on MessageEdited ${message} ... on MessageDeleted ${message} ... on ReactionsChanged ${message} } }`,
    );
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    return received;
  }
  const changesIn = (received: Received) =>
    received.events
      .filter(({ message }) => message)
      .map(({ __typename, message }) => [__typename, message.body, message.reactions.length]);
  const expected = [
    ['MessageSent', 'first', 0],
    ['MessageEdited', 'second', 0],
    ['ReactionsChanged', 'second', 1],
    ['MessageDeleted', null, 0],
  ];

  it('reach both users of a direct conversation in their private messages, and nobody else', async () => {
    const streams = [await follow(ann, 'privateMessages'), await follow(bob, 'privateMessages')];
    const strangers = await follow(eve, 'privateMessages');
    const {
      message: { id: messageId },
      conversation,
    } = await sendPrivate(ann, bob, 'first');
    await editMessage(ann, { messageId, body: 'second' });
    expect(await bodiesFound(bob, 'second')).toEqual(['second']);
    for (const stranger of [eve, root]) {
      expect(await bodiesFound(stranger, 'second')).toEqual([]);
      expect(
        await outcome(bodiesFound(stranger, 'second', { conversationId: conversation.id })),
      ).toBe('NOT_FOUND');
      const works = [
        editMessage(stranger, { messageId, body: 'x' }),
        deleteMessage(stranger, { messageId }),
        addReaction(stranger, { messageId, emoji: '👍' }),
      ];
      expect(await Promise.all(works.map(outcome))).toEqual([
        'NOT_FOUND',
        'NOT_FOUND',
        'NOT_FOUND',
      ]);
    }
    await addReaction(bob, { messageId, emoji: '👍' });
    expect(await outcome(deleteMessage(bob, { messageId }))).toBe('FORBIDDEN');
    await deleteMessage(ann, { messageId });
    for (const received of streams) {
      await received.find(({ __typename }) => __typename === 'MessageDeleted');
      expect(changesIn(received)).toEqual(expected);
    }
    expect(changesIn(strangers)).toEqual([]);
    for (const received of [...streams, strangers]) received.stop();
  });

  it('do not let an admin delete private messages of the other user', async () => {
    const {
      message: { id: messageId },
    } = await sendPrivate(ann, root, 'to an admin');
    expect(await outcome(deleteMessage(root, { messageId }))).toBe('FORBIDDEN');
    expect(await outcome(editMessage(root, { messageId, body: 'x' }))).toBe('FORBIDDEN');
    expect(await outcome(addReaction(root, { messageId, emoji: '👍' }))).toBe('done');
  });

  it('reach the customer and the whole desk, members or not; each can delete only their own messages', async () => {
    const { id } = await mySupport(ann);
    const streams = [
      await follow(ann, 'supportMessages'),
      await follow(root, 'supportMessages'),
      await follow(toor, 'supportMessages'),
    ];
    const { id: messageId } = await send(root, id, 'first');
    await editMessage(root, { messageId, body: 'second' });
    await addReaction(toor, { messageId, emoji: '👍' });
    expect((await messagesNow(toor, id))[0].reactions).toEqual([
      { emoji: '👍', count: 1, viewerReacted: true },
    ]);
    expect([
      await bodiesFound(toor, 'second', { conversationId: id }),
      await bodiesFound(toor, 'second'),
      await bodiesFound(eve, 'second'),
    ]).toEqual([['second'], ['second'], []]);
    for (const other of [ann, toor])
      expect(await outcome(deleteMessage(other, { messageId }))).toBe('FORBIDDEN');
    expect(
      await Promise.all(
        [removeReaction(eve, { messageId, emoji: '👍' }), deleteMessage(eve, { messageId })].map(
          outcome,
        ),
      ),
    ).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    await deleteMessage(root, { messageId });
    for (const received of streams) {
      await received.find(({ __typename }) => __typename === 'MessageDeleted');
      expect(changesIn(received)).toEqual(expected);
      received.stop();
    }
  });
});
