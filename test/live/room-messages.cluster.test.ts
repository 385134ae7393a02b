import { describe, expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { createRoom, joinRoom, leaveRoom, updateRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode } from '../support/start-node.ts';
import { bodies, bodiesUpTo, follow, followLive, kinds, send } from '../support/send-and-follow.ts';

const unlimited = { settings: { RATE_LIMITS: 'off' } };

describe('roomMessages', () => {
  it('[P2] starts with CaughtUp, and then delivers everything that happens in the room', async () => {
    await using node = await startNode(unlimited);
    await using ann = await person(node, 'ann');
    await using bob = await person(node, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    const received = await followLive(ann, id);
    await joinRoom(bob, { roomId: id });
    await send(bob, id, 'ahoy');
    await updateRoom(ann, { roomId: id, topic: 'ships' });
    await leaveRoom(bob, { roomId: id });
    await received.count(5);
    expect(kinds(received)).toEqual([
      'CaughtUp',
      'MemberJoined',
      'MessageSent',
      'RoomUpdated',
      'MemberLeft',
    ]);
    expect(received.events[0]).toMatchObject({ replayed: 0 });
    expect(received.events[1]).toMatchObject({ user: { username: 'bob' } });
    expect(received.events[2]).toMatchObject({
      message: { seq: 1, body: 'ahoy', author: { username: 'bob' } },
    });
    expect(received.events[3]).toMatchObject({ room: { topic: 'ships' } });
    expect(received.events[4]).toMatchObject({ user: { username: 'bob' }, reason: 'LEFT' });
    expect(received.events.map(({ occurredAt }) => Date.parse(occurredAt))).toEqual(
      received.events.map(({ occurredAt }) => Date.parse(occurredAt)).toSorted((a, b) => a - b),
    );
  });

  it('[P2] replays the events after the cursor, marks the end of the replay, and continues live', async () => {
    await using node = await startNode(unlimited);
    await using ann = await person(node, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    const first = await followLive(ann, id);
    for (const body of bodiesUpTo(250)) await send(ann, id, body);
    await first.count(251);
    const resumed = follow(ann, id, { after: first.events[100].cursor });
    await resumed.find(({ __typename }) => __typename === 'CaughtUp');
    await send(ann, id, '251');
    await resumed.until(({ events }) => events.at(-1).message?.body === '251');
    expect(bodies(resumed)).toEqual(bodiesUpTo(251, 101));
    expect(kinds(resumed).indexOf('CaughtUp')).toBe(150);
    expect(resumed.events[150]).toMatchObject({ replayed: 150, cursor: first.events[250].cursor });
  });

  it('[P3] resets without a replay if the cursor is of another room, invalid, or more than 1,000 events behind', async () => {
    await using node = await startNode({ ...unlimited, limits: { replayMax: 20 } });
    await using ann = await person(node, 'ann');
    const [quay, other] = [
      await createRoom(ann, { name: 'Quay' }),
      await createRoom(ann, { name: 'Other' }),
    ];
    const live = await followLive(ann, quay.id);
    for (const body of bodiesUpTo(21)) await send(ann, quay.id, body);
    await live.count(22);
    const elsewhere = await followLive(ann, other.id);
    for (const [after, reason] of [
      [elsewhere.events[0].cursor, 'UNKNOWN_CURSOR'],
      ['nonsense', 'UNKNOWN_CURSOR'],
      [live.events[0].cursor, 'TOO_FAR_BEHIND'],
    ]) {
      const received = follow(ann, quay.id, { after });
      await received.count(2);
      expect(kinds(received)).toEqual(['StreamReset', 'CaughtUp']);
      expect(received.events[0]).toMatchObject({
        resetReason: reason,
        cursor: live.events.at(-1).cursor,
      });
      received.stop();
    }
    const level = follow(ann, quay.id, { after: live.events[1].cursor });
    await level.find(({ __typename }) => __typename === 'CaughtUp');
    expect(bodies(level)).toEqual(bodiesUpTo(21, 2));
  });

  it('starts with the last messages on request, and resumes from their cursors', async () => {
    await using node = await startNode(unlimited);
    await using ann = await person(node, 'ann');
    await using bob = await person(node, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    for (const body of bodiesUpTo(5)) await send(ann, id, body);
    await joinRoom(bob, { roomId: id });
    const received = follow(ann, id, { last: 3 });
    await received.find(({ __typename }) => __typename === 'CaughtUp');
    expect(kinds(received)).toEqual(['MessageSent', 'MessageSent', 'MessageSent', 'CaughtUp']);
    expect(bodies(received)).toEqual(['3', '4', '5']);
    const resumed = follow(ann, id, { after: received.events[1].cursor, last: 3 });
    await resumed.find(({ __typename }) => __typename === 'CaughtUp');
    expect(kinds(resumed)).toEqual(['MessageSent', 'MemberJoined', 'CaughtUp']);
    expect(bodies(resumed)).toEqual(['5']);
    for (const last of [-1, 101])
      expect(await follow(ann, id, { last }).ended()).toMatchObject({ code: 'INVALID' });
  });

  it('[P11] is refused to users who are not members', async () => {
    await using node = await startNode(unlimited);
    await using ann = await person(node, 'ann');
    await using eve = await person(node, 'eve');
    const [open, closed] = [
      await createRoom(ann, { name: 'Open' }),
      await createRoom(ann, { name: 'Closed', visibility: 'PRIVATE' }),
    ];
    expect(await follow(eve, open.id).ended()).toMatchObject({ code: 'FORBIDDEN' });
    const refused = await follow(eve, closed.id).ended();
    expect(refused).toMatchObject({ code: 'NOT_FOUND' });
    expect(await follow(eve, '00000000-0000-7000-8000-000000000000').ended()).toEqual(refused);
    expect(await follow(eve, 'no\u0000id').ended()).toMatchObject({ code: 'NOT_FOUND' });
    const stranger = ann.connect({ connectionParams: {} });
    expect(await follow(ann, open.id, {}, stranger).ended()).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

describeWithServers('roomMessages over nodes', () => {
  it('[P1] is the same for every follower on every node', async () => {
    await using nodes = await startCluster(3, unlimited);
    const people = await Promise.all(nodes.map((node, place) => person(node, `person${place}`)));
    const { id } = await createRoom(people[0]!, { name: 'Quay' });
    for (const one of people) await joinRoom(one, { roomId: id });
    const all = await Promise.all(people.map((one) => followLive(one, id)));
    await Promise.all(
      people.map(async (one, place) => {
        for (const body of bodiesUpTo(40)) await send(one, id, `${place}/${body}`);
      }),
    );
    await Promise.all(all.map((received) => received.until(() => bodies(received).length === 120)));
    const messages = all.map(({ events }) =>
      events.filter(({ __typename }) => __typename === 'MessageSent'),
    );
    expect(messages[0]!.map(({ message }) => message.seq)).toEqual(
      Array.from({ length: 120 }, (_, place) => place + 1),
    );
    expect(messages[1]).toEqual(messages[0]);
    expect(messages[2]).toEqual(messages[0]);
    for (const one of people) await one[Symbol.asyncDispose]();
  });

  it('[P2] resumes on another node, also if that node has not received the event of the cursor yet', async () => {
    await using nodes = await startCluster(2, { ...unlimited, limits: { headCheckMs: 60_000 } });
    const [first, second] = nodes as unknown as [(typeof nodes)[0], (typeof nodes)[0]];
    await using ann = await person(first, 'ann');
    await using annThere = ann.at(second);
    const { id } = await createRoom(ann, { name: 'Quay' });
    const there = await followLive(annThere, id);
    const here = await followLive(ann, id);
    for (const body of bodiesUpTo(30)) {
      await send(ann, id, body);
      await here.until(() => bodies(here).at(-1) === body);
      const resumed = follow(annThere, id, { after: here.events.at(-1).cursor });
      await resumed.count(1);
      expect(kinds(resumed)).toEqual(['CaughtUp']);
      resumed.stop();
    }
    await there.until(() => bodies(there).length === 30);
  });

  it('[P11] ends within a second on every node for a member who leaves, and delivers nothing more', async () => {
    await using nodes = await startCluster(2, unlimited);
    const [first, second] = nodes as unknown as [(typeof nodes)[0], (typeof nodes)[0]];
    await using ann = await person(first, 'ann');
    await using bob = await person(first, 'bob');
    await using bobThere = bob.at(second);
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const [here, there, hers] = [
      await followLive(bob, id),
      await followLive(bobThere, id),
      await followLive(ann, id),
    ];
    const leftAt = performance.now();
    await leaveRoom(bob, { roomId: id });
    await send(ann, id, 'now that he is gone');
    for (const received of [here, there]) {
      expect(await received.ended()).toMatchObject({ code: 'FORBIDDEN' });
      expect(performance.now() - leftAt).toBeLessThan(12_000);
      expect(kinds(received)).toEqual(['CaughtUp', 'MemberLeft']);
    }
    await hers.until(() => bodies(hers).length === 1);
    expect(hers.ending).toBeUndefined();
  });
});
