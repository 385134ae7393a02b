import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openMeeting } from '../support/meeting.ts';
import { inSeconds, muteMember } from '../support/moderating.ts';
import { person } from '../support/person.ts';
import { followTyping, setTyping, typists } from '../support/presence.ts';
import { createRoom, joinRoom, leaveRoom, updateRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { mySupport } from '../support/desk.ts';
import { startCluster, type TestNode } from '../support/start-node.ts';
import { follow, followLive, send } from '../support/send-and-follow.ts';

const settings = { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'amy' };
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => error.code,
  );
const someMs = (most: number): Promise<void> => delay(Math.random() * most);

describeWithServers('a request at the moment in which the permission for it changes', () => {
  it('[P12] a send at the moment of joining is stored, or refused with a reason', async () => {
    await using nodes = await startCluster(2, { settings });
    const [one, two] = nodes as readonly TestNode[] as [TestNode, TestNode];
    const ann = await person(one, 'ann');
    const bob = await person(one, 'bob');
    const elsewhere = bob.at(two);
    const { id } = await createRoom(ann, { name: 'Quay' });
    const outcomes = new Set<string>();
    let joinMs = 10;
    for (let round = 0; round < 60; round++) {
      const sends = [0, 1, 2, 3, 4, 5].map(() =>
        someMs(2 * joinMs).then(() => outcome(send(elsewhere, id, 'hello'))),
      );
      const begun = performance.now();
      await joinRoom(bob, { roomId: id });
      joinMs = performance.now() - begun;
      for (const sent of await Promise.all(sends)) outcomes.add(sent);
      await leaveRoom(bob, { roomId: id });
    }
    expect([...outcomes].toSorted()).toEqual(['FORBIDDEN', 'done']);
  });

  it('[P12] an answer by an admin who loses the role meanwhile is refused like that of anyone else', async () => {
    await using nodes = await startCluster(1, { settings });
    const [node] = nodes as readonly TestNode[] as [TestNode];
    const amy = await person(node, 'amy');
    const ann = await person(node, 'ann');
    const { id } = await mySupport(ann);
    await send(ann, id, 'help');
    await using meeting = await openMeeting(node);
    await meeting.admin.query('begin');
    await meeting.admin.query(`update users set role = 'USER' where id = $1`, [amy.id]);
    const sent = outcome(send(amy, id, 'coming'));
    await meeting.waiting(1);
    await meeting.admin.query('commit');
    expect(await sent).toBe('NOT_FOUND');
  });

  it('[P2] `last` starts with as many messages as asked for while others send', async () => {
    await using nodes = await startCluster(2, { settings });
    const [one, two] = nodes as readonly TestNode[] as [TestNode, TestNode];
    const ann = await person(one, 'ann');
    const elsewhere = ann.at(two);
    const { id } = await createRoom(ann, { name: 'Quay' });
    for (let count = 0; count < 10; count++) await send(ann, id, 'before');
    let isOver = false;
    const senders = [ann, elsewhere, ann, elsewhere].map(async (sender) => {
      while (!isOver) await send(sender, id, 'meanwhile');
    });
    const numbers = new Set<number>();
    for (let count = 0; count < 40; count++) {
      const received = follow(elsewhere, id, { last: 7 });
      await received.find(({ __typename }) => __typename === 'CaughtUp');
      numbers.add(received.events.findIndex(({ __typename }) => __typename === 'CaughtUp'));
      received.stop();
    }
    isOver = true;
    await Promise.all(senders);
    expect([...numbers]).toEqual([7]);
  });

  it('[P7] [P11] a member who leaves while `setTyping` runs is typing on no node', async () => {
    // Longer than the test, so that nothing ends by itself.
    await using nodes = await startCluster(2, { settings, limits: { typingTtlMs: 120_000 } });
    const [one, two] = nodes as readonly TestNode[] as [TestNode, TestNode];
    await using ann = await person(one, 'ann');
    await using annElsewhere = ann.at(two);
    const bob = await person(one, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const received = [followTyping(ann, id), followTyping(annElsewhere, id)];
    const members = await Promise.all([ann, annElsewhere].map((who) => followLive(who, id)));
    await using leaving = await openMeeting(one);
    await using typing = await openMeeting(one);

    await leaving.admin.query('begin');
    await leaving.admin.query('select from topics where id = $1 for update', [
      `conversation:${id}`,
    ]);
    const left = leaveRoom(bob, { roomId: id });
    await leaving.waiting(1);
    // `setTyping` has found the membership, and reads the user.
    await typing.admin.query('begin');
    await typing.admin.query('lock table users in access exclusive mode');
    const typed = outcome(setTyping(bob, id));
    await typing.waiting(2);
    await leaving.admin.query('commit');
    await left;
    for (const one of members) await one.find(({ __typename }) => __typename === 'MemberLeft');
    await typing.admin.query('commit');

    expect(await typed).toBe('FORBIDDEN');
    for (const one of received) await one.until(() => typists(one).length === 0);
    const late = [followTyping(ann, id), followTyping(annElsewhere, id)];
    await delay(200);
    for (const one of late) expect(typists(one)).toEqual([]);
  });

  it('[P7] a member who is muted, or whose room is archived, is no longer typing', async () => {
    await using nodes = await startCluster(2, { settings, limits: { typingTtlMs: 120_000 } });
    const [one, two] = nodes as readonly TestNode[] as [TestNode, TestNode];
    const ann = await person(one, 'ann');
    await using annElsewhere = ann.at(two);
    const bob = await person(one, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const received = followTyping(annElsewhere, id);
    await setTyping(bob, id);
    await received.until(() => typists(received).join() === 'bob');
    await muteMember(ann, { roomId: id, userId: bob.id, until: inSeconds(60) });
    await received.until(() => typists(received).length === 0);
    await muteMember(ann, { roomId: id, userId: bob.id });
    await setTyping(bob, id);
    await received.until(() => typists(received).join() === 'bob');
    await updateRoom(ann, { roomId: id, archived: true });
    await received.until(() => typists(received).length === 0);
  });
});
