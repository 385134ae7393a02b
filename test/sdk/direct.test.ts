import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { bodiesIn, connectSdk, kindsIn, openHarbour, takeAll } from '../support/sdk.ts';
import { bodiesUpTo } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';

it('[P1] [P6] delivers private messages once to both users across cut connections, and marks them as read', async () => {
  await using harbour = await openHarbour();
  const { node, causerie: ann } = harbour;
  await using proxy = await startFaultProxy(Number(new URL(node.url).port));
  await using bobHimself = await person(node, 'bob');
  const bob = connectSdk({
    url: `http://127.0.0.1:${proxy.port}/graphql`,
    token: bobHimself.token,
  });
  const [received, own] = [
    takeAll(bob.privateMessages()),
    takeAll(ann.privateMessages({ withUserId: bobHimself.id })),
  ];
  await until('both follow', () => received.events.length > 0 && own.events.length > 0);
  const sent = await Promise.all(
    bodiesUpTo(20).map(async (body, place) => {
      const result = await ann.sendPrivateMessage({ toUserId: bobHimself.id, body });
      if (place % 7 === 3) [proxy, harbour.proxy].forEach((wire) => wire.cut());
      return result;
    }),
  );
  await until(
    'all events are received',
    () => bodiesIn(received).length >= 20 && bodiesIn(own).length >= 20,
  );
  expect([bodiesIn(received), bodiesIn(own), sent.map(({ message }) => message.body)]).toEqual([
    bodiesUpTo(20),
    bodiesUpTo(20),
    bodiesUpTo(20),
  ]);

  const [conversation] = (await bob.directConversations()).edges.map(({ node: one }) => one);
  expect(conversation).toMatchObject({
    id: sent[0]!.conversation.id,
    peer: { username: 'ann' },
    unreadCount: 20,
    lastMessage: { body: '20', isRead: false },
  });
  expect(await bob.markRead({ conversationId: conversation!.id, upToSeq: 20 })).toMatchObject({
    unreadCount: 0,
  });
  await until('the event is received', () => kindsIn(own).includes('MessagesRead'));
  expect(
    (await ann.messages({ conversationId: conversation!.id, last: 1 }))!.edges[0]!.node,
  ).toMatchObject({ body: '20', isRead: true });
  bob.close();
});
