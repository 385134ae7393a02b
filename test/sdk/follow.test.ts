import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { subscriptionsMax } from '../../client/src/connections.ts';
import { defaultLimits } from '../../src/limits.ts';
import { password, person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { bodiesIn, connectSdk, kindsIn, openHarbour, statesOf, takeAll } from '../support/sdk.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

describe('following', () => {
  it('[P1] [P2] resumes after the last event whenever the connection is cut, without a gap or a repeat', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, ann, roomId } = harbour;
    const states = statesOf(causerie);
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    for (let count = 1; count <= 40; count++) {
      await send(ann, roomId, `${count}`);
      if (count % 8 === 4) proxy.cut();
    }
    await until('all events are received', () => bodiesIn(received).length >= 40);
    expect(bodiesIn(received)).toEqual(bodiesUpTo(40));
    expect(states.filter((status) => status === 'waiting').length).toBeGreaterThanOrEqual(2);
    expect(causerie.connection).toEqual({ status: 'connected' });
  });

  it('[P2] starts with the last messages on request, and still resumes after the last received event', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, ann, roomId } = harbour;
    for (let count = 1; count <= 5; count++) await send(ann, roomId, `${count}`);
    const received = takeAll(causerie.roomMessages({ roomId, last: 3 }));
    await until('it is caught up', () => kindsIn(received).includes('CaughtUp'));
    proxy.cut();
    await send(ann, roomId, '6');
    await until(
      'it has caught up again, and received the rest',
      () => bodiesIn(received).length >= 4,
    );
    expect(bodiesIn(received)).toEqual(['3', '4', '5', '6']);
    await until(
      'it has caught up twice',
      () => kindsIn(received).filter((kind) => kind === 'CaughtUp').length === 2,
    );
  });

  it('[P3] reports a reset if there are too many events to replay, and continues from there', async () => {
    await using harbour = await openHarbour({ limits: { replayMax: 5 } });
    const { causerie, proxy, ann, roomId } = harbour;
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    proxy.refuse();
    proxy.cut();
    for (let count = 1; count <= 8; count++) await send(ann, roomId, `${count}`);
    proxy.heal();
    await until('it follows again', () => received.events.length >= 3);
    await send(ann, roomId, '9');
    await until('it receives the message', () => bodiesIn(received).length > 0);
    expect(kindsIn(received)).toEqual(['CaughtUp', 'StreamReset', 'CaughtUp', 'MessageSent']);
    expect(received.events[1]).toMatchObject({ resetReason: 'TOO_FAR_BEHIND' });
  });

  it('uses no more memory than the buffer for a slow reader, and loses and repeats nothing', async () => {
    await using harbour = await openHarbour();
    const { causerie, ann, roomId } = harbour;
    const following = causerie.roomMessages({ roomId }, { buffer: 4 });
    expect(await following.next()).toMatchObject({ value: { __typename: 'CaughtUp' } });
    for (let count = 1; count <= 30; count++) await send(ann, roomId, `${count}`);
    const replayed: number[] = [];
    const bodies: string[] = [];
    while (replayed.length === 0) {
      const { value } = await following.next();
      if (value!.__typename === 'CaughtUp') replayed.push(value!.replayed);
      if (value!.__typename === 'MessageSent') bodies.push(value!.message.body!);
      await delay(2);
    }
    expect(bodies).toEqual(bodiesUpTo(30));
    // It held four and left, and had the rest replayed by so few at a time: the last replay was one
    // of the few.
    expect(replayed[0]).toBeLessThan(8);
  });

  it('ends and closes the connection when its loop returns, breaks, or is aborted', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, ann, roomId } = harbour;
    for await (const event of causerie.roomMessages({ roomId })) {
      expect(event.__typename).toBe('CaughtUp');
      break;
    }
    const abort = new AbortController();
    const [aborted, returned] = [
      causerie.roomMessages({ roomId }, { signal: abort.signal }),
      causerie.typing({ conversationId: roomId }),
    ];
    const waiting = [aborted.next(), aborted.next(), returned.next()];
    await waiting[0];
    abort.abort();
    await returned.return!();
    expect(await Promise.all(waiting.slice(1))).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    expect(await causerie.roomMessages({ roomId }, { signal: abort.signal }).next()).toEqual({
      done: true,
      value: undefined,
    });
    await until('the socket is closed', () => causerie.connection.status === 'idle');
    await until('the server has no connection of it', () => proxy.open === 0);
    await send(ann, roomId, 'nobody receives this');
  });

  it('[P11] throws FORBIDDEN after the last permitted event when the member is removed', async () => {
    await using harbour = await openHarbour();
    const { node, url, ann, roomId } = harbour;
    await using bob = await person(node, 'bob');
    await joinRoom(bob, { roomId });
    const causerie = connectSdk({ url, token: bob.token });
    const received = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => received.events.length === 1);
    await harbour.causerie.kickMember({ roomId, userId: bob.id });
    await send(ann, roomId, 'not for bob');
    await until('it is over', () => received.ending !== undefined);
    expect(received.ending).toMatchObject({ name: 'CauserieError', code: 'FORBIDDEN' });
    expect(kindsIn(received)).toEqual(['CaughtUp', 'MemberLeft']);
    causerie.close();
  });

  it('[P1] [P2] opens another connection for more rooms than one carries, and resumes all of them', async () => {
    expect(subscriptionsMax).toBe(defaultLimits.operationsPerConnection);
    await using harbour = await openHarbour();
    const { causerie, proxy, ann } = harbour;
    const rooms = await Promise.all(
      Array.from({ length: subscriptionsMax + 20 }, (_, place) =>
        createRoom(ann, { name: `Quay ${place}` }),
      ),
    );
    const states = statesOf(causerie);
    const received = rooms.map(({ id }) => takeAll(causerie.roomMessages({ roomId: id })));
    const all = async (what: string, holds: (of: (typeof received)[number]) => boolean) =>
      until(what, () => received.every(holds));
    await all('they are followed', ({ events }) => events.length === 1);
    expect(causerie.connection.status).toBe('connected');
    await Promise.all(rooms.map(({ id }) => send(ann, id, '1')));
    proxy.cut();
    await until('it is missed', () => causerie.connection.status === 'waiting');
    await Promise.all(rooms.map(({ id }) => send(ann, id, '2')));
    await all('they receive all of it', (of) => bodiesIn(of).length >= 2);
    for (const of of received) expect(bodiesIn(of)).toEqual(bodiesUpTo(2));
    await until('both are back', () => causerie.connection.status === 'connected');
    expect(
      states.filter((state, place) => state === states[place - 1] && state !== 'waiting'),
    ).toEqual([]);
    causerie.close();
    await all('all of it ends', ({ ending }) => ending === null);
    expect(states.at(-1)).toBe('idle');
  });

  it('recovers with one connection after several were refused', async () => {
    await using harbour = await openHarbour();
    const { url, roomId, ann } = harbour;
    const causerie = connectSdk({ url });
    await causerie.signIn({ username: 'ann', password });
    const many = Array.from({ length: subscriptionsMax + 1 }, () =>
      takeAll(causerie.roomMessages({ roomId })),
    );
    await until('all follow', () => many.every(({ events }) => events.length === 1));
    await causerie.signOut();
    await until('all are over', () => many.every(({ ending }) => ending !== undefined));
    expect(causerie.connection.status).toBe('refused');
    await causerie.signIn({ username: 'ann', password });
    const one = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => one.events.length === 1);
    expect(causerie.connection.status).toBe('connected');
    await send(ann, roomId, 'again');
    await until('it receives the message', () => bodiesIn(one).includes('again'));
    causerie.close();
  });

  it('waits and retries if the server accepts no further subscription', async () => {
    await using harbour = await openHarbour({ limits: { operationsPerConnection: 1 } });
    const { causerie, roomId } = harbour;
    const first = causerie.roomMessages({ roomId });
    await first.next();
    const second = takeAll(causerie.roomMessages({ roomId }));
    await delay(300);
    expect([second.events, second.ending]).toEqual([[], undefined]);
    await first.return!();
    await until('it follows', () => second.events.length === 1);
  });

  it('does not retry a refused subscription after close()', async () => {
    await using harbour = await openHarbour({ limits: { operationsPerConnection: 1 } });
    const { causerie, roomId } = harbour;
    const first = causerie.roomMessages({ roomId });
    await first.next();
    const second = takeAll(causerie.roomMessages({ roomId }));
    await delay(300);
    causerie.close();
    await until('both have ended', () => second.ending === null);
    const states = statesOf(causerie);
    // A retry without a connection would be an uncaught error, which fails the run.
    await delay(1500);
    expect(states).toEqual([]);
    expect(causerie.connection.status).toBe('idle');
  });

  it('throws the refusal of the server once, and ends', async () => {
    await using harbour = await openHarbour();
    const following = harbour.causerie.roomMessages({ roomId: 'no such room' });
    await expect(following.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await following.next()).toEqual({ done: true, value: undefined });
  });

  it('[P7] starts again with a snapshot if there is no cursor to resume from', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, roomId } = harbour;
    const received = takeAll(causerie.roomPresence({ roomId }));
    await until('it follows', () => received.events.length >= 1);
    proxy.cut();
    await until(
      'it begins again',
      () =>
        received.events.filter(({ __typename }) => __typename === 'PresenceSnapshot').length === 2,
    );
  });

  it('follows documents of the application', async () => {
    await using harbour = await openHarbour();
    const { causerie, proxy, ann, roomId } = harbour;
    const document =
      'subscription ($id: ID!, $after: Cursor) { happens: roomMessages(roomId: $id, after: $after) { cursor ... on MessageSent { message { body } } } }';
    const received = takeAll(
      causerie.follow<{ happens: { cursor: string; message?: { body: string } } }, { id: string }>(
        document,
        { id: roomId },
      ),
    );
    await until('it follows', () => received.events.length === 1);
    await send(ann, roomId, '1');
    proxy.cut();
    await send(ann, roomId, '2');
    await until('it receives both', () => received.events.length >= 4);
    expect(received.events.flatMap(({ message }) => message?.body ?? [])).toEqual(['1', '2']);
  });
});
