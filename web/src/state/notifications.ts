import type { MyMemberFieldsFragment, NotificationFieldsFragment } from '@causerie/client';
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { watched } from './attention.ts';
import { blockChanged, loadBlocked } from './blocked.ts';
import { followAll } from './follow-all.ts';
import { reportNews } from './reports.ts';
import type { User } from './session.ts';

export type Notification = NotificationFieldsFragment;

export interface Notifications {
  /** The loaded notifications, newest first; null until the first page is loaded. */
  readonly list: ReadonlySignal<readonly Notification[] | null>;
  /**
   * The number of all unread notifications, loaded or not, except those of the conversation that
   * the viewer sees now.
   */
  readonly unread: ReadonlySignal<number>;
  readonly hasOlder: ReadonlySignal<boolean>;
  /** Replaces the list with the newest page. */
  load(): Promise<void>;
  loadOlder(): Promise<void>;
  markRead(id: string): Promise<void>;
  markAllRead(): Promise<void>;
}

interface Listeners {
  /** The viewer has read a room up to this message on another device. */
  readonly onRoomRead: (conversationId: string, upToSeq: number) => void;
  /** The viewer has set the notification level of a conversation on another device. */
  readonly onLevelChanged: (member: MyMemberFieldsFragment) => void;
  readonly onReceived: (notification: Notification) => void;
  readonly onRead: (ids: readonly string[]) => void;
}

const pageSize = 50;

type Page = Awaited<ReturnType<typeof causerie.notifications>>;
const notificationsOn = ({ edges }: Page): Notification[] => edges.map(({ node }) => node);
const unreadIn = (notifications: readonly Notification[]): number =>
  notifications.filter(({ readAt }) => readAt === null).length;

/** The notifications of the viewer, the same on all devices. Guests have none. */
export function followNotifications(
  viewer: User,
  ended: AbortSignal,
  { onRoomRead, onLevelChanged, onReceived, onRead }: Listeners,
): Notifications {
  const list = signal<readonly Notification[] | null>(null);
  /** The number of unread notifications older than the list. */
  const unreadOlder = signal(0);
  const hasOlder = signal(false);
  let before: string | null = null;
  let eventCount = 0;
  let loads = 0;
  let isLoaded = false;

  const loadPage = (after: string | null = null) =>
    causerie.notifications({ first: pageSize, after }, { signal: ended });

  /**
   * The number of unread notifications older than this page; undefined if something changed between
   * the two requests.
   */
  async function countOlder(page: Page): Promise<number | undefined> {
    if (!page.pageInfo.hasNextPage) return 0;
    const count = await causerie.unreadNotificationCount({ signal: ended });
    const again = await loadPage();
    const isSame = again.edges.every(({ node }, index) => {
      const before = page.edges[index]!.node;
      return node.id === before.id && node.readAt === before.readAt;
    });
    return isSame ? count - unreadIn(notificationsOn(page)) : undefined;
  }

  async function load(): Promise<void> {
    const mine = ++loads;
    for (;;) {
      const eventsBefore = eventCount;
      const page = await loadPage();
      const older = await countOlder(page);
      if (mine !== loads) return;
      // It is unknown whether the answers include the events that arrived meanwhile.
      if (eventCount !== eventsBefore || older === undefined) continue;
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
    const page = await loadPage(before);
    if (mine !== loads) return;
    const older = notificationsOn(page);
    list.value = [...(list.value ?? []), ...older];
    hasOlder.value = page.pageInfo.hasNextPage;
    unreadOlder.value = hasOlder.value ? Math.max(0, unreadOlder.value - unreadIn(older)) : 0;
    before = page.pageInfo.endCursor;
  }

  function receive(notification: Notification): void {
    eventCount++;
    const known = list.value ?? [];
    if (known.some(({ id }) => id === notification.id)) return;
    list.value = [notification, ...known];
    if (!isWatched(notification)) onReceived(notification);
  }

  /** `ids` has no repeats. */
  function markAsRead(ids: readonly string[], at: string): void {
    eventCount++;
    const readIds = new Set(ids);
    const known = list.value ?? [];
    const inList = known.filter(({ id }) => readIds.has(id)).length;
    list.value = known.map((one) =>
      readIds.has(one.id) ? { ...one, readAt: one.readAt ?? at } : one,
    );
    unreadOlder.value = Math.max(0, unreadOlder.value - (ids.length - inList));
    onRead(ids);
  }

  if (!viewer.isGuest) {
    const reload = () => void load().catch(() => {});
    void followAll(causerie.followNotifications({}, { signal: ended }), ended, (event) => {
      switch (event.__typename) {
        case 'NotificationReceived':
          return receive(event.notification);
        case 'NotificationsRead':
          return markAsRead(event.ids, event.occurredAt);
        case 'MessagesRead':
          return onRoomRead(event.conversation.id, event.upToSeq);
        case 'BlockChanged':
          return blockChanged(event.user, event.isBlocked);
        case 'NotificationLevelChanged':
          return onLevelChanged(event.member);
        case 'OpenReportsChanged':
          return void reportNews.value++;
        case 'UserUpdated':
          // The session takes the profile over.
          return void causerie.viewer().catch(() => {});
        case 'CaughtUp':
          // No event is missed from here on.
          return isLoaded ? undefined : reload();
        case 'StreamReset':
          reportNews.value++;
          loadBlocked(ended).catch(() => {});
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
