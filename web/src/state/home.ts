import { computed, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { blocked, loadBlocked } from './blocked.ts';
import { isQuiet, type ConversationState } from './conversation.ts';
import { closeBrowserNotices, showBrowserNotice } from './browser-notices.ts';
import { createDirects, type Directs } from './directs.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { followLobby, type Lobby, type LobbyRoom } from './lobby.ts';
import { followNotifications, type Notifications } from './notifications.ts';
import { renewPushes } from './pushes.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { go, routeOfNotification } from './route.ts';
import { createSearch, type Search } from './search.ts';
import { loadServerInfo, serverInfo } from './server-info.ts';
import { viewer, type User } from './session.ts';
import { createSupport, type Support } from './support.ts';
import { attempt, showToast } from './toasts.ts';
import { t } from '../texts/texts.ts';

/** The state of the page while a user is signed in. */
export interface Home {
  readonly viewer: User;
  readonly lobby: Lobby;
  readonly rooms: Rooms;
  readonly directs: Directs;
  readonly support: Support;
  readonly notifications: Notifications;
  readonly search: Search;
  readonly invitations: Invitations;
  /**
   * Whether the lists in the sidebar have been loaded, or have failed to load. The page is shown
   * only then, so that nothing moves.
   */
  readonly isReady: ReadonlySignal<boolean>;
  readonly messageMaxCharacters: ReadonlySignal<number>;
}

export const home = signal<Home | null>(null);

/** The number of unread messages in all conversations that are not silenced. */
export const unread = computed(() => {
  const conversations = home.value ? conversationsOf(home.value) : [];
  let sum = 0;
  for (const conversation of conversations)
    if (!isQuiet(conversation)) sum += conversation.unread.value;
  return sum;
});

type Followed = Pick<Home, 'rooms' | 'directs' | 'support'>;

const conversationsOf = ({ rooms, directs, support }: Followed): ConversationState[] =>
  [
    ...(rooms.joined.value?.values() ?? []),
    ...directs.all.value.values(),
    ...support.cases.value.values(),
  ].map(({ conversation }) => conversation);

let leave = new AbortController();
let leaveSupport = new AbortController();

function open(user: User): Home {
  const ended = leave.signal;
  const rooms = createRooms(user, ended);
  const directs = createDirects(user, ended);
  const support = startSupport(user);
  const invitations = createInvitations(ended);
  const isReady = signal(false);
  if (!user.isGuest) renewPushes().catch(() => {});
  blocked.value = new Map();
  loadBlocked(ended).catch(() => {});
  const loads = [rooms.load, directs.load, support.load];
  void Promise.all(loads.map(attempt)).then(() => (isReady.value = true));
  // Without the setting, nobody is asked.
  void loadServerInfo().then(() => {
    if (serverInfo.value?.invitationsAreAsked) void invitations.load();
  });
  const addIfMember = ({ room, usernames }: LobbyRoom) => {
    const { value: joined } = rooms.joined;
    if (joined && !joined.has(room.id) && usernames.includes(user.username))
      void rooms.addById(room.id).catch(() => {});
  };
  const notifications = followNotifications(user, ended, {
    onRoomRead: (conversationId, upToSeq) =>
      rooms.joined.value?.get(conversationId)?.conversation.readElsewhere(upToSeq),
    onLevelChanged(member) {
      for (const { notificationLevel } of conversationsOf({ rooms, directs, support }))
        notificationLevel.memberChanged(member);
    },
    onReceived(notification) {
      if (notification.data.invitationId !== undefined) void invitations.load();
      void showBrowserNotice(notification, () => {
        const to = home.value && routeOfNotification(home.value, notification);
        if (to) go(to);
      });
    },
    onRead: closeBrowserNotices,
  });
  return {
    viewer: user,
    lobby: followLobby(ended, addIfMember),
    rooms,
    directs,
    support,
    notifications,
    search: createSearch(ended),
    invitations,
    isReady,
    messageMaxCharacters: computed(() => serverInfo.value?.limits.messageMaxCharacters ?? 4000),
  };
}

/** Replaces the state of support. It is the only state that depends on the viewer's role. */
function startSupport(user: User): Support {
  leaveSupport.abort();
  leaveSupport = new AbortController();
  return createSupport(user, leaveSupport.signal);
}

function enter(user: User | null): void {
  const current = home.peek();
  if (user && current?.viewer.id === user.id) {
    if (current.viewer.role === user.role) return void (home.value = { ...current, viewer: user });
    const support = startSupport(user);
    home.value = { ...current, viewer: user, support };
    void attempt(support.load);
    return showToast(
      user.role === 'ADMIN'
        ? t('You are now an admin and on the support desk.')
        : t('You are no longer an admin.'),
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
