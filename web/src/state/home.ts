import { computed, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { closeBrowserNotices, showBrowserNotice } from './browser-notices.ts';
import { createDirects, type Directs } from './directs.ts';
import { followLobby, type LobbyRoom } from './lobby.ts';
import { followNotifications, type Notifications } from './notifications.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { go, placeOfNotification } from './route.ts';
import { createSearch, type Search } from './search.ts';
import { viewer, type User } from './session.ts';
import { createSupport, type Support } from './support.ts';
import { attempt, tell } from './toasts.ts';

/** Everything that is known to who is signed in. */
export interface Home {
  readonly viewer: User;
  readonly lobby: ReadonlySignal<ReadonlyMap<string, LobbyRoom> | null>;
  readonly rooms: Rooms;
  readonly directs: Directs;
  readonly support: Support;
  readonly notifications: Notifications;
  readonly search: Search;
  /** Whether what stands beside everything else was read, or cannot be: shown before, it would move. */
  readonly isReady: ReadonlySignal<boolean>;
  readonly messageMaxCharacters: ReadonlySignal<number>;
}

export const home = signal<Home | null>(null);

/** Messages that the viewer has not seen yet, in all conversations together. */
export const unread = computed(() => {
  const { rooms, directs, support } = home.value ?? {};
  const talks = [
    ...(rooms?.joined.value?.values() ?? []),
    ...(directs?.all.value.values() ?? []),
    ...(support?.cases.value.values() ?? []),
  ];
  return talks.reduce((sum, { talk }) => sum + talk.unread.value, 0);
});

let leave = new AbortController();
let leaveSupport = new AbortController();

function open(user: User): Home {
  const ended = leave.signal;
  const rooms = createRooms(user, ended);
  const directs = createDirects(user, ended);
  const support = beginSupport(user);
  const messageMaxCharacters = signal(4000);
  const isReady = signal(false);
  void Promise.all([rooms, directs, support].map(({ load }) => attempt(load))).then(
    () => (isReady.value = true),
  );
  causerie.serverInfo().then(
    ({ limits }) => (messageMaxCharacters.value = limits.messageMaxCharacters),
    () => {},
  );
  const discover = ({ room, usernames }: LobbyRoom) => {
    if (usernames.includes(user.username) && rooms.joined.value && !rooms.joined.value.has(room.id))
      void rooms.discover(room.id).catch(() => {});
  };
  const notifications = followNotifications(user, ended, {
    onRoomRead: (conversationId, upToSeq) =>
      rooms.joined.value?.get(conversationId)?.talk.readElsewhere(upToSeq),
    onReceived: (notification) =>
      void showBrowserNotice(notification, () => {
        const place = home.value && placeOfNotification(home.value, notification);
        if (place) go(place);
      }),
    onRead: closeBrowserNotices,
  });
  return {
    viewer: user,
    lobby: followLobby(ended, discover),
    rooms,
    directs,
    support,
    notifications,
    search: createSearch(ended),
    isReady,
    messageMaxCharacters,
  };
}

/** In place of what was heard before: of the viewer's role nothing depends but what they hear of support. */
function beginSupport(user: User): Support {
  leaveSupport.abort();
  leaveSupport = new AbortController();
  return createSupport(user, leaveSupport.signal);
}

function enter(user: User | null): void {
  const current = home.peek();
  if (user && current?.viewer.id === user.id) {
    if (current.viewer.role === user.role) return void (home.value = { ...current, viewer: user });
    const support = beginSupport(user);
    home.value = { ...current, viewer: user, support };
    void attempt(support.load);
    return tell(
      user.role === 'ADMIN'
        ? 'You are an admin now, and on the support desk.'
        : 'You are no longer an admin.',
    );
  }
  leave.abort();
  leaveSupport.abort();
  leave = new AbortController();
  home.value = user && open(user);
}

viewer.subscribe((user) => untracked(() => enter(user)));

home.subscribe((current) => {
  if (!current) document.title = 'Causerie';
});
