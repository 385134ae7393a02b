import type { CDPSession, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { openBrowser, startPushService } from '../support/push-service.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithChromium } from '../support/servers.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { hindrances } from './hindrances.ts';
import { webClient } from './web-client.ts';

const pushSwitch = (page: Page) =>
  page.getByRole('switch', { name: 'Also while Causerie is closed' });

/** The registrations of service workers, by the devtools protocol. */
async function followWorkers(session: CDPSession): Promise<() => string | undefined> {
  let id: string | undefined;
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    id = registrations.at(-1)?.registrationId ?? id;
  });
  await session.send('ServiceWorker.enable');
  return () => id;
}

const shown = (page: Page): Promise<{ title: string; body: string; data: string }[]> =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    const registration = (await navigator.serviceWorker.getRegistration(active!.scriptURL))!;
    const notifications = await registration.getNotifications();
    return notifications.map(({ title, body, data }) => ({ title, body, data }));
  });

/** The part of a service worker's global scope that the test uses. */
interface WorkerScope extends EventTarget {
  readonly registration: ServiceWorkerRegistration;
  readonly NotificationEvent: new (
    type: string,
    init: { readonly notification: Notification | undefined },
  ) => Event;
}

describeWithChromium('pushes in the web client', () => {
  const web = webClient({ PUSH_ALLOW_PRIVATE: 'on' });

  it('are turned on by a switch, shown by the service worker, open the message, and are turned off again', async () => {
    await using service = await startPushService();
    await using mia = await person(web.node, 'mia', 'Mia');
    const browser = openBrowser(service);
    const { page, context, person: ann } = await web.newcomer('ann');
    await context.grantPermissions(['notifications'], { origin: new URL(web.node.url).origin });
    // There is no push service of the browser here.
    await context.addInitScript((subscription) => {
      const { endpoint, ...keys } = subscription;
      const fake = {
        endpoint,
        toJSON: () => ({ endpoint, keys }),
        unsubscribe: async () => true,
      } as unknown as PushSubscription;
      PushManager.prototype.subscribe = async ({ applicationServerKey }: any) => {
        if (!applicationServerKey) throw new Error('a key is missing');
        return fake;
      };
      PushManager.prototype.getSubscription = async () => fake;
    }, browser.subscription);
    const { id: roomId } = await createRoom(mia, { name: 'Garden' });
    await joinRoom(ann, { roomId });
    await page.reload();
    const session = await context.newCDPSession(page);
    const registrationId = await followWorkers(session);

    await page.getByRole('button', { name: 'Notifications' }).click();
    await pushSwitch(page).check();
    expect(await hindrances(page)).toEqual([]);
    await until('the worker is registered', () => registrationId());
    const { seq } = await send(mia, roomId, 'Come here, @ann!');
    await until('the push arrives', () => browser.pushes().length > 0);

    const [push] = browser.pushes();
    const deliver = () =>
      session.send('ServiceWorker.deliverPushMessage', {
        origin: new URL(page.url()).origin,
        registrationId: registrationId()!,
        data: JSON.stringify(push),
      });
    // Nobody looks at the page.
    const other = await context.newPage();
    await other.bringToFront();
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    await until('it is in the background', () => page.evaluate(() => !document.hasFocus()));
    await until('the notification is shown', async () => {
      await deliver();
      return (await shown(page)).length > 0;
    });
    expect(await shown(page)).toEqual([
      { title: 'Mia · Garden', body: 'Come here, @ann!', data: `#/room/${roomId}/${seq}` },
    ]);

    const [worker] = context.serviceWorkers();
    await worker!.evaluate(async () => {
      const scope = globalThis as unknown as WorkerScope;
      const [notification] = await scope.registration.getNotifications();
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
    });
    await page.waitForURL(`**/#/room/${roomId}/${seq}`);
    expect(await shown(page)).toEqual([]);

    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    await page.bringToFront();
    if (!(await pushSwitch(page).isVisible()))
      await page.getByRole('button', { name: /^Notifications/ }).click();
    await pushSwitch(page).uncheck();
    await send(mia, roomId, 'Once more, @ann!');
    await page.getByText('Once more, @ann!').first().waitFor();
    expect(browser.pushes()).toHaveLength(1);
  });
});
