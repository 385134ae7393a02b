import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { createDirects, type Directs } from './directs.ts';
import { followLobby, type LobbyRoom } from './lobby.ts';
import { followNotifications, showBrowserNotice, type Notifications } from './notifications.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { go, placeOfConversation } from './route.ts';
import { createSearch, type Search } from './search.ts';
import { viewer, type User } from './session.ts';
import { createSupport, type Support } from './support.ts';
import { attempt } from './toasts.ts';

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
  /** Messages that nobody has seen yet, in all rooms and private messages together. */
  readonly unread: ReadonlySignal<number>;
}

export const home = signal<Home | null>(null);

function open(user: User, ended: AbortSignal): Home {
  const rooms = createRooms(user, ended);
  const directs = createDirects(user, ended);
  const support = createSupport(user, ended);
  const messageMaxCharacters = signal(4000);
  const isReady = signal(false);
  void Promise.all([rooms, directs, support].map(({ load }) => attempt(load))).then(() => (isReady.value = true));
  causerie.serverInfo().then(({ limits }) => (messageMaxCharacters.value = limits.messageMaxCharacters), () => {});
  const discover = ({ room, usernames }: LobbyRoom) => {
    if (usernames.includes(user.username) && rooms.joined.value && !rooms.joined.value.has(room.id)) void rooms.discover(room.id).catch(() => {});
  };
  const notifications = followNotifications(user, ended, {
    onRead: (conversationId, upToSeq) => rooms.joined.value?.get(conversationId)?.talk.readElsewhere(upToSeq),
    onNews: (news) =>
      showBrowserNotice(news, () => {
        const place = placeOfConversation({ rooms, support, viewer: user }, news);
        if (place) go(place);
      }),
  });
  const talks = computed(() => [...(rooms.joined.value?.values() ?? []), ...directs.all.value.values(), ...support.cases.value.values()].map(({ talk }) => talk));
  const unread = computed(() => talks.value.reduce((sum, talk) => sum + talk.unread.value, 0));
  return { viewer: user, lobby: followLobby(ended, discover), rooms, directs, support, notifications, search: createSearch(ended), isReady, messageMaxCharacters, unread };
}

let leave: AbortController | undefined;
const viewerId = computed(() => viewer.value?.id);
viewerId.subscribe(() => {
  leave?.abort();
  leave = new AbortController();
  const user = viewer.peek();
  home.value = user && open(user, leave.signal);
});

home.subscribe((current) => {
  if (!current) document.title = 'Causerie';
});
