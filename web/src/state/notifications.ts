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

type Page = Awaited<ReturnType<typeof causerie.notifications>>;
const notificationsOn = ({ edges }: Page): Notification[] => edges.map(({ node }) => node);
const unreadIn = (notifications: readonly Notification[]): number =>
  notifications.filter(({ readAt }) => readAt === null).length;

/** What the viewer is told, on all devices; guests are told nothing. */
export function followNotifications(
  viewer: User,
  ended: AbortSignal,
  { onRoomRead, onReceived, onRead }: Listeners,
): Notifications {
  const list = signal<readonly Notification[] | null>(null);
  /** Of those that are older than the list. */
  const unreadOlder = signal(0);
  const hasOlder = signal(false);
  let before: string | null = null;
  let heard = 0;
  let loads = 0;
  let isLoaded = false;

  const read = (after: string | null = null) =>
    causerie.notifications({ first: pageSize, after }, { signal: ended });

  /** How many are unread beyond this page; undefined when something came between the answers. */
  async function countOlder(page: Page): Promise<number | undefined> {
    if (!page.pageInfo.hasNextPage) return 0;
    const count = await causerie.unreadNotificationCount({ signal: ended });
    const same = await read();
    const isSame = same.edges.every(
      ({ node: { id, readAt } }, place) =>
        page.edges[place]!.node.id === id && page.edges[place]!.node.readAt === readAt,
    );
    return isSame ? count - unreadIn(notificationsOn(page)) : undefined;
  }

  async function load(): Promise<void> {
    const mine = ++loads;
    for (;;) {
      const heardBefore = heard;
      const page = await read();
      const older = await countOlder(page);
      if (mine !== loads) return;
      // What is told meanwhile may be in the answers, or not.
      if (heard !== heardBefore || older === undefined) continue;
      isLoaded = true;
      list.value = notificationsOn(page);
      unreadOlder.value = older;
      hasOlder.value = page.pageInfo.hasNextPage;
      before = page.pageInfo.endCursor;
      return;
    }
  }

  async function loadOlder(): Promise<void> {
    const mine = loads;
    const page = await read(before);
    if (mine !== loads) return;
    const older = notificationsOn(page);
    list.value = [...(list.value ?? []), ...older];
    hasOlder.value = page.pageInfo.hasNextPage;
    unreadOlder.value = hasOlder.value ? Math.max(0, unreadOlder.value - unreadIn(older)) : 0;
    before = page.pageInfo.endCursor;
  }

  function receive(notification: Notification): void {
    heard++;
    const known = list.value ?? [];
    if (known.some(({ id }) => id === notification.id)) return;
    list.value = [notification, ...known];
    if (!isWatched(notification)) onReceived(notification);
  }

  /** Each is named once. */
  function settle(names: readonly string[], at: string): void {
    heard++;
    const ids = new Set(names);
    const known = list.value ?? [];
    const inList = known.filter(({ id }) => ids.has(id)).length;
    list.value = known.map((one) => (ids.has(one.id) ? { ...one, readAt: one.readAt ?? at } : one));
    unreadOlder.value = Math.max(0, unreadOlder.value - (ids.size - inList));
    onRead(names);
  }

  if (!viewer.isGuest) {
    const reload = () => void load().catch(() => {});
    void followAll(causerie.followNotifications({}, { signal: ended }), ended, (event) => {
      switch (event.__typename) {
        case 'NotificationReceived':
          return receive(event.notification);
        case 'NotificationsRead':
          return settle(event.ids, event.occurredAt);
        case 'MessagesRead':
          return onRoomRead(event.conversation.id, event.upToSeq);
        case 'CaughtUp':
          // From here on nothing is missed.
          return isLoaded ? undefined : reload();
        case 'StreamReset':
          return reload();
      }
    });
  }

  const isWatched = ({ data }: Notification): boolean =>
    watched.value !== undefined && data.conversationId === watched.value;
  return {
    list,
    hasOlder,
    unread: computed(
      () => unreadOlder.value + unreadIn((list.value ?? []).filter((one) => !isWatched(one))),
    ),
    load,
    loadOlder,
    markRead: async (id) => void (await causerie.markNotificationsRead({ ids: [id] })),
    markAllRead: async () => void (await causerie.markNotificationsRead({ all: true })),
  };
}
