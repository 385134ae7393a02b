import { expect, it } from 'vitest';
import {
  assign,
  followSupport,
  followSupportLive,
  mySupport,
  supportList,
} from '../support/desk.ts';
import { person, type Person } from '../support/person.ts';
import { followTyping, setTyping } from '../support/presence.ts';
import { conversationSeenBy } from '../support/private.ts';
import { markRead } from '../support/reading.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { bodies, send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

const settings = { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root,chief' };
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => error.code,
  );

/** Gives these users the admin role, by starting a node with that setting. */
const setAdmins = (beside: TestNode, names: string) =>
  startNode({ settings: { ...beside.settings, ADMIN_USERNAMES: names } });

describeWithServers('the desk, while roles change', () => {
  it('[P11] a former admin receives nothing after a second, on every node, and loses all permissions there', async () => {
    await using nodes = await startCluster(2, { settings });
    const [near, far] = [nodes[0]!, nodes[1]!];
    const [root, chief, ann] = [
      await person(near, 'root'),
      await person(near, 'chief'),
      await person(near, 'ann'),
    ];
    await using chiefFar = chief.at(far);
    const { id } = await mySupport(ann);
    await send(ann, id, 'help');
    await send(chief, id, 'on it');
    await assign(chief, id, chief.id);
    const own = await followSupportLive(
      chief,
      { conversationId: (await mySupport(chief)).id },
      chief.connect(),
    );
    const received = [
      await followSupportLive(chief),
      await followSupportLive(chiefFar),
      await followSupportLive(chief, { conversationId: id }),
      await followSupportLive(chiefFar, { conversationId: id }),
    ];
    const typing = followTyping(chiefFar, id);
    await using others = root;
    const desk = await followSupportLive(others);

    await using third = await setAdmins(near, 'root');
    await desk.find(
      ({ __typename, user }) => __typename === 'DeskChanged' && user.username === 'chief',
    );
    for (const each of [...received, typing, own]) await each.until(({ ending }) => ending);
    for (const { ending } of received) expect(ending!.error!.code).toMatch(/^(4403|FORBIDDEN)$/);
    await send(ann, id, 'are you there?');
    await setTyping(ann, id);
    await desk.until((each) => bodies(each).includes('are you there?'));
    for (const each of received) expect(bodies(each)).toEqual([]);
    expect(
      desk.events.find(({ __typename }) => __typename === 'SupportUpdated').conversation,
    ).toMatchObject({ id, assignee: null });

    for (const at of [near, far, third]) {
      const who = chief.at(at);
      const attempts = [
        send(who, id, 'x'),
        setTyping(who, id),
        markRead(who, id, 1),
        assign(who, id, null),
        followSupport(who, { conversationId: id })
          .ended()
          .then((error) => Promise.reject(error)),
      ];
      expect(await Promise.all(attempts.map(codeOf))).toEqual(attempts.map(() => 'NOT_FOUND'));
      expect(await conversationSeenBy(who, id)).toBeNull();
      expect(await codeOf(supportList(who))).toBe('FORBIDDEN');
      const again = await followSupportLive(who);
      again.stop();
      await who[Symbol.asyncDispose]();
    }
    await chief[Symbol.asyncDispose]();
  });

  it('[P11] a new admin receives everything within a second, with a stock client that reconnects by itself', async () => {
    await using nodes = await startCluster(2, { settings });
    const [near, far] = [nodes[0]!, nodes[1]!];
    const [root, novice, ann] = [
      await person(near, 'root'),
      await person(near, 'novice'),
      await person(near, 'ann'),
    ];
    const { id } = await mySupport(ann);
    await send(ann, id, 'help');
    const socket = novice.at(far).connect({ retryAttempts: 10, retryWait: async () => {} });
    const received = await followSupportLive(novice, {}, socket);
    await using _third = await setAdmins(near, 'root,chief,novice');
    await received.until(
      ({ events }) => events.filter(({ __typename }) => __typename === 'CaughtUp').length === 2,
    );
    await send(ann, id, 'anybody new?');
    await received.until((each) => bodies(each).join() === 'anybody new?');
    expect(await send(novice, id, 'me')).toMatchObject({ seq: 3 });
    expect((await supportList(novice)).map(({ unreadCount }) => unreadCount)).toEqual([0]);
    await socket.dispose();
    for (const who of [root, novice, ann]) await who[Symbol.asyncDispose]();
  });

  it('[P11] the topic of the desk has no event of a former admin after the loss of the role', async () => {
    await using nodes = await startCluster(2, { settings });
    const [root, chief] = [await person(nodes[0]!, 'root'), await person(nodes[0]!, 'chief')];
    const customers = await Promise.all(
      ['ann', 'bob', 'cat'].map((name) => person(nodes[0]!, name)),
    );
    const ids = await Promise.all(customers.map(async (who) => (await mySupport(who)).id));
    const desk = await followSupportLive(root);
    let isOver = false;
    const refused: string[] = [];
    const write = async (who: Person, place: number) => {
      for (let count = 0; !isOver; count++)
        refused.push(await codeOf(send(who, ids[(place + count) % 3]!, 'still here')));
    };
    const writing = nodes.flatMap((node, place) => [
      write(chief.at(node), place),
      write(chief.at(node), place + 1),
    ]);
    await desk.until((each) => bodies(each).length > 20);
    await using _third = await setAdmins(nodes[0]!, 'root');
    await until('the writer is refused', () =>
      refused.slice(-8).every((code) => code === 'NOT_FOUND'),
    );
    isOver = true;
    await Promise.all(writing);
    await send(customers[0]!, ids[0]!, 'the end');
    await desk.until((each) => bodies(each).includes('the end'));
    const change = desk.events.findIndex(({ __typename }) => __typename === 'DeskChanged');
    expect(change).toBeGreaterThan(20);
    expect(
      desk.events.slice(change).filter(({ message }) => message?.author.username === 'chief'),
    ).toEqual([]);
    expect(new Set(refused)).toEqual(new Set(['done', 'NOT_FOUND']));
    for (const who of [root, chief, ...customers]) await who[Symbol.asyncDispose]();
  });

  it('[P4] [P11] the loss of a role takes effect within two seconds without Redis', async () => {
    const near = await startNode({
      settings: { ...settings, DATABASE_URL: await createDatabase() },
    });
    await using far = await startNode({ settings: near.settings });
    const [root, chief] = [await person(near, 'root'), await person(near, 'chief')];
    const received = [await followSupportLive(chief), await followSupportLive(chief.at(far))];
    await using _third = await setAdmins(near, 'root');
    for (const each of received) await each.until(({ ending }) => ending);
    expect(await codeOf(supportList(chief.at(far)))).toBe('FORBIDDEN');
    expect(await codeOf(supportList(root.at(far)))).toBe('done');
    await near[Symbol.asyncDispose]();
  });

  it('creates one support conversation for any number of first uses on two nodes', async () => {
    await using nodes = await startCluster(2, { settings });
    const ann = await person(nodes[0]!, 'ann');
    const found = await Promise.all(
      Array.from({ length: 10 }, (_, place) => mySupport(ann.at(nodes[place % 2]!))),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
  });
});
