import { computed, signal } from '@preact/signals';
import { isAnyLookedAt } from './attention.ts';
import type { Notification } from './notifications.ts';

/** `unasked`: the browser has to be asked first. `blocked`: it was, and refused. `off`: it allows them, and the viewer does not want them here. */
export type BrowserNotices = 'missing' | 'unasked' | 'blocked' | 'on' | 'off';

const key = 'causerie.notices';
const own = globalThis.Notification as typeof globalThis.Notification | undefined;
const permission = signal(own?.permission);
const isSilenced = signal(localStorage.getItem(key) === 'off');

export const browserNotices = computed((): BrowserNotices => {
  if (!permission.value) return 'missing';
  if (permission.value === 'default') return 'unasked';
  if (permission.value === 'denied') return 'blocked';
  return isSilenced.value ? 'off' : 'on';
});

// Somebody may change their mind in the settings of the browser, or in another tab.
navigator.permissions?.query({ name: 'notifications' }).then(
  (status) => (status.onchange = () => (permission.value = own?.permission)),
  () => {},
);
addEventListener('storage', () => (isSilenced.value = localStorage.getItem(key) === 'off'));

/** For a click of the viewer only: asks the browser if that has to be. */
export async function wantBrowserNotices(isWanted: boolean): Promise<void> {
  isSilenced.value = !isWanted;
  if (isWanted) localStorage.removeItem(key);
  else localStorage.setItem(key, 'off');
  if (isWanted && permission.value === 'default') permission.value = await own!.requestPermission();
}

const shown = new Map<string, globalThis.Notification>();

/** The browser's own, if it may, and nobody looks at a page of ours. Of one conversation there is one, the newest, whatever the number of tabs. */
export async function showBrowserNotice(
  { id, title, message, data }: Notification,
  open: () => void,
): Promise<void> {
  if (browserNotices.value !== 'on' || (await isAnyLookedAt())) return;
  try {
    const notice = new own!(title, {
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
    // On phones they come from service workers only.
  }
}

/** What was read elsewhere is no news. */
export function closeBrowserNotices(ids: Iterable<string>): void {
  for (const id of ids) {
    shown.get(id)?.close();
    shown.delete(id);
  }
}
