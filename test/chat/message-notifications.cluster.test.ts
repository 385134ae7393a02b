import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mySupport } from '../support/desk.ts';
import { kickMember } from '../support/moderating.ts';
import {
  followNotificationsLive,
  notificationsOf,
  notify,
  shown,
  shownAfter,
  unreadOf,
} from '../support/notifications.ts';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { startProgram } from '../support/program.ts';
import { markRead } from '../support/reading.ts';
import { createRoom, guest, joinRoom, leaveRoom, updateRoom } from '../support/rooms.ts';
import { createDatabase, describeWithPostgres, describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

let node: TestNode;
let root: Person;
let people = 0;
const someone = () => person(node, `talker${++people}`);
beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' } });
  root = await person(node, 'root');
});
afterAll(() => node[Symbol.asyncDispose]());

/** A room whose members have joined by themselves, so that nobody is notified of an invitation. */
async function roomOf(
  owner: Person,
  members: readonly Person[],
  visibility: 'PUBLIC' | 'PRIVATE' = 'PRIVATE',
): Promise<string> {
  const { id } = await createRoom(owner, { name: randomUUID() });
  for (const member of members) await joinRoom(member, { roomId: id });
  if (visibility === 'PRIVATE') await updateRoom(owner, { roomId: id, visibility });
  return id;
}

/**
 * Waits until the notifications of all earlier messages are stored. The server handles messages in
 * order.
 */
async function settled(): Promise<void> {
  const [one, other] = [await someone(), await someone()];
  await sendPrivate(one, other, 'x');
  await until('what was sent before is followed up', async () => (await unreadOf(other)) === 1);
}

describe('a mention', () => {
  it('notifies mentioned members once, but not the author, users outside the room, or guests', async () => {
    const [ann, bob, stranger, gus] = [
      await someone(),
      await someone(),
      await someone(),
      await guest(node, 'Gus'),
    ];
    const id = await roomOf(ann, [bob], 'PUBLIC');
    await joinRoom(gus, { roomId: id });
    const received = await followNotificationsLive(bob);
    const message = await send(
      ann,
      id,
      `@${bob.username} @${bob.username} @${ann.username} @${stranger.username} @${gus.username} look`,
      { idempotencyKey: 'once' },
    );
    await send(
      ann,
      id,
      `@${bob.username} @${bob.username} @${ann.username} @${stranger.username} @${gus.username} look`,
      { idempotencyKey: 'once' },
    );
    await received.count(2);
    await settled();
    expect(received.events.slice(1).map(({ notification }) => notification)).toEqual(
      await notificationsOf(bob),
    );
    expect(await notificationsOf(bob)).toMatchObject([
      {
        type: 'mention',
        title: ann.username,
        message: expect.stringMatching(/look$/),
        data: { conversationId: id, messageId: message.id, seq: message.seq, authorId: ann.id },
        readAt: null,
      },
    ]);
    for (const other of [ann, stranger]) expect(await notificationsOf(other)).toEqual([]);
    received.stop();
  });

  it('is marked as read with the messages, by markRead and by sending, with an event', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const id = await roomOf(ann, [bob]);
    const received = await followNotificationsLive(bob);
    for (const word of ['one', 'two', 'three']) await send(ann, id, `@${bob.username} ${word}`);
    await received.count(4);
    const ids = (await notificationsOf(bob)).map((notification) => notification.id);
    await markRead(bob, id, 2);
    await received.find(({ __typename }) => __typename === 'NotificationsRead');
    expect(
      (await notificationsOf(bob, { unreadOnly: true })).map(({ message }) => message),
    ).toEqual([`@${bob.username} three`]);
    await send(bob, id, 'I see');
    await received.until(
      ({ events }) =>
        events.filter(({ __typename }) => __typename === 'NotificationsRead').length === 2,
    );
    expect(received.events.flatMap((event) => event.ids ?? []).sort()).toEqual([...ids].sort());
    expect(await unreadOf(bob)).toBe(0);
    received.stop();
  });

  it('from before leaving is read by joining again, like the messages', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const id = await roomOf(ann, [], 'PUBLIC');
    await joinRoom(bob, { roomId: id });
    const received = await followNotificationsLive(bob);
    await send(ann, id, `@${bob.username} before`);
    await until('bob is notified', async () => (await unreadOf(bob)) === 1);
    await leaveRoom(bob, { roomId: id });
    await send(ann, id, 'meanwhile');
    expect(await unreadOf(bob)).toBe(1);
    await joinRoom(bob, { roomId: id });
    expect(await unreadOf(bob)).toBe(0);
    const read = await received.find(({ __typename }) => __typename === 'NotificationsRead');
    expect(read.ids).toEqual((await notificationsOf(bob)).map((notification) => notification.id));
    await send(ann, id, `@${bob.username} after`);
    await until('bob is notified again', async () => (await unreadOf(bob)) === 1);
    await send(bob, id, 'I see');
    await until('it is read', async () => (await unreadOf(bob)) === 0);
    received.stop();
  });

  it('shows nothing of a room that the user can no longer read', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const id = await roomOf(ann, [bob]);
    await send(ann, id, `@${bob.username} the secret`);
    await until('bob is notified', async () => (await unreadOf(bob)) === 1);
    await kickMember(ann, { roomId: id, userId: bob.id });
    expect(JSON.stringify(await notificationsOf(bob))).not.toMatch(/secret|"title":"talker/);
  });
});

describe('a private message', () => {
  it('notifies the recipient, who marks it as read with the conversation, and not the author', async () => {
    const [ann, bob] = [await someone(), await someone()];
    const { conversation, message } = await sendPrivate(ann, bob, 'x'.repeat(500));
    await until('bob is notified', async () => (await unreadOf(bob)) === 1);
    expect(await notificationsOf(bob)).toMatchObject([
      {
        type: 'message_received',
        title: ann.username,
        message: `${'x'.repeat(199)}…`,
        data: { messageId: message.id, conversationId: conversation.id },
      },
    ]);
    await sendPrivate(bob, ann, 'an answer reads it');
    await until('it is read', async () => (await unreadOf(bob)) === 0);
    expect((await notificationsOf(ann)).map(({ message: text }) => text)).toEqual([
      'an answer reads it',
    ]);
    await markRead(ann, conversation.id, 2);
    expect(await unreadOf(ann)).toBe(0);
  });
});

describe('a support conversation', () => {
  it('notifies the customer of an answer, and no admin of a question', async () => {
    const ann = await someone();
    const { id } = await mySupport(ann);
    await send(ann, id, 'help');
    await send(root, id, 'gladly');
    await until('ann is notified', async () => (await unreadOf(ann)) === 1);
    expect(await notificationsOf(ann)).toMatchObject([
      { type: 'support_reply', message: 'gladly' },
    ]);
    expect(await notificationsOf(root)).toEqual([]);
  });
});

type Step = { readonly kind: 'write' | 'answer' | 'read' | 'notify'; readonly upTo: number };
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('write', 'write', 'answer', 'read', 'notify'),
    upTo: fc.nat(8),
  }),
  { minLength: 1, maxLength: 12 },
);

async function checkHistories(
  admin: Person,
  pairOf: () => Promise<readonly [Person, Person]>,
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const [writer, reader] = await pairOf();
      const { conversation } = await sendPrivate(writer, reader, 'first');
      const received = await followNotificationsLive(reader);
      const before = await notificationsOf(reader);
      await Promise.all(
        history.map(async ({ kind, upTo }) => {
          if (kind === 'write') await sendPrivate(writer, reader, 'more');
          else if (kind === 'answer') await sendPrivate(reader, writer, 'yes');
          else if (kind === 'read') await markRead(reader, conversation.id, upTo);
          else await notify(admin, [reader.id]);
        }),
      );
      await markRead(reader, conversation.id, 99);
      await sendPrivate(writer, reader, 'last');
      await received.find(({ notification }) => notification?.message === 'last');
      // Events arrive in the order of their commits. A page may contain an event that follows.
      await until(
        'the list has as many as the events',
        async () =>
          shownAfter(before, received.events.slice(1)).length >=
          (await notificationsOf(reader)).length,
      );
      const known = new Set(before.map(({ id }) => id));
      const now = shownAfter(
        before,
        received.events.slice(1).filter(({ notification }) => !known.has(notification?.id)),
      );
      expect(shown(now)).toEqual(shown(await notificationsOf(reader)));
      expect(now.filter(({ isRead }) => !isRead).map(({ message }) => message)).toEqual([
        'last',
        ...now
          .filter(({ isRead, type }) => !isRead && type === 'payment_completed')
          .map(({ message }) => message),
      ]);
      received.stop();
    }),
    { numRuns: runs },
  );
}

describe('the state of a page with all later events', () => {
  it('equals the current state while two users write, read and are notified at once', () =>
    checkHistories(root, async () => [await someone(), await someone()], 8));
});

describeWithServers('notifications of messages across nodes', () => {
  let nodes: TestNode[] & AsyncDisposable;
  beforeAll(
    async () =>
      void (nodes = await startCluster(2, {
        settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
      })),
  );
  afterAll(() => nodes[Symbol.asyncDispose]());

  it('equals the current state with the two users on two nodes', async () => {
    const admin = await person(nodes[1]!, 'root');
    await checkHistories(
      admin,
      async () => [
        await person(nodes[0]!, `near${++people}`),
        (await person(nodes[0]!, `far${++people}`)).at(nodes[1]!),
      ],
      6,
    );
  });
});

describeWithPostgres('a node that is killed', () => {
  it('[P4] right after it acknowledged a message leaves its notifications to the next, each exactly once', async () => {
    const settings = {
      DATABASE_URL: await createDatabase(),
      JWT_SECRET: 'a secret that only this test knows, 32+',
      RATE_LIMITS: 'off',
    };
    const expected = new Map<string, number>();
    let ann: Person | undefined, bob: Person | undefined;
    for (let round = 0; round < 3; round++) {
      const program = await startProgram(settings);
      const at = { ...program, settings } as never as TestNode;
      ann = ann?.at(at) ?? (await person(at, 'ann'));
      bob = bob?.at(at) ?? (await person(at, 'bob'));
      await Promise.all(
        Array.from({ length: 30 }, async (_, place) =>
          expected.set((await sendPrivate(ann!, bob!, `${round} ${place}`)).message.id, 1),
        ),
      );
      await program[Symbol.asyncDispose]();
    }
    await using after = await startNode({ settings });
    const all = () => notificationsOf(bob!.at(after), { first: 100 });
    await until('all is followed up', async () => (await all()).length >= 90);
    expect((await all()).map(({ data }) => data.messageId).sort()).toEqual(
      [...expected.keys()].sort(),
    );
  }, 120_000);
});
