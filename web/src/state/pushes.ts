import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { language } from '../texts/texts.ts';

/** Whether the browser shows notifications while no page of Causerie is open. */
export const pushes = signal<'missing' | 'off' | 'on'>('missing');

const key = 'causerie.pushes';
const isSupported = 'serviceWorker' in navigator && 'PushManager' in globalThis;
if (isSupported) pushes.value = localStorage.getItem(key) === 'on' ? 'on' : 'off';

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(input: string): string };
}

const { trustedTypes } = globalThis as typeof globalThis & { trustedTypes?: PolicyFactory };
const script = '/service-worker.js';
/** The content security policy allows this policy, which allows this script only. */
const policy = trustedTypes?.createPolicy('service-worker', { createScriptURL: () => script });

const register = (): Promise<ServiceWorkerRegistration> =>
  navigator.serviceWorker.register(policy?.createScriptURL('') ?? script);

/** Call it in a click handler. The viewer must have allowed notifications before. */
export async function turnPushes(isWanted: boolean): Promise<void> {
  if (isWanted) await subscribe();
  else await unsubscribe();
  pushes.value = isWanted ? 'on' : 'off';
  if (isWanted) localStorage.setItem(key, 'on');
  else localStorage.removeItem(key);
}

/** Registers the browser with the session of the viewer, after a sign-in. */
export async function renewPushes(): Promise<void> {
  if (pushes.value === 'on' && Notification.permission === 'granted') await subscribe();
}

async function subscribe(): Promise<void> {
  const { vapidPublicKey } = await causerie.serverInfo();
  const { pushManager } = await register();
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: vapidPublicKey,
  });
  const { endpoint, keys } = subscription.toJSON();
  await causerie.registerPushSubscription({
    endpoint: endpoint!,
    p256dh: keys!.p256dh!,
    auth: keys!.auth!,
    language,
  });
}

async function unsubscribe(): Promise<void> {
  const { pushManager } = await register();
  const subscription = await pushManager.getSubscription();
  if (!subscription) return;
  await causerie.removePushSubscription({ endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

// A click on a notification, from the service worker.
if (isSupported)
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    location.hash = (data as { readonly address: string }).address;
  });
