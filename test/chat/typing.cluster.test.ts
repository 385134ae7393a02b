import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inSeconds, muteMember } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { followTyping, goOnline, shortTimers, setTyping, typists } from '../support/presence.ts';
import { createRoom, joinRoom, leaveRoom, updateRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers, redisUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

const settings = { RATE_LIMITS: 'off' };
/** Typing ends by something else long before it expires. */
const neverExpiring = { ...shortTimers, typingTtlMs: 120_000 };

/** Two members of a room, the second of whom follows who types. */
async function inRoom(node: TestNode) {
  const ann = await person(node, 'ann');
  const bob = await person(node, 'bob');
  const { id } = await createRoom(ann, { name: 'Quay' });
  await joinRoom(bob, { roomId: id });
  return { ann, bob, id };
}

/** Resolves when the subscription runs and receives every later event. */
async function followTypingLive(who: Person, id: string, by: Person) {
  const received = followTyping(who, id);
  for (; received.events.length === 0; await delay(20)) await setTyping(by, id);
  await setTyping(by, id, false);
  await received.until(() => typists(received).length === 0);
  received.events.length = 0;
  return received;
}

it('[P7] other members receive typing until it stops or expires, and users receive none of their own', async () => {
  await using node = await startNode({ settings, limits: shortTimers });
  const { ann, bob, id } = await inRoom(node);
  const own = followTyping(ann, id);
  const received = await followTypingLive(bob, id, ann);
  const before = Date.now();
  expect(await setTyping(ann, id)).toEqual({ ok: true });
  await received.until(() => typists(received).join() === 'ann');
  const [{ conversationId, expiresAt, user }] = received.events;
  expect({ conversationId, user }).toEqual({ conversationId: id, user: { username: 'ann' } });
  const startedAt = Date.parse(expiresAt) - shortTimers.typingTtlMs;
  expect(startedAt).toBeGreaterThanOrEqual(before);
  expect(startedAt).toBeLessThanOrEqual(Date.now());
  await setTyping(ann, id, false);
  await received.until(() => received.events.length === 2);

  await setTyping(ann, id);
  await received.count(3);
  const begun = performance.now();
  await received.until(() => typists(received).length === 0);
  expect(performance.now() - begun).toBeGreaterThan(shortTimers.typingTtlMs - 200);
  expect(received.events.map(({ isTyping }) => isTyping)).toEqual([true, false, true, false]);
  await setTyping(bob, id);
  await own.until(() => typists(own).join() === 'bob');
  expect(own.events.filter(({ user }) => user.username === 'ann')).toEqual([]);
});

it('[P7] a repeat prolongs typing, and is published again only after a while', async () => {
  await using node = await startNode({
    settings,
    limits: { ...shortTimers, typingTtlMs: 1500, typingResendMs: 500 },
  });
  const { ann, bob, id } = await inRoom(node);
  const received = await followTypingLive(bob, id, ann);
  await delay(500);
  const begun = performance.now();
  for (let count = 0; count < 10; count++) await setTyping(ann, id);
  await delay(100);
  const periods = Math.ceil((performance.now() - begun) / 500);
  expect(received.events.length).toBeLessThanOrEqual(periods);
  await delay(500);
  await setTyping(ann, id);
  await received.until(() => typists(received).length === 0);
  expect(Date.now()).toBeGreaterThan(Date.parse(received.events.at(-2).expiresAt) - 100);
  expect(received.events.length).toBeGreaterThan(2);
  expect(received.events.filter(({ isTyping }) => !isTyping)).toHaveLength(1);
  expect(Date.parse(received.events.at(-2).expiresAt)).toBeGreaterThan(
    Date.parse(received.events[0].expiresAt) + 400,
  );
});

it('[P13] alternating starts and stops publish one of each in a while, and the last state arrives', async () => {
  await using node = await startNode({
    settings,
    limits: { ...neverExpiring, typingResendMs: 400 },
  });
  const { ann, bob, id } = await inRoom(node);
  const received = await followTypingLive(bob, id, ann);
  const begun = performance.now();
  for (let count = 0; count < 200; count++) await setTyping(ann, id, count % 2 === 0);
  await setTyping(ann, id, true);
  await received.until(() => typists(received).join() === 'ann');
  await delay(500);
  const pauses = Math.ceil((performance.now() - begun) / 400) + 1;
  expect(received.events.length).toBeLessThanOrEqual(2 * pauses);
  expect(typists(received)).toEqual(['ann']);

  await setTyping(ann, id, false);
  await received.until(() => typists(received).length === 0);
  await setTyping(ann, id, true);
  await setTyping(ann, id, false);
  const before = received.events.length;
  await delay(900);
  expect(typists(received)).toEqual([]);
  expect(received.events.length - before).toBeLessThanOrEqual(2);
});

it('[P13] typing is limited per user, and a stop of known typing is always accepted', async () => {
  await using node = await startNode({
    limits: { ...neverExpiring, typingResendMs: 5 },
  });
  const { ann, bob, id } = await inRoom(node);
  const received = await followTypingLive(bob, id, ann);
  const refused = { true: 0, false: 0 };
  for (let count = 0; count < 200; count++) {
    const isTyping = count % 2 === 0;
    await setTyping(ann, id, isTyping).catch(({ code }) => {
      expect(code).toBe('RATE_LIMITED');
      refused[`${isTyping}`]++;
    });
    await delay(6);
  }
  expect(refused.true).toBeGreaterThan(20);
  expect(received.events.length).toBeLessThanOrEqual(200 - refused.true - refused.false + 2);
  expect(typists(received)).toEqual([]);
});

it('[P13] a start that was put off is dropped by a message', async () => {
  await using node = await startNode({
    settings,
    limits: { ...neverExpiring, typingResendMs: 4000 },
  });
  const { ann, bob, id } = await inRoom(node);
  const received = await followTypingLive(ann, id, bob);
  await delay(4000);
  await setTyping(bob, id);
  await received.until(() => typists(received).join() === 'bob');
  await setTyping(bob, id, false);
  await setTyping(bob, id);
  await send(bob, id, 'said');
  await delay(4200);
  expect(typists(received)).toEqual([]);
  expect(received.events).toHaveLength(2);
});

it('[P7] a send or a departure ends typing', async () => {
  await using node = await startNode({ settings, limits: neverExpiring });
  const { ann, bob, id } = await inRoom(node);
  const received = await followTypingLive(ann, id, bob);
  await setTyping(bob, id);
  await received.until(() => typists(received).join() === 'bob');
  await send(bob, id, 'said');
  await received.until(() => typists(received).length === 0);
  await setTyping(bob, id);
  await received.until(() => typists(received).join() === 'bob');
  await leaveRoom(bob, { roomId: id });
  await received.until(() => typists(received).length === 0);
});

it('[P7] a user on two devices counts once, and is typing until the last device stops or disconnects', async () => {
  await using node = await startNode({ settings, limits: neverExpiring });
  const { ann, bob, id } = await inRoom(node);
  const { signIn } = await ann.query(
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken refreshToken user { id username } } } }',
    {
      input: { username: 'bob', password: 'correct horse battery staple' },
    },
  );
  await using phone = new (bob.constructor as typeof Person)(node, signIn.session);
  const received = await followTypingLive(ann, id, bob);
  await Promise.all([goOnline(bob), goOnline(phone)]);
  await setTyping(bob, id);
  await setTyping(phone, id);
  await received.count(2);
  await setTyping(phone, id, false);
  await phone[Symbol.asyncDispose]();
  await delay(100);
  expect(typists(received)).toEqual(['bob']);
  await bob[Symbol.asyncDispose]();
  await received.until(() => typists(received).length === 0);
  expect(received.events.map(({ isTyping }) => isTyping)).toEqual([true, true, false]);
});

it('[P7] a new subscriber receives the users who are typing already', async () => {
  await using node = await startNode({ settings, limits: shortTimers });
  const { ann, bob, id } = await inRoom(node);
  await setTyping(ann, id);
  await setTyping(bob, id);
  const received = followTyping(bob, id);
  await received.until(() => typists(received).join() === 'ann');
  await received.until(() => typists(received).length === 0);
  expect(received.events).toHaveLength(2);
});

it('[P7] [P11] typing is for members only, ends for a removed one, and is refused to muted members and in archived rooms', async () => {
  await using node = await startNode({ settings, limits: neverExpiring });
  const { ann, bob, id } = await inRoom(node);
  const eve = await person(node, 'eve');
  const { id: secret } = await createRoom(ann, { name: 'Vault', visibility: 'PRIVATE' });
  await expect(setTyping(eve, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(setTyping(eve, secret)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(setTyping(eve, 'no id')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await followTyping(eve, id).ended()).toMatchObject({ code: 'FORBIDDEN' });
  expect(await followTyping(eve, secret).ended()).toMatchObject({ code: 'NOT_FOUND' });
  expect(await followTyping(eve, 'no id').ended()).toMatchObject({ code: 'NOT_FOUND' });

  await muteMember(ann, { roomId: id, userId: bob.id, until: inSeconds(60) });
  await expect(setTyping(bob, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await setTyping(bob, id, false);
  const received = await followTypingLive(bob, id, ann);
  const staying = followTyping(ann, id);
  await leaveRoom(bob, { roomId: id });
  expect(await received.ended()).toMatchObject({ code: 'FORBIDDEN' });
  await setTyping(ann, id);
  await delay(100);
  expect(received.events).toEqual([]);
  expect(staying.ending).toBeUndefined();
  await updateRoom(ann, { roomId: id, archived: true });
  await expect(setTyping(ann, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

describeWithServers('across nodes', () => {
  it('[P7] typing reaches the other node, and ends there by a send, a departure, a disconnect, or the death of the node', async () => {
    const options = {
      settings: { ...settings, DATABASE_URL: await createDatabase(), REDIS_URL: redisUrl! },
      limits: neverExpiring,
    };
    await using far = await startNode(options);
    await using near = await startNode(options);
    const mortal = await startNode({ ...options, limits: shortTimers });
    const { ann, bob, id } = await inRoom(near);
    const received = await followTypingLive(bob.at(far), id, ann);
    await setTyping(ann, id);
    await received.until(() => typists(received).join() === 'ann');
    await send(ann, id, 'said');
    await received.until(() => typists(received).length === 0);

    await goOnline(ann);
    await setTyping(ann, id);
    await received.until(() => typists(received).join() === 'ann');
    await ann[Symbol.asyncDispose]();
    await received.until(() => typists(received).length === 0);

    await setTyping(ann.at(mortal), id);
    await received.until(() => typists(received).join() === 'ann');
    await mortal[Symbol.asyncDispose]();
    await received.until(() => typists(received).length === 0);
  });
});
