import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { goOnline } from '../support/presence.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { service } from '../support/service.ts';
import { followSignals, isFollowing, sendSignal, typesOf } from '../support/signals.ts';
import { startCluster } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const settings = { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' };

describeWithServers('several nodes', () => {
  it('[P7] signals reach the clients of every node', async () => {
    await using nodes = await startCluster(2, { settings });
    const [one, two] = [nodes[0]!, nodes[1]!];
    await using ann = await person(one, 'ann');
    await using bob = await person(two, 'bob');
    const shop = await service(one, ['notify']);
    const { id } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: id });
    const [ofRoom, own] = [followSignals(bob, id), followSignals(bob)];
    await isFollowing(ofRoom, () => sendSignal(ann, { conversationId: id }));
    await isFollowing(own, () => sendSignal(shop, { toEveryone: true }));
    await sendSignal(ann, { conversationId: id, type: 'cursor', data: { x: 1 } });
    await sendSignal(shop, { userIds: [bob.id], type: 'ready' });
    await ofRoom.until(() => typesOf(ofRoom).length === 1);
    expect(ofRoom.events.at(-1)).toMatchObject({
      data: { x: 1 },
      conversationId: id,
      sender: { username: 'ann' },
    });
    await own.until(() => typesOf(own).length === 1);
    expect(typesOf(own)).toEqual(['ready']);
  });

  it('admins and backends list the online users of all nodes in pages', async () => {
    await using nodes = await startCluster(2, { settings });
    const people = await Promise.all(
      ['ann', 'bob', 'cleo', 'dan', 'root'].map((name, index) => person(nodes[index % 2]!, name)),
    );
    await Promise.all(people.map(goOnline));
    const root = people.at(-1)!;
    const shop = await service(nodes[1]!, ['users']);
    const document =
      'query ($first: Int, $after: String, $last: Int, $before: String) { onlineUsers(first: $first, after: $after, last: $last, before: $before) { edges { node { id username } } pageInfo { hasNextPage endCursor startCursor } } }';
    const names = ({ onlineUsers }: any) => onlineUsers.edges.map(({ node }: any) => node.username);
    const expected = people.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((one) => one.username);
    for (const asker of [root, shop]) {
      await until('all are known', async () => names(await asker.query(document)).length === 5);
      expect(names(await asker.query(document))).toEqual(expected);
      const collected: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await asker.query(document, { first: 2, after });
        collected.push(...names(page));
        if (!page.onlineUsers.pageInfo.hasNextPage) break;
        after = page.onlineUsers.pageInfo.endCursor;
      }
      expect(collected).toEqual(expected);
      expect(names(await asker.query(document, { last: 2 }))).toEqual(expected.slice(-2));
    }
    await expect(people[0]!.query(document)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const other = await service(nodes[0]!, ['rooms']);
    await expect(other.query(document)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await Promise.all(people.map((one) => one[Symbol.asyncDispose]()));
  });
});
