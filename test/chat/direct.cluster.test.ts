import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { goOnline } from '../support/presence.ts';
import { followPrivateLive, sendPrivate } from '../support/private.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster } from '../support/start-node.ts';
import { bodies } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

describeWithServers('private messages across nodes', () => {
  it('[P1] [P2] two simultaneous first messages on two nodes create one conversation, which both users follow and resume on either node', async () => {
    await using nodes = await startCluster(2, { settings: { RATE_LIMITS: 'off' } });
    const [near, far] = nodes;
    for (let round = 0; round < 5; round++) {
      const [ann, bob] = [await person(near!, `ann${round}`), await person(near!, `bob${round}`)];
      const [annFar, bobFar] = [ann.at(far!), bob.at(far!)];
      const received = [
        await followPrivateLive(ann),
        await followPrivateLive(annFar),
        await followPrivateLive(bob),
        await followPrivateLive(bobFar),
        await followPrivateLive(ann, { withUserId: bob.id }),
        await followPrivateLive(bobFar, { withUserId: ann.id }),
      ];
      const sent = await Promise.all([
        sendPrivate(ann, bob, 'a'),
        sendPrivate(bobFar, ann, 'b'),
        sendPrivate(annFar, bob, 'c'),
        sendPrivate(bob, ann, 'd'),
      ]);
      expect(new Set(sent.map(({ conversation }) => conversation.id)).size).toBe(1);
      const inOrder = sent
        .map(({ message }) => message)
        .sort((one, other) => one.seq - other.seq)
        .map(({ body }) => body);
      for (const each of received) {
        await each.count(5);
        expect(bodies(each)).toEqual(inOrder);
      }
      const resumed = await followPrivateLive(annFar, { after: received[0]!.events[2].cursor });
      expect(bodies(resumed)).toEqual(inOrder.slice(2));
      for (const someone of [ann, annFar, bob, bobFar]) await someone[Symbol.asyncDispose]();
    }
  });

  it('`delivered` counts a connection to any node', async () => {
    await using nodes = await startCluster(2, { settings: { RATE_LIMITS: 'off' } });
    const [ann, bob] = [await person(nodes[0]!, 'ann'), await person(nodes[0]!, 'bob')];
    expect((await sendPrivate(ann, bob, 'x')).delivered).toBe(false);
    await using bobFar = bob.at(nodes[1]!);
    await goOnline(bobFar);
    await until(
      'bob is known to be online',
      async () => (await sendPrivate(ann, bob, 'x')).delivered,
    );
  });
});
