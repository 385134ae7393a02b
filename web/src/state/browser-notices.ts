import { computed, signal } from '@preact/signals';
import { isAnyLookedAt } from './attention.ts';
import type { Notification } from './notifications.ts';

/**
 * `unasked`: the viewer must allow them in the browser first. `blocked`: the browser blocks them.
 * `off`: the browser allows them, but the viewer turned them off.
 */
export type BrowserNotices = 'missing' | 'unasked' | 'blocked' | 'on' | 'off';

const key = 'causerie.notices';
const BrowserNotification = globalThis.Notification as typeof globalThis.Notification | undefined;
const permission = signal(BrowserNotification?.permission);
const isTurnedOff = signal(localStorage.getItem(key) === 'off');

export const browserNotices = computed((): BrowserNotices => {
  if (!permission.value) return 'missing';
  if (permission.value === 'default') return 'unasked';
  if (permission.value === 'denied') return 'blocked';
  return isTurnedOff.value ? 'off' : 'on';
});

// The viewer may change this in the settings of the browser, or in another tab.
navigator.permissions?.query({ name: 'notifications' }).then(
  (status) => (status.onchange = () => (permission.value = BrowserNotification?.permission)),
  () => {},
);
addEventListener('storage', () => (isTurnedOff.value = localStorage.getItem(key) === 'off'));

/**
 * Turns them on or off. Call it in a click handler, because it may ask the browser for permission.
 */
export async function turnBrowserNotices(isWanted: boolean): Promise<void> {
  isTurnedOff.value = !isWanted;
  if (isWanted) localStorage.removeItem(key);
  else localStorage.setItem(key, 'off');
  if (!isWanted || permission.value !== 'default') return;
  // Its answer may be older than a change in the settings of the browser.
  await BrowserNotification!.requestPermission();
  permission.value = BrowserNotification!.permission;
}

const shown = new Map<string, globalThis.Notification>();

/**
 * Shows a notification of the browser, if that is allowed and the viewer looks at no page of
 * Causerie. A newer one of the same conversation replaces it, also from another tab.
 */
export async function showBrowserNotice(
  { id, title, message, data }: Notification,
  open: () => void,
): Promise<void> {
  if (browserNotices.value !== 'on' || (await isAnyLookedAt())) return;
  try {
    const notice = new BrowserNotification!(title, {
      body: message,
      tag: typeof data.conversationId === 'string' ? data.conversationId : id,
    });
    shown.set(id, notice);
    notice.onclose = () => shown.delete(id);
    notice.onclick = () => {
      focus();
      open();
      notice.close();
    };
  } catch {
    // On phones only service workers can show them.
  }
}

/** Closes those that were read elsewhere. */
export function closeBrowserNotices(ids: Iterable<string>): void {
  for (const id of ids) {
    shown.get(id)?.close();
    shown.delete(id);
  }
}
