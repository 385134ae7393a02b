import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bodiesOf, followAppEvents, followAppEventsLive } from '../support/app-events.ts';
import { deleteMessage, editMessage } from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { bodiesUpTo, follow, send } from '../support/send-and-follow.ts';
import { signBySecret } from '../support/notifications.ts';
import { service } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

/** Messages in each of two rooms: more events than a node replays to others, or keeps in memory. */
const many = 650;

export function describeAppEvents({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person;
  let token: string;
  beforeAll(async () => {
    // Without `push.wanted`, so that the number of events is known.
    const limits = { pushDelayMs: 3_600_000 };
    node = await startNode({ isEmbedded, limits, settings: { RATE_LIMITS: 'off' } });
    [ann, bob] = await Promise.all([person(node, 'ann'), person(node, 'bob')]);
    ({ token } = await service(node, ['events']));
  });
  afterAll(async () => {
    await Promise.all([ann, bob].map((one) => one[Symbol.asyncDispose]()));
    await node[Symbol.asyncDispose]();
  });

  it('[P1] [P2] carries the events of all conversations, from CaughtUp on', async () => {
    const received = await followAppEventsLive(node, token);
    const [quay, pier] = [
      await createRoom(ann, { name: 'Quay', visibility: 'PRIVATE' }),
      await createRoom(bob, { name: 'Pier' }),
    ];
    await send(ann, quay.id, 'at the quay');
    await joinRoom(ann, { roomId: pier.id });
    const edited = await send(ann, pier.id, 'at the pier');
    await editMessage(ann, { messageId: edited.id, body: 'on the pier' });
    await ann.query(
      'mutation { updateProfile(input: { displayName: "Ann of the pier" }) { user { id } } }',
    );
    const { sendPrivateMessage } = await ann.query(
      'mutation ($input: SendPrivateMessageInput!) { sendPrivateMessage(input: $input) { conversation { id } } }',
      { input: { toUserId: bob.id, body: 'psst' } },
    );
    await received.until(() => bodiesOf(received).includes('psst'));
    const seen = received.events.map(({ type, conversationId }) => [type, conversationId]);
    expect(seen).toEqual([
      ['CaughtUp', null],
      ['MemberJoined', quay.id],
      ['MemberJoined', pier.id],
      ['MessageSent', quay.id],
      ['MemberJoined', pier.id],
      ['MessageSent', pier.id],
      ['MessageEdited', pier.id],
      ['UserUpdated', null],
      ['MessageSent', sendPrivateMessage.conversation.id],
    ]);
    expect(received.events[0].event).toMatchObject({ __typename: 'CaughtUp', replayed: 0 });
    expect(received.events[3].event).toMatchObject({
      __typename: 'MessageSent',
      cursor: received.events[3].cursor,
      message: { body: 'at the quay', author: { username: 'ann' } },
    });
    received.stop();
  });

  it('[P2] [P16] resumes without a gap, also what was stored while nobody followed, however much it is', async () => {
    const before = await followAppEventsLive(node, token);
    const rooms = [
      await createRoom(ann, { name: 'Long A' }),
      await createRoom(ann, { name: 'Long B' }),
    ];
    await send(ann, rooms[0].id, 'the last one seen');
    await before.until(() => bodiesOf(before).includes('the last one seen'));
    before.stop();
    for (let start = 0; start < many; start += 65)
      await Promise.all(
        rooms.flatMap(({ id }) => bodiesUpTo(65).map((text) => send(ann, id, text))),
      );
    const { cursor } = before.events.at(-1);
    const resumed = await followAppEventsLive(node, token, { after: cursor });
    await send(ann, rooms[0].id, 'afterwards');
    await resumed.until(() => bodiesOf(resumed).includes('afterwards'));
    const numbersOf = (id: string) =>
      resumed.events
        .filter(({ type, conversationId }) => type === 'MessageSent' && conversationId === id)
        .map(({ event }) => event.message.seq);
    expect(numbersOf(rooms[0].id)).toEqual(Array.from({ length: many + 1 }, (_, nth) => nth + 2));
    expect(numbersOf(rooms[1].id)).toEqual(Array.from({ length: many }, (_, nth) => nth + 1));
    const caughtUp = resumed.events.findIndex(({ type }) => type === 'CaughtUp');
    expect(caughtUp).toBe(2 * many);
    expect(resumed.events[caughtUp].event.replayed).toBe(2 * many);
    // From the middle, far behind what a node keeps in memory.
    const again = await followAppEventsLive(node, token, { after: resumed.events[40].cursor });
    expect(again.events.map(({ cursor: at }) => at)).toEqual(
      resumed.events
        .slice(41)
        .flatMap(({ cursor: at, type }) => (type === 'CaughtUp' ? [] : at))
        .concat(again.events.at(-1).cursor),
    );
    resumed.stop();
    again.stop();
  }, 120_000);

  it('[P16] has the order of each conversation, and carries only the types that were asked for', async () => {
    const everything = await followAppEventsLive(node, token);
    const edits = await followAppEventsLive(node, token, { types: ['MessageEdited'] });
    const { id } = await createRoom(ann, { name: 'Ordered' });
    const direct = follow(ann, id);
    await direct.count(1);
    const sent = await Promise.all(bodiesUpTo(40).map((text) => send(ann, id, text)));
    await Promise.all(
      sent.map((message, index) =>
        editMessage(ann, { messageId: message.id, body: `edit ${index}` }),
      ),
    );
    await everything.until(
      ({ events }) => events.filter(({ type }) => type === 'MessageEdited').length === 40,
    );
    await edits.count(41);
    await direct.until(
      ({ events }) =>
        events.filter(({ __typename }) => __typename === 'MessageEdited').length === 40,
    );
    const ofRoom = everything.events.filter(({ conversationId }) => conversationId === id);
    expect(ofRoom.slice(1).map(({ type }) => type)).toEqual(
      direct.events.slice(1).map(({ __typename }) => __typename),
    );
    expect(
      ofRoom.filter(({ type }) => type === 'MessageSent').map(({ event }) => event.message.seq),
    ).toEqual(sent.map((_, index) => index + 1));
    expect(edits.events.map(({ type }) => type)).toEqual([
      'CaughtUp',
      ...sent.map(() => 'MessageEdited'),
    ]);
    const resumed = await followAppEventsLive(node, token, {
      after: edits.events[20].cursor,
      types: ['MessageEdited'],
    });
    expect(resumed.events.slice(0, -1).map(({ cursor }) => cursor)).toEqual(
      edits.events.slice(21).map(({ cursor }) => cursor),
    );
    for (const received of [everything, edits, resumed, direct]) received.stop();
  });

  it('[P2] [P16] carries every change of a user once: profile and metadata, by the user and by backends', async () => {
    const shop = await service(node, ['users', 'events'], 'crm');
    const own = ann.follow(
      'subscription { notifications { __typename ... on UserUpdated { user { displayName metadata } } } }',
    );
    await own.count(1);
    const received = await followAppEventsLive(node, shop.token, { types: ['UserUpdated'] });
    const upsert = (users: object[]) =>
      shop.mutate('upsertUsers', 'UpsertUsersInput', { users }, 'users { id }');
    const update = (input: object) =>
      ann.query(
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }',
        { input },
      );
    await upsert([{ externalId: 'e-1', username: 'eve' }, { externalId: 'e-2' }]);
    await upsert([{ externalId: 'e-1', metadata: { plan: 'gold' } }, { externalId: 'e-2' }]);
    await upsert([{ externalId: 'e-1', metadata: { plan: 'gold' } }]);
    await update({ displayName: 'Ann II' });
    await update({ displayName: 'Ann II' });
    await upsert([
      { externalId: 'e-1', isBot: true },
      { externalId: 'e-2', displayName: 'Two' },
    ]);
    await received.count(5);
    const users = (events: any[]) =>
      events.slice(1).map(({ event: { user } }) => [user.username, user.displayName]);
    expect(users(received.events.slice(0, 3))).toEqual([
      ['eve', 'eve'],
      ['ann', 'Ann II'],
    ]);
    expect(new Set(users(received.events).slice(2).map(String))).toEqual(
      new Set(['eve,eve', 'e-2,Two']),
    );
    expect(received.events[1]).toMatchObject({
      type: 'UserUpdated',
      conversationId: null,
      event: { __typename: 'UserUpdated', user: { externalId: 'e-1', metadata: { plan: 'gold' } } },
    });
    const replayed = await followAppEventsLive(node, shop.token, {
      types: ['UserUpdated'],
      after: received.events[0].cursor,
    });
    expect(replayed.events.slice(0, -1).map(({ cursor }) => cursor)).toEqual(
      received.events.slice(1).map(({ cursor }) => cursor),
    );
    await own.count(2);
    expect(own.events).toEqual([
      { __typename: 'CaughtUp' },
      { __typename: 'UserUpdated', user: { displayName: 'Ann II', metadata: {} } },
    ]);
    for (const one of [own, received, replayed]) one.stop();
  });

  it('[P17] shows no text that was deleted, in a replay', async () => {
    const received = await followAppEventsLive(node, token);
    const start = received.events[0].cursor;
    const { id } = await createRoom(ann, { name: 'Secrets' });
    const message = await send(ann, id, 'a secret');
    await received.until(() => bodiesOf(received).includes('a secret'));
    await deleteMessage(ann, { messageId: message.id });
    await received.until(({ events }) => events.some(({ type }) => type === 'MessageDeleted'));
    received.stop();
    const replayed = await followAppEventsLive(node, token, { after: start });
    expect(replayed.events.map(({ type }) => type)).toEqual([
      'MemberJoined',
      'MessageSent',
      'MessageDeleted',
      'CaughtUp',
    ]);
    expect(JSON.stringify(replayed.events)).not.toContain('a secret');
    replayed.stop();
  });

  it('[P3] resets for an invalid cursor, and one of another topic', async () => {
    const { id } = await createRoom(ann, { name: 'Elsewhere' });
    const elsewhere = follow(ann, id);
    await elsewhere.count(1);
    for (const after of ['nonsense', elsewhere.events[0].cursor]) {
      const received = await followAppEventsLive(node, token, { after });
      expect(received.events.map(({ type }) => type)).toEqual(['StreamReset', 'CaughtUp']);
      expect(received.events[0].event).toMatchObject({ resetReason: 'UNKNOWN_CURSOR' });
      received.stop();
    }
    elsewhere.stop();
  });

  it('[P10] ends when the token of the service expires, over a socket and as an event stream', async () => {
    const expiring = await signBySecret(node, {
      iss: 'causerie',
      sub: 'shop',
      scope: 'events',
      exp: Math.ceil(Date.now() / 1000) + 3,
    });
    let code: number | undefined;
    const client = createClient({
      url: node.wsUrl,
      webSocketImpl: WebSocket,
      lazy: false,
      connectionParams: { authorization: `Bearer ${expiring}` },
      retryAttempts: 0,
      onNonLazyError: () => {},
      on: { closed: (event) => void (code = (event as { code: number }).code) },
    });
    const response = await fetch(node.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${expiring}`,
      },
      body: JSON.stringify({ query: 'subscription { appEvents { type } }' }),
    });
    const text = await response.text();
    expect(text).toContain('"type":"CaughtUp"');
    expect(text).toContain('The token has expired.');
    await until('the socket is closed', () => code !== undefined);
    expect(code).toBe(4403);
    await client.dispose();
  });

  it('[P11] is for services with the scope `events`', async () => {
    const other = await service(node, ['notify', 'messages']);
    const refused = await followAppEvents(node.wsUrl, other.token).ended();
    expect(refused).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('`events`'),
    });
    expect(await ann.follow('subscription { appEvents { type } }').ended()).toMatchObject({
      code: 'FORBIDDEN',
    });
    const unknown = followAppEvents(node.wsUrl, token, { types: ['MessageSent', 'Message'] });
    expect(await unknown.ended()).toMatchObject({
      code: 'INVALID',
      message: expect.stringMatching(/^`Message` is not a type of event.*MessageEdited/),
    });
  });
}
