// Shows pushes while no page of Causerie has the focus, and opens their conversation on a click. It caches nothing.

const routes = { ROOM: 'room', DIRECT: 'direct', SUPPORT: 'support' };

/** The address of the message of a push in the page. */
function addressOf({ conversationKind, conversationId, authorId, seq }) {
  const route = routes[conversationKind];
  const id = route === 'direct' ? authorId : conversationId;
  if (!route || !id) return '#/';
  return seq === undefined ? `#/${route}/${id}` : `#/${route}/${id}/${seq}`;
}

const openPages = async () =>
  (await clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(
    ({ url }) => new URL(url).pathname === '/',
  );

async function show(push) {
  const pages = await openPages();
  if (pages.some(({ focused }) => focused)) return;
  // The page uses the same tag, so one notification replaces the other.
  await registration.showNotification(push.title, {
    body: push.message,
    tag: push.conversationId ?? push.id,
    icon: '/favicon.svg',
    data: addressOf(push),
  });
}

async function open(address) {
  const [page] = await openPages();
  if (!page) return clients.openWindow(`/${address}`);
  page.postMessage({ address });
  await page.focus();
}

addEventListener('push', (event) => event.waitUntil(show(event.data.json())));

addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
