import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mySupport } from '../support/desk.ts';
import { deleteMessage, editMessage } from '../support/messages.ts';
import {
  followNotificationsLive,
  notificationsOf,
  shown,
  shownAfter,
  unreadOf,
} from '../support/notifications.ts';
import { password, person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

export function describeDeletedNotifications({
  isEmbedded,
}: {
  readonly isEmbedded: boolean;
}): void {
  let node: TestNode;
  let ann: Person, bob: Person, root: Person;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: {
        RATE_LIMITS: 'off',
        ADMIN_USERNAMES: 'root',
        DELETED_ACCOUNTS_MESSAGES: 'delete',
      },
    });
    [ann, bob, root] = (await Promise.all(
      ['ann', 'bob', 'root'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
  });
  afterAll(async () => {
    for (const someone of [ann, bob, root]) await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  /** A room of these people, who have joined by themselves. */
  async function roomOf(owner: Person, ...members: Person[]): Promise<string> {
    const { id } = await createRoom(owner, { name: randomUUID() });
    for (const member of members) await joinRoom(member, { roomId: id });
    return id;
  }

  const secret = 'the secret of the deleted message';

  it('[P17] of a deleted message counts no longer and shows no text, on every device', async () => {
    const roomId = await roomOf(ann, bob);
    const { id: supportId } = await mySupport(bob);
    const ways: [string, Person, () => Promise<{ id: string }>][] = [
      ['a mention', ann, () => send(ann, roomId, `@bob ${secret}`)],
      ['a private message', ann, async () => (await sendPrivate(ann, bob, secret)).message],
      ['an answer of the desk', root, () => send(root, supportId, secret)],
      ['a mention deleted by an admin', root, () => send(ann, roomId, `@bob ${secret}`)],
    ];
    for (const [way, deleter, write] of ways) {
      const received = await followNotificationsLive(bob);
      const [before, unread] = [await notificationsOf(bob), await unreadOf(bob)];
      const { id: messageId } = await write();
      await until(`bob is notified of ${way}`, async () => (await unreadOf(bob)) === unread + 1);
      await deleteMessage(deleter, { messageId });
      expect({ way, unread: await unreadOf(bob) }).toEqual({ way, unread });
      const now = await notificationsOf(bob);
      expect(JSON.stringify(now)).not.toContain(secret);
      const read = await received.find(({ __typename }) => __typename === 'NotificationsRead');
      expect(read.ids).toEqual([now[0].id]);
      const hidden = (one: any) => ({ ...one, message: '' });
      expect(shown(shownAfter(before, received.events.slice(1))).map(hidden)).toEqual(
        shown(now).map(hidden),
      );
      received.stop();
    }
  });

  it('[P17] of a message whose mention was edited away is read by its deletion, too', async () => {
    const roomId = await roomOf(ann, bob);
    const unread = await unreadOf(bob);
    const { id: messageId } = await send(ann, roomId, `@bob ${secret}`);
    await until('bob is notified', async () => (await unreadOf(bob)) === unread + 1);
    await editMessage(ann, { messageId, body: secret });
    await deleteMessage(ann, { messageId });
    expect(await unreadOf(bob)).toBe(unread);
  });

  it('of other messages of the conversation stays', async () => {
    const roomId = await roomOf(ann, bob);
    const unread = await unreadOf(bob);
    const sent = [];
    for (const word of ['one', 'two', 'three']) sent.push(await send(ann, roomId, `@bob ${word}`));
    await until('bob is notified', async () => (await unreadOf(bob)) === unread + 3);
    await deleteMessage(ann, { messageId: sent[1]!.id });
    const left = await notificationsOf(bob, { unreadOnly: true, first: 2 });
    expect(left.map(({ message }) => message)).toEqual(['@bob three', '@bob one']);
  });

  it('[P17] of a message that is deleted at once is never left unread', async () => {
    const roomId = await roomOf(ann, bob);
    const unread = await unreadOf(bob);
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const { id: messageId } = await send(ann, roomId, `@bob ${secret}`);
        await deleteMessage(ann, { messageId });
      }),
    );
    // Messages are followed up in their order.
    await sendPrivate(ann, bob, 'the last one');
    await until('bob is notified of the last one', async () =>
      (await notificationsOf(bob, { first: 1 }))[0].message.includes('the last one'),
    );
    expect(await unreadOf(bob)).toBe(unread + 1);
  });

  it('[P17] of the messages of a deleted account counts no longer', async () => {
    const gone = await person(node, 'gone');
    const roomId = await roomOf(ann, bob, gone);
    const unread = await unreadOf(bob);
    await send(gone, roomId, `@bob ${secret}`);
    await sendPrivate(gone, bob, secret);
    await until('bob is notified', async () => (await unreadOf(bob)) === unread + 2);
    await gone.query(
      'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
      { input: { password } },
    );
    await until('the messages are erased', async () => (await unreadOf(bob)) === unread);
    await gone[Symbol.asyncDispose]();
  });
}
