/** What a client shows. Every part is plain data, so that two views can be compared. */
export interface View {
  readonly conversations: { readonly [id: string]: ConversationView };
  /** Ids of conversations, the one with the newest message first. */
  readonly lists: { readonly [follow: string]: readonly string[] };
  /** Newest first. */
  readonly notifications?: readonly NotificationView[] | undefined;
  /** Ids of users, by room. */
  readonly typing: { readonly [roomId: string]: readonly string[] };
  readonly online: { readonly [roomId: string]: readonly string[] };
}

export interface ConversationView {
  /** The settings of a room, or the state of a support conversation. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of a room. */
  readonly members?: { readonly [userId: string]: MemberView } | undefined;
  readonly messages: { readonly [seq: number]: MessageView };
  /** How far each user has read. In a room, only the viewer's own is known. */
  readonly readUpTo: { readonly [userId: string]: number };
  /** The viewer's count, as the API answers it. Clients compute it. */
  readonly unreadCount?: number;
}

export interface MemberView {
  readonly role: string;
  readonly mutedUntil: string | null;
}

export interface MessageView {
  readonly id: string;
  readonly authorId: string;
  readonly body: string | null;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  readonly replyTo: { readonly id: string; readonly body: string | null } | null;
  readonly mentions: readonly string[];
  readonly reactions: readonly { emoji: string; count: number; viewerReacted: boolean }[];
  /** As the API answers it. Clients compute it. */
  readonly isRead?: boolean;
}

export interface NotificationView {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly createdAt: string;
  readonly isRead: boolean;
}

export const emptyView: View = { conversations: {}, lists: {}, typing: {}, online: {} };
export const emptyConversation: ConversationView = { settings: {}, messages: {}, readUpTo: {} };

export const messageView = ({
  isRead,
  author,
  mentions,
  replyTo,
  ...message
}: any): MessageView => ({
  id: message.id,
  authorId: author.id,
  body: message.body,
  editedAt: message.editedAt,
  deletedAt: message.deletedAt,
  replyTo,
  mentions: mentions.map(({ id }: any) => id),
  reactions: message.reactions,
  isRead,
});

export const notificationView = ({ id, type, data, createdAt, readAt }: any): NotificationView => ({
  id,
  type,
  data,
  createdAt,
  isRead: readAt !== null,
});

export const settingsOf = ({
  name,
  topic,
  visibility,
  slowModeSeconds,
  archivedAt,
  status,
  assignee,
  customer,
}: any): Record<string, unknown> =>
  status === undefined
    ? { name, topic, visibility, slowModeSeconds, archivedAt }
    : { status, archivedAt, assigneeId: assignee?.id ?? null, customerId: customer.id };

/** A conversation as `queries.conversation` answers it. */
export function conversationView(answer: any, userId: string): ConversationView {
  const members = answer.members.edges.map(({ node }: any) => node);
  return {
    settings: answer.__typename === 'DirectConversation' ? {} : settingsOf(answer),
    ...(answer.__typename === 'Room' && {
      members: Object.fromEntries(
        members.map(({ user, role, mutedUntil }: any) => [user.id, { role, mutedUntil }]),
      ),
    }),
    messages: Object.fromEntries(
      answer.messages.edges.map(({ node }: any) => [node.seq, messageView(node)]),
    ),
    readUpTo: {
      ...Object.fromEntries(
        members.flatMap(({ user, lastReadSeq }: any) =>
          lastReadSeq === null ? [] : [[user.id, lastReadSeq]],
        ),
      ),
      ...(answer.viewerMember && { [userId]: answer.viewerMember.lastReadSeq }),
    },
    unreadCount: answer.unreadCount,
  };
}
