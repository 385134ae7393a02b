import type { NotificationFieldsFragment } from '@causerie/client';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { watched } from './attention.ts';
import { followAll } from './follow-all.ts';
import type { User } from './session.ts';

export type Notification = NotificationFieldsFragment;

export interface Notifications {
  /** The newest first, as far as they were read; null until they are known. */
  readonly list: ReadonlySignal<readonly Notification[] | null>;
  /** Of all, whether they were loaded or not. What is of the conversation before the viewer's eyes is not counted. */
  readonly unread: ReadonlySignal<number>;
  readonly hasOlder: ReadonlySignal<boolean>;
  /** Reads the newest page, in place of what there was. */
  load(): Promise<void>;
  loadOlder(): Promise<void>;
  markRead(id: string): Promise<void>;
  markAllRead(): Promise<void>;
}

interface Listeners {
  /** The viewer has read a room this far, on another device. */
  readonly onRoomRead: (conversationId: string, upToSeq: number) => void;
  readonly onReceived: (notification: Notification) => void;
  readonly onRead: (ids: readonly string[]) => void;
}

const pageSize = 50;

/** What the viewer is told, on all devices; guests are told nothing. */
export function followNotifications(viewer: User, ended: AbortSignal, { onRoomRead, onReceived, onRead }: Listeners): Notifications {
  const list = signal<readonly Notification[] | null>(null);
  const count = signal(0);
  const hasOlder = signal(false);
  let before: string | null = null;
  let heard = 0;
  let loads = 0;

  async function load(): Promise<void> {
    const mine = ++loads;
    for (;;) {
      const heardBefore = heard;
      const [page, unread] = await Promise.all([causerie.notifications({ first: pageSize }, { signal: ended }), causerie.unreadNotificationCount({ signal: ended })]);
      if (mine !== loads) return;
      // What is told meanwhile may be in the answers, or not.
      if (heard !== heardBefore) continue;
      list.value = page.edges.map(({ node }) => node);
      count.value = unread;
      hasOlder.value = page.pageInfo.hasNextPage;
      before = page.pageInfo.endCursor;
      return;
    }
  }

  async function loadOlder(): Promise<void> {
    const mine = loads;
    const page = await causerie.notifications({ first: pageSize, after: before }, { signal: ended });
    if (mine !== loads) return;
    list.value = [...(list.value ?? []), ...page.edges.map(({ node }) => node)];
    hasOlder.value = page.pageInfo.hasNextPage;
    before = page.pageInfo.endCursor;
  }

  function receive(notification: Notification): void {
    heard++;
    const known = list.value ?? [];
    if (known.some(({ id }) => id === notification.id)) return;
    list.value = [notification, ...known];
    count.value++;
    if (!isWatched(notification)) onReceived(notification);
  }

  /** Each is named once, whether it was loaded or not. */
  function read(names: readonly string[], at: string): void {
    heard++;
    const ids = new Set(names);
    const known = list.value ?? [];
    const wereRead = known.filter(({ id, readAt }) => ids.has(id) && readAt !== null).length;
    list.value = known.map((one) => (ids.has(one.id) ? { ...one, readAt: one.readAt ?? at } : one));
    count.value = Math.max(0, count.value - (ids.size - wereRead));
    onRead(names);
  }

  if (!viewer.isGuest) {
    const reload = () => void load().catch(() => {});
    void followAll(causerie.followNotifications({}, { signal: ended }), ended, (event) => {
      switch (event.__typename) {
        case 'NotificationReceived':
          return receive(event.notification);
        case 'NotificationsRead':
          return read(event.ids, event.occurredAt);
        case 'MessagesRead':
          return onRoomRead(event.conversation.id, event.upToSeq);
        case 'CaughtUp':
          // From here on nothing is missed.
          return list.value ? undefined : reload();
        case 'StreamReset':
          return reload();
      }
    });
  }

  const isWatched = ({ data }: Notification): boolean => watched.value !== undefined && data.conversationId === watched.value;
  return {
    list,
    hasOlder,
    unread: computed(() => count.value - (list.value ?? []).filter((one) => one.readAt === null && isWatched(one)).length),
    load,
    loadOlder,
    markRead: async (id) => void (await causerie.markNotificationsRead({ ids: [id] })),
    markAllRead: async () => void (await causerie.markNotificationsRead({ all: true })),
  };
}
