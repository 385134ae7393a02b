import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { bodiesIn, connectSdk, kindsIn, takeAll } from '../support/sdk.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

describeWithServers('support', () => {
  it('answers a customer as a user who became an admin during the subscription, without a new token', async () => {
    await using nodes = await startCluster(1, {
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    });
    const [node] = nodes;
    await using annHerself = await person(node!, 'ann');
    await using chiefHerself = await person(node!, 'chief');
    const [ann, chief] = [annHerself, chiefHerself].map(({ token }) =>
      connectSdk({ url: node!.url, token }),
    );
    const { id: conversationId } = await ann!.mySupportConversation();
    const [customer, desk] = [takeAll(ann!.supportMessages()), takeAll(chief!.supportMessages())];
    await until('both follow', () => customer.events.length > 0 && desk.events.length > 0);

    await using _renamed = await startNode({
      settings: { ...node!.settings, ADMIN_USERNAMES: 'root,chief' },
    });
    await until('she follows the desk', () => desk.events.length > 1);
    await ann!.sendMessage({ conversationId, body: 'help' });
    await until('the event is received', () => bodiesIn(desk).includes('help'));
    expect(
      (await chief!.supportConversations({ status: 'OPEN' })).edges.map(({ node: one }) => one),
    ).toMatchObject([{ id: conversationId, customer: { username: 'ann' }, unreadCount: 1 }]);
    await chief!.assignSupport({ conversationId, assigneeId: chiefHerself.id });
    await chief!.sendMessage({ conversationId, body: 'here' });
    expect(await chief!.resolveSupport({ conversationId })).toMatchObject({
      status: 'RESOLVED',
      assignee: { username: 'chief' },
    });
    await until(
      'all events are received',
      () => kindsIn(customer).filter((kind) => kind === 'SupportUpdated').length === 2,
    );
    expect(bodiesIn(customer)).toEqual(['help', 'here']);
    [ann!, chief!].forEach((causerie) => causerie.close());
  });
});
