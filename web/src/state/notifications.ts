import type { NotificationFieldsFragment } from '@causerie/client';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';
import type { User } from './session.ts';

export type Notification = NotificationFieldsFragment;

export interface Notifications {
  /** The newest first, as far as they were read. */
  readonly list: ReadonlySignal<readonly Notification[]>;
  readonly unread: ReadonlySignal<number>;
  readAll(): Promise<void>;
}

interface Listeners {
  /** The viewer has read a room this far, on another device. */
  readonly onRead: (conversationId: string, upToSeq: number) => void;
  readonly onNews: (notification: Notification) => void;
}

const pageSize = 50;

/** What the viewer is told, on all devices; guests are told nothing. */
export function followNotifications(viewer: User, ended: AbortSignal, { onRead, onNews }: Listeners): Notifications {
  const list = signal<readonly Notification[]>([]);
  let isLoaded = false;

  async function load(): Promise<void> {
    const page = await causerie.notifications({ first: pageSize }, { signal: ended });
    const read = page.edges.map(({ node }) => node);
    const known = new Set(read.map(({ id }) => id));
    // What came while we read is newer.
    list.value = [...(isLoaded ? [] : list.value.filter(({ id }) => !known.has(id))), ...read];
    isLoaded = true;
  }

  const reload = () => void load().catch(() => {});
  if (!viewer.isGuest) {
    void followAll(causerie.followNotifications({}, { signal: ended }), ended, (event) => {
      switch (event.__typename) {
        case 'NotificationReceived':
          list.value = [event.notification, ...list.value.filter(({ id }) => id !== event.notification.id)];
          onNews(event.notification);
          break;
        case 'NotificationsRead': {
          const ids = new Set(event.ids);
          list.value = list.value.map((one) => (ids.has(one.id) ? { ...one, readAt: one.readAt ?? event.occurredAt } : one));
          break;
        }
        case 'MessagesRead':
          onRead(event.conversation.id, event.upToSeq);
          break;
        case 'StreamReset':
          isLoaded = true;
          reload();
          break;
      }
    });
    reload();
  }

  return {
    list,
    unread: computed(() => list.value.filter(({ readAt }) => readAt === null).length),
    readAll: async () => void (await causerie.markNotificationsRead({ all: true })),
  };
}

const supported = 'Notification' in globalThis;
export const browserNotices = signal(supported ? globalThis.Notification.permission : 'denied');

/** Asks whether the browser may show them while nobody looks. */
export async function allowBrowserNotices(): Promise<void> {
  browserNotices.value = await globalThis.Notification.requestPermission();
}

/** The browser's own, if it may and nobody looks at the page. */
export function showBrowserNotice({ id, title, message }: Notification, open: () => void): void {
  if (browserNotices.value !== 'granted' || document.visibilityState === 'visible') return;
  try {
    const notice = new globalThis.Notification(title, { body: message, tag: id });
    notice.onclick = () => {
      focus();
      open();
      notice.close();
    };
  } catch {
    // On phones they come from service workers only.
  }
}
