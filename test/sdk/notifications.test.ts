import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { connectSdk, kindsIn, openHarbour, takeAll } from '../support/sdk.ts';
import { until } from '../support/until.ts';

it('delivers notifications once across cut connections, counts them, and marks them as read', async () => {
  await using harbour = await openHarbour();
  const { node, proxy, causerie, ann } = harbour;
  await using bobHimself = await person(node, 'bob');
  const bob = connectSdk({ url: node.url, token: bobHimself.token });
  const received = takeAll(causerie.followNotifications());
  await until('it follows', () => received.events.length === 1);
  proxy.cut();
  await bob.sendPrivateMessage({ toUserId: ann.id, body: 'hello' });
  await until('the notification is received', () =>
    kindsIn(received).includes('NotificationReceived'),
  );
  expect(await causerie.unreadNotificationCount()).toBe(1);
  const [notification] = (await causerie.notifications({ unreadOnly: true })).edges.map(
    ({ node: one }) => one,
  );
  expect(notification).toMatchObject({ type: 'message_received', readAt: null });
  expect(await causerie.markNotificationsRead({ ids: [notification!.id] })).toBe(0);
  await until('the change is received', () => kindsIn(received).includes('NotificationsRead'));
  expect(kindsIn(received).filter((kind) => kind !== 'CaughtUp')).toEqual([
    'NotificationReceived',
    'NotificationsRead',
  ]);
});
