import { afterAll, beforeAll, expect, it } from 'vitest';
import { deleteMessage } from '../support/messages.ts';
import { notificationsOf } from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

export function describeNotificationLevels({ isEmbedded }: { readonly isEmbedded: boolean }): void {
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

  const setLevel = async (
    someone: Person,
    conversationId: string,
    level: string,
    end?: Date,
  ): Promise<any> =>
    (
      await someone.query(
        'mutation ($input: SetNotificationLevelInput!) { setNotificationLevel(input: $input) { member { notificationLevel notificationLevelUntil } } }',
        { input: { conversationId, level, ...(end && { until: end }) } },
      )
    ).setNotificationLevel.member;
  async function roomOfAll(name: string): Promise<string> {
    const { id } = await createRoom(ann, { name });
    for (const someone of [bob, cat]) await joinRoom(someone, { roomId: id });
    return id;
  }
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  /** The type and the text of the notifications of a conversation, oldest first. */
  async function notified(someone: Person, conversationId: string): Promise<string[]> {
    const all = await notificationsOf(someone, { first: 100 });
    return all
      .filter(({ data }) => data.conversationId === conversationId)
      .map(({ type, message }) => `${type}: ${message}`)
      .toReversed();
  }
  /** After this, everything that was sent before has notified. */
  async function settled(from: Person, to: Person): Promise<void> {
    const { message } = await sendPrivate(from, to, `settled ${Math.random()}`);
    await until('later messages have notified', async () =>
      (await notificationsOf(to)).some(({ data }) => data.messageId === message.id),
    );
  }

  it('decide which messages of a room notify', async () => {
    const roomId = await roomOfAll('busy');
    await setLevel(bob, roomId, 'ALL');
    await setLevel(cat, roomId, 'NOTHING');
    const first = await send(ann, roomId, 'plain');
    await send(ann, roomId, '@bob @cat mention');
    await send(cat, roomId, 'an answer', { replyToId: first.id });
    await settled(ann, bob);
    await setLevel(bob, roomId, 'MENTIONS');
    await send(ann, roomId, 'plain again');
    await send(ann, roomId, '@bob again');
    await settled(bob, ann);
    await settled(ann, bob);
    expect(await notified(bob, roomId)).toEqual([
      'message_received: plain',
      'mention: @bob @cat mention',
      'message_received: an answer',
      'mention: @bob again',
    ]);
    expect(await notified(cat, roomId)).toEqual([]);
    expect(await notified(ann, roomId)).toEqual(['mention: an answer']);
  });

  it('decide which private messages notify', async () => {
    const { conversation } = await sendPrivate(ann, cat, 'one');
    await settled(bob, cat);
    await setLevel(cat, conversation.id, 'NOTHING');
    await sendPrivate(ann, cat, 'two');
    await settled(bob, cat);
    await setLevel(cat, conversation.id, 'MENTIONS');
    await sendPrivate(ann, cat, 'three');
    await sendPrivate(ann, cat, '@cat four');
    await settled(bob, cat);
    expect(await notified(cat, conversation.id)).toEqual([
      'message_received: one',
      'message_received: @cat four',
    ]);
  });

  it('end at their time, reach the other devices, and are shown to the member only', async () => {
    const roomId = await roomOfAll('shown');
    const device = bob.follow(
      'subscription { notifications { __typename ... on NotificationLevelChanged { member { notificationLevel user { username } } } } }',
    );
    await device.find(({ __typename }) => __typename === 'CaughtUp');
    const end = inAnHour();
    expect(await setLevel(bob, roomId, 'NOTHING', end)).toEqual({
      notificationLevel: 'NOTHING',
      notificationLevelUntil: end.toISOString(),
    });
    const { member } = await device.find(
      ({ __typename }) => __typename === 'NotificationLevelChanged',
    );
    expect(member).toEqual({ notificationLevel: 'NOTHING', user: { username: 'bob' } });
    device.stop();
    const levels = async (by: Person) => {
      const { conversation } = await by.query(
        'query ($id: ID!) { conversation(id: $id) { members { edges { node { notificationLevel } } } } }',
        { id: roomId },
      );
      return conversation.members.edges.map(({ node: one }: any) => one.notificationLevel);
    };
    expect(await levels(bob)).toEqual(['MENTIONS', 'NOTHING', 'MENTIONS']);
    expect(await levels(ann)).toEqual(['MENTIONS', 'MENTIONS', 'MENTIONS']);
    await setLevel(bob, roomId, 'NOTHING', new Date(Date.now() + 1000));
    await until('it ends', async () => (await levels(bob))[1] === 'MENTIONS');
    await send(ann, roomId, '@bob back');
    await settled(ann, bob);
    expect(await notified(bob, roomId)).toEqual(['mention: @bob back']);
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        ({ code }) => code,
      );
    expect(await outcome(setLevel(bob, roomId, 'ALL', new Date(0)))).toBe('INVALID');
    const { exportMyData } = await bob.query('mutation { exportMyData { data } }');
    const exported = exportMyData.data.memberships.find(
      ({ conversation }: any) => conversation.id === roomId,
    );
    expect(exported.notificationLevel).toBe('NOTHING');
  });

  it('unread mentions are counted apart, as a client counts them from events', async () => {
    const roomId = await roomOfAll('counted');
    const counts = async (someone: Person) => {
      const { conversation } = await someone.query(
        'query ($id: ID!) { conversation(id: $id) { unreadCount unreadMentionCount } }',
        { id: roomId },
      );
      return [conversation.unreadCount, conversation.unreadMentionCount];
    };
    const { id: ofBob } = await send(bob, roomId, 'mine');
    await send(ann, roomId, 'plain');
    await send(ann, roomId, '@bob one');
    await send(cat, roomId, 'two', { replyToId: ofBob });
    const both = await send(cat, roomId, '@bob three', { replyToId: ofBob });
    await send(cat, roomId, 'to another', { replyToId: both.id });
    await send(ann, roomId, '@cat');
    expect(await counts(bob)).toEqual([6, 3]);
    expect(await counts(ann)).toEqual([0, 0]);
    await deleteMessage(cat, { messageId: both.id });
    expect(await counts(bob)).toEqual([5, 2]);
    await bob.query(
      'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }',
      { input: { conversationId: roomId, upToSeq: 3 } },
    );
    expect(await counts(bob)).toEqual([3, 1]);
    await send(bob, roomId, 'all read');
    expect(await counts(bob)).toEqual([0, 0]);
  });
}
