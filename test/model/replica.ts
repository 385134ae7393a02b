import type { Follow } from './history.ts';
import {
  emptyConversation,
  messageView,
  notificationView,
  settingsOf,
  type ConversationView,
  type View,
} from './view.ts';

/**
 * The state after an event, as the protocol tells clients to compute it. Applying an event again
 * that the state already contains does no harm: clients do so after a page has loaded.
 */
export function apply(view: View, follow: Follow, userId: string, event: any): View {
  if (follow.field === 'typing') return applyTyping(view, follow.roomId!, event);
  if (follow.field === 'roomPresence') return applyPresence(view, follow.roomId!, event);
  switch (event.__typename) {
    case 'NotificationReceived': {
      const shown = view.notifications ?? [];
      if (shown.some(({ id }) => id === event.notification.id)) return view;
      const received = { ...notificationView(event.notification), isRead: false };
      return { ...view, notifications: [received, ...shown] };
    }
    case 'NotificationsRead':
      return {
        ...view,
        notifications: view.notifications?.map((one) =>
          event.ids.includes(one.id) ? { ...one, isRead: true } : one,
        ),
      };
    case 'MessageSent': {
      const sent = withMessage(view, event.message);
      return follow.field === 'roomMessages'
        ? sent
        : movedToTop(sent, follow.name, event.message.conversation.id);
    }
    case 'MessageEdited':
    case 'MessageDeleted':
    case 'ReactionsChanged':
      return withMessage(view, event.message);
    case 'MessagesRead':
      return change(view, event.conversation.id, (conversation) =>
        withMarker(conversation, event.user.id, event.upToSeq),
      );
    case 'MemberJoined':
      return change(view, event.conversation.id, (conversation) =>
        joined(conversation, event, userId),
      );
    case 'MemberLeft':
      return change(view, event.conversation.id, ({ members = {}, ...conversation }) => {
        const { [event.user.id]: _left, ...others } = members;
        return { ...conversation, members: others };
      });
    case 'MemberUpdated': {
      const { user, role, mutedUntil } = event.member;
      return change(view, event.conversation.id, (conversation) =>
        // An event about a member who has left since says nothing.
        conversation.members?.[user.id]
          ? {
              ...conversation,
              members: { ...conversation.members, [user.id]: { role, mutedUntil } },
            }
          : conversation,
      );
    }
    case 'RoomUpdated':
      return change(view, event.room.id, (conversation) => ({
        ...conversation,
        settings: settingsOf(event.room),
      }));
    case 'SupportUpdated':
      return change(view, event.conversation.id, (conversation) => ({
        ...conversation,
        settings: settingsOf(event.conversation),
      }));
  }
  return view;
}

function joined(
  conversation: ConversationView,
  { user, conversation: { viewerMember } }: any,
  viewerId: string,
): ConversationView {
  const members = conversation.members ?? {};
  const entered = members[user.id] ? members : { ...members, [user.id]: newMember };
  const changed = { ...conversation, members: entered };
  // A new member has read every earlier message.
  return user.id === viewerId && viewerMember
    ? withMarker(changed, viewerId, viewerMember.lastReadSeq)
    : changed;
}
const newMember = { role: 'MEMBER', mutedUntil: null };

function withMessage(view: View, answer: any): View {
  return change(view, answer.conversation.id, (conversation) => {
    const message = messageView(answer);
    const messages: Record<number, (typeof conversation.messages)[number]> = {
      ...conversation.messages,
      [answer.seq]: message,
    };
    for (const [seq, other] of Object.entries(messages))
      if (other.replyTo?.id === message.id)
        messages[Number(seq)] = { ...other, replyTo: { id: message.id, body: message.body } };
    // The message may be the first one that is seen of a support conversation.
    const isFirst = answer.conversation.status && !conversation.settings.status;
    const settings = isFirst ? settingsOf(answer.conversation) : conversation.settings;
    // Sending counts as reading.
    return withMarker({ ...conversation, settings, messages }, message.authorId, answer.seq);
  });
}

const withMarker = (
  conversation: ConversationView,
  userId: string,
  upToSeq: number,
): ConversationView => ({
  ...conversation,
  readUpTo: {
    ...conversation.readUpTo,
    [userId]: Math.max(conversation.readUpTo[userId] ?? 0, upToSeq),
  },
});

const change = (
  view: View,
  id: string,
  work: (conversation: ConversationView) => ConversationView,
): View => ({
  ...view,
  conversations: {
    ...view.conversations,
    [id]: work(view.conversations[id] ?? emptyConversation),
  },
});

const movedToTop = (view: View, list: string, id: string): View => ({
  ...view,
  lists: {
    ...view.lists,
    [list]: [id, ...(view.lists[list] ?? []).filter((other) => other !== id)],
  },
});

function applyTyping(view: View, roomId: string, { isTyping, user }: any): View {
  const others = (view.typing[roomId] ?? []).filter((id) => id !== user.id);
  return {
    ...view,
    typing: { ...view.typing, [roomId]: isTyping ? [...others, user.id] : others },
  };
}

function applyPresence(view: View, roomId: string, event: any): View {
  if (event.__typename === 'PresenceSnapshot')
    return { ...view, online: { ...view.online, [roomId]: event.users.map(({ id }: any) => id) } };
  const others = (view.online[roomId] ?? []).filter((id) => id !== event.user.id);
  const now = event.__typename === 'UserCameOnline' ? [...others, event.user.id] : others;
  return { ...view, online: { ...view.online, [roomId]: now } };
}

/** The state with what a query answered about one follow. */
export const withLoaded = (view: View, loaded: View): View => ({
  conversations: { ...view.conversations, ...loaded.conversations },
  lists: { ...view.lists, ...loaded.lists },
  notifications: loaded.notifications ?? view.notifications,
  typing: { ...view.typing, ...loaded.typing },
  online: { ...view.online, ...loaded.online },
});
