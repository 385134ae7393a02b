// Made by `npm run print` from schema.graphql and client/operations.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { Document } from '../document.ts';
import type { FollowOptions } from '../follow.ts';
import type { AskOptions } from '../request.ts';
/** What someone may do everywhere. */
export type Role =
  /** Everybody. */
  | 'USER'
  /** Who runs the application. */
  | 'ADMIN';

/** What a member may do in one conversation. */
export type MemberRole =
  /** Takes part. */
  | 'MEMBER'
  /** Keeps order. */
  | 'MODERATOR'
  /** Decides everything. */
  | 'OWNER';

/** Who sees a room. */
export type Visibility =
  /** Everybody who is signed in may look at it and join. */
  | 'PUBLIC'
  /** Its members only. For everybody else it does not exist. */
  | 'PRIVATE';

/** Why somebody is no longer a member. */
export type LeaveReason =
  /** They left. */
  | 'LEFT'
  /** They were removed, and may come back. */
  | 'KICKED'
  /** They were removed, and may not come back. */
  | 'BANNED';

/** Why the log cannot bridge. */
export type ResetReason =
  /** What followed the cursor is no longer kept. */
  | 'LOG_TRIMMED'
  /** More happened than is replayed. */
  | 'TOO_FAR_BEHIND'
  /** The cursor belongs to another topic, another database, or a history that the database no longer has. */
  | 'UNKNOWN_CURSOR';

/** Whether a support conversation waits for the desk. */
export type SupportStatus =
  /** It is not dealt with yet, or the customer has written again. */
  | 'OPEN'
  /** It is dealt with. A new message of the customer opens it again. */
  | 'RESOLVED';

/** What shows that it is meant. */
export type DeleteMyAccountInput = {
  /** The password; left out by those who have none: guests, and users of another issuer. */
  password?: string | null | undefined;
};

/** What is left out stays as it is. */
export type UpdateProfileInput = {
  /** 2-32 of `[a-z0-9_.-]`; upper case becomes lower case. CONFLICT when somebody else has it. Guests keep theirs. */
  username?: string | null | undefined;
  /** 1-64 characters after trimming. */
  displayName?: string | null | undefined;
  /** An http or https URL of at most 2048 characters; null removes the picture. */
  avatarUrl?: string | null | undefined;
};

/** Who wants to take part. */
export type SignUpInput = {
  /** 2-32 of `[a-z0-9_.-]`; upper case becomes lower case. CONFLICT when somebody else has it. */
  username: string;
  /** 8-200 characters. */
  password: string;
  /** 1-64 characters after trimming; the username when left out. */
  displayName?: string | null | undefined;
};

/** Who comes back. */
export type SignInInput = {
  /** Upper and lower case are the same. */
  username: string;
  /** The password given at sign-up. */
  password: string;
};

/** Who looks in. */
export type SignInAsGuestInput = {
  /** 1-64 characters after trimming. */
  displayName: string;
};

/** What a session goes on with. */
export type RefreshSessionInput = {
  /** The newest one of the session. Where the answer was lost, send it again within a minute. Used again otherwise, it ends the session. */
  refreshToken: string;
};

/** The two passwords. */
export type ChangePasswordInput = {
  /** The password so far. `FORBIDDEN` if it is wrong, `RATE_LIMITED` after ten attempts in five minutes. */
  currentPassword: string;
  /** 8-200 characters. */
  newPassword: string;
};

/** The session to end. */
export type EndSessionInput = {
  /** The id of one of your own sessions. `NOT_FOUND` for any other. */
  sessionId: string;
};

/** A message to be sent. */
export type SendMessageInput = {
  /** Where; the viewer must be a member. */
  conversationId: string;
  /** 1-4000 characters after trimming, counted as code points; no control characters but newline and tab. */
  body: string;
  /** A message of the same conversation that this one answers. */
  replyToId?: string | null | undefined;
  /** 1-128 characters, another for each message. When it is not known whether a send succeeded, send it again with the same key: it will not be there twice. */
  idempotencyKey?: string | null | undefined;
};

/** A new room. */
export type CreateRoomInput = {
  /** 1-64 characters after trimming, on one line. CONFLICT when another public room, or another private one of yours, has it. */
  name: string;
  /** What it is about, up to 1024 characters. */
  topic?: string | null | undefined;
  /** Who sees it. PUBLIC when left out. */
  visibility?: Visibility | null | undefined;
};

/** What is left out stays as it is. Only `topic` may be null. */
export type UpdateRoomInput = {
  /** The room to change. */
  roomId: string;
  /** 1-64 characters after trimming, on one line. CONFLICT when it is taken. */
  name?: string | null | undefined;
  /** Up to 1024 characters; null removes it. */
  topic?: string | null | undefined;
  /** Who sees it. For owners. Guests leave a room that becomes private. */
  visibility?: Visibility | null | undefined;
  /** How long a member waits between two messages: 0 (off) to 21600. */
  slowModeSeconds?: number | null | undefined;
  /** true: from now on it can only be read; false: it is in use again. For owners. */
  archived?: boolean | null | undefined;
};

/** A message to one user. */
export type SendPrivateMessageInput = {
  /** To whom. Not oneself (INVALID), no guest (FORBIDDEN), nobody who deleted their account (NOT_FOUND; FORBIDDEN where there is a conversation with them). */
  toUserId: string;
  /** 1-4000 characters after trimming, counted as code points; no control characters but newline and tab. */
  body: string;
  /** A message of the same conversation that this one answers. */
  replyToId?: string | null | undefined;
  /** 1-128 characters, another for each message. When it is not known whether a send succeeded, send it again with the same key: it will not be there twice. */
  idempotencyKey?: string | null | undefined;
};

/** Another text for a message. */
export type EditMessageInput = {
  /** A message of the viewer. */
  messageId: string;
  /** The text from now on, under the rules of `sendMessage`. */
  body: string;
};

/** Which message goes. */
export type DeleteMessageInput = {
  /** The message. */
  messageId: string;
  /** Why, for the moderation log, where it is of somebody else; up to 500 characters. */
  reason?: string | null | undefined;
};

/** Which notifications are read: exactly one of the two. */
export type MarkNotificationsReadInput = {
  /** These, at most 1000. Ids of others change nothing, as if they did not exist. */
  ids?: Array<string> | null | undefined;
  /** `true`: all that there are by now. */
  all?: boolean | null | undefined;
};

/** What to tell whom. */
export type NotifyInput = {
  /** 1 to 1000. Who does not exist, has gone or is a guest is left out; who is named twice is told once. */
  userIds: Array<string>;
  /** snake_case, at most 64 characters, e.g. `payment_completed`; not one that this server gives itself. */
  type: string;
  /** 1-200 characters, on one line. */
  title: string;
  /** 1-2000 characters. */
  message: string;
  /** At most 8 KiB as JSON. */
  data?: Record<string, unknown> | null | undefined;
};

/** What to tell everybody. */
export type AnnounceInput = {
  /** 1-200 characters, on one line. */
  title: string;
  /** 1-2000 characters. */
  message: string;
  /** At most 8 KiB as JSON. */
  data?: Record<string, unknown> | null | undefined;
};

/** An emoji for a message. */
export type ReactionInput = {
  /** The message. */
  messageId: string;
  /** One emoji of Unicode, with skin tones, flags and sequences. */
  emoji: string;
};

/** How far the viewer has read. */
export type MarkReadInput = {
  /** Where; the viewer must be a member. */
  conversationId: string;
  /** The `seq` of the newest message read. Beyond the newest that there is, it means that one. */
  upToSeq: number;
};

/** Whether the viewer types. */
export type SetTypingInput = {
  /** Where; the viewer must be a member. */
  conversationId: string;
  /** true while they do: repeat it every few seconds, before `typingTtlMs` are over. false when they stop; sending ends it, too. */
  isTyping: boolean;
};

/** Who gets which role. */
export type SetMemberRoleInput = {
  /** The room. */
  roomId: string;
  /** A member of it. */
  userId: string;
  /** The role from now on. */
  role: MemberRole;
};

/** Whom to show out. */
export type KickMemberInput = {
  /** The room. */
  roomId: string;
  /** A member of it. */
  userId: string;
  /** Why, for the moderation log; up to 500 characters. */
  reason?: string | null | undefined;
};

/** Whom to keep out. */
export type BanMemberInput = {
  /** The room. */
  roomId: string;
  /** Who, whether they are a member or not. */
  userId: string;
  /** Why, for the moderation log, and for who is banned; up to 500 characters. */
  reason?: string | null | undefined;
  /** Its end; null or left out: for ever. */
  until?: string | null | undefined;
};

/** Whom to let in again. */
export type UnbanMemberInput = {
  /** The room. */
  roomId: string;
  /** Who is banned from it. */
  userId: string;
};

/** `until: null` lifts it. */
export type MuteMemberInput = {
  /** The room. */
  roomId: string;
  /** A member of it. */
  userId: string;
  /** Why, for the moderation log; up to 500 characters. */
  reason?: string | null | undefined;
  /** Its end; null or left out: it is lifted. */
  until?: string | null | undefined;
};

/** What is wrong with which message. */
export type ReportMessageInput = {
  /** A message that the viewer may see. */
  messageId: string;
  /** Why it should be looked at, 1-500 characters. */
  reason: string;
};

/** Which report is dealt with. */
export type ResolveReportInput = {
  /** The report. */
  reportId: string;
};

/** Who looks after a support conversation. */
export type AssignSupportInput = {
  /** The support conversation. */
  conversationId: string;
  /** An admin; null or left out: nobody. */
  assigneeId?: string | null | undefined;
};

/** What is dealt with. */
export type ResolveSupportInput = {
  /** The support conversation. */
  conversationId: string;
};

/** Exactly one of the two. A name that does not exist is NOT_FOUND, it makes no room. */
export type JoinRoomInput = {
  /** The id of the room. */
  roomId?: string | null | undefined;
  /** The name of the room; upper and lower case are the same. */
  name?: string | null | undefined;
};

/** The room to leave. */
export type LeaveRoomInput = {
  /** The id of the room. */
  roomId: string;
};

/** Whom to make a member of what. */
export type InviteToRoomInput = {
  /** The id of the room. */
  roomId: string;
  /** 1 to 100 users. No guests, where the room is private. */
  userIds: Array<string>;
};

export type SessionFieldsFragment = { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { createdAt: string, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null };

export type UserQueryVariables = Exact<{
  id?: string | null | undefined;
  username?: string | null | undefined;
}>;


export type UserQuery = { user: { createdAt: string, isOnline: boolean, lastSeenAt: string | null, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null };

export type UsersQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type UsersQuery = { users: { edges: Array<{ cursor: string, node: { isOnline: boolean, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SignUpMutationVariables = Exact<{
  input: SignUpInput;
}>;


export type SignUpMutation = { signUp: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type SignInAsGuestMutationVariables = Exact<{
  input: SignInAsGuestInput;
}>;


export type SignInAsGuestMutation = { signInAsGuest: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { refreshSession: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { ok: boolean } };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { sessions: Array<{ id: string, createdAt: string, lastUsedAt: string | null, userAgent: string | null, isCurrent: boolean }> };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type EndSessionMutationVariables = Exact<{
  input: EndSessionInput;
}>;


export type EndSessionMutation = { endSession: { endedCount: number } };

export type EndOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type EndOtherSessionsMutation = { endOtherSessions: { endedCount: number } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } };

export type ExportMyDataMutationVariables = Exact<{ [key: string]: never; }>;


export type ExportMyDataMutation = { exportMyData: { data: Record<string, unknown> } };

export type DeleteMyAccountMutationVariables = Exact<{
  input: DeleteMyAccountInput;
}>;


export type DeleteMyAccountMutation = { deleteMyAccount: { ok: boolean } };

export type DirectConversationFieldsFragment = { id: string, createdAt: string, archivedAt: string | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type MyDirectConversationFieldsFragment = { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type DirectConversationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type DirectConversationsQuery = { directConversations: { edges: Array<{ cursor: string, node: { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SendPrivateMessageMutationVariables = Exact<{
  input: SendPrivateMessageInput;
}>;


export type SendPrivateMessageMutation = { sendPrivateMessage: { duplicate: boolean, delivered: boolean, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }, conversation: { id: string, createdAt: string, archivedAt: string | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type PrivateMessagesSubscriptionVariables = Exact<{
  withUserId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type PrivateMessagesSubscription = { privateMessages:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberLeft', reason: LeaveReason, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', cursor: string, occurredAt: string, resetReason: ResetReason }
    | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
    | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
    | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } }
    | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
   };

export type UserFieldsFragment = { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean };

export type MemberFieldsFragment = { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type MessageFieldsFragment = { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

export type MyMessageFieldsFragment = { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

export type LastMessageFieldsFragment = { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type RoomFieldsFragment = { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null };

export type PageFieldsFragment = { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null };

export type MessagesQueryVariables = Exact<{
  conversationId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type MessagesQuery = { conversation:
    | { messages: { edges: Array<{ cursor: string, node: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { messages: { edges: Array<{ cursor: string, node: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { messages: { edges: Array<{ cursor: string, node: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
   | null };

export type FoundMessageFieldsFragment = { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, conversation:
    | { __typename: 'Room', name: string, visibility: Visibility, id: string }
    | { __typename: 'DirectConversation', id: string, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
  , reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null };

export type SearchMessagesQueryVariables = Exact<{
  query: string;
  conversationId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type SearchMessagesQuery = { searchMessages: { edges: Array<{ cursor: string, node: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, conversation:
          | { __typename: 'Room', name: string, visibility: Visibility, id: string }
          | { __typename: 'DirectConversation', id: string, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
          | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
        , reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { sendMessage: { duplicate: boolean, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type EditMessageMutationVariables = Exact<{
  input: EditMessageInput;
}>;


export type EditMessageMutation = { editMessage: { message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type DeleteMessageMutationVariables = Exact<{
  input: DeleteMessageInput;
}>;


export type DeleteMessageMutation = { deleteMessage: { message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type AddReactionMutationVariables = Exact<{
  input: ReactionInput;
}>;


export type AddReactionMutation = { addReaction: { message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type RemoveReactionMutationVariables = Exact<{
  input: ReactionInput;
}>;


export type RemoveReactionMutation = { removeReaction: { message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type MarkReadMutation = { markRead: { conversation:
      | { id: string, unreadCount: number, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
      | { id: string, unreadCount: number, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
      | { id: string, unreadCount: number, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
     } };

type ConversationEventFields_MessagesRead_Fragment = { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

type ConversationEventFields_MemberJoined_Fragment = { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

type ConversationEventFields_MemberLeft_Fragment = { __typename: 'MemberLeft', reason: LeaveReason, cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

type ConversationEventFields_MemberUpdated_Fragment = { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } };

type ConversationEventFields_CaughtUp_Fragment = { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string };

type ConversationEventFields_StreamReset_Fragment = { __typename: 'StreamReset', cursor: string, occurredAt: string, resetReason: ResetReason };

type ConversationEventFields_MessageSent_Fragment = { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } };

type ConversationEventFields_MessageEdited_Fragment = { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } };

type ConversationEventFields_MessageDeleted_Fragment = { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } };

type ConversationEventFields_ReactionsChanged_Fragment = { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null };

type ConversationEventFields_MessagesExpired_Fragment = { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

type ConversationEventFields_RoomUpdated_Fragment = { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } };

type ConversationEventFields_SupportUpdated_Fragment = { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } };

type ConversationEventFields_DeskChanged_Fragment = { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type ConversationEventFieldsFragment =
  | ConversationEventFields_MessagesRead_Fragment
  | ConversationEventFields_MemberJoined_Fragment
  | ConversationEventFields_MemberLeft_Fragment
  | ConversationEventFields_MemberUpdated_Fragment
  | ConversationEventFields_CaughtUp_Fragment
  | ConversationEventFields_StreamReset_Fragment
  | ConversationEventFields_MessageSent_Fragment
  | ConversationEventFields_MessageEdited_Fragment
  | ConversationEventFields_MessageDeleted_Fragment
  | ConversationEventFields_ReactionsChanged_Fragment
  | ConversationEventFields_MessagesExpired_Fragment
  | ConversationEventFields_RoomUpdated_Fragment
  | ConversationEventFields_SupportUpdated_Fragment
  | ConversationEventFields_DeskChanged_Fragment
;

export type RoomMessagesSubscriptionVariables = Exact<{
  roomId: string;
  after?: string | null | undefined;
  last?: number | null | undefined;
}>;


export type RoomMessagesSubscription = { roomMessages:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberLeft', reason: LeaveReason, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', cursor: string, occurredAt: string, resetReason: ResetReason }
    | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
    | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
    | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } }
    | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
   };

export type ModerationEntryFieldsFragment = { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } | null };

export type ReportFieldsFragment = { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, conversation:
      | { __typename: 'Room', name: string, visibility: Visibility, id: string }
      | { __typename: 'DirectConversation', id: string }
      | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    , reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } };

export type BanFieldsFragment = { reason: string | null, until: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } };

export type BansQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type BansQuery = { bans: { edges: Array<{ cursor: string, node: { reason: string | null, until: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ModerationLogQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ModerationLogQuery = { moderationLog: { edges: Array<{ cursor: string, node: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ReportsQueryVariables = Exact<{
  roomId?: string | null | undefined;
  resolved?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ReportsQuery = { reports: { edges: Array<{ cursor: string, node: { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, conversation:
            | { __typename: 'Room', name: string, visibility: Visibility, id: string }
            | { __typename: 'DirectConversation', id: string }
            | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
          , reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SetMemberRoleMutationVariables = Exact<{
  input: SetMemberRoleInput;
}>;


export type SetMemberRoleMutation = { setMemberRole: { member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } } };

export type KickMemberMutationVariables = Exact<{
  input: KickMemberInput;
}>;


export type KickMemberMutation = { kickMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type BanMemberMutationVariables = Exact<{
  input: BanMemberInput;
}>;


export type BanMemberMutation = { banMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type UnbanMemberMutationVariables = Exact<{
  input: UnbanMemberInput;
}>;


export type UnbanMemberMutation = { unbanMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type MuteMemberMutationVariables = Exact<{
  input: MuteMemberInput;
}>;


export type MuteMemberMutation = { muteMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type ReportMessageMutationVariables = Exact<{
  input: ReportMessageInput;
}>;


export type ReportMessageMutation = { reportMessage: { report: { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, conversation:
          | { __typename: 'Room', name: string, visibility: Visibility, id: string }
          | { __typename: 'DirectConversation', id: string }
          | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
        , reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } } };

export type ResolveReportMutationVariables = Exact<{
  input: ResolveReportInput;
}>;


export type ResolveReportMutation = { resolveReport: { report: { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, conversation:
          | { __typename: 'Room', name: string, visibility: Visibility, id: string }
          | { __typename: 'DirectConversation', id: string }
          | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
        , reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } } };

export type NotificationFieldsFragment = { id: string, type: string, title: string, message: string, data: Record<string, unknown>, createdAt: string, readAt: string | null };

export type NotificationsQueryVariables = Exact<{
  unreadOnly?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type NotificationsQuery = { notifications: { edges: Array<{ cursor: string, node: { id: string, type: string, title: string, message: string, data: Record<string, unknown>, createdAt: string, readAt: string | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type UnreadNotificationCountQueryVariables = Exact<{ [key: string]: never; }>;


export type UnreadNotificationCountQuery = { unreadNotificationCount: number };

export type MarkNotificationsReadMutationVariables = Exact<{
  input: MarkNotificationsReadInput;
}>;


export type MarkNotificationsReadMutation = { markNotificationsRead: { unreadNotificationCount: number } };

export type NotifyMutationVariables = Exact<{
  input: NotifyInput;
}>;


export type NotifyMutation = { notify: { recipientCount: number } };

export type AnnounceMutationVariables = Exact<{
  input: AnnounceInput;
}>;


export type AnnounceMutation = { announce: { recipientCount: number } };

export type FollowNotificationsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FollowNotificationsSubscription = { notifications:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', cursor: string, occurredAt: string, resetReason: ResetReason }
    | { __typename: 'NotificationReceived', cursor: string, occurredAt: string, notification: { id: string, type: string, title: string, message: string, data: Record<string, unknown>, createdAt: string, readAt: string | null } }
    | { __typename: 'NotificationsRead', ids: Array<string>, cursor: string, occurredAt: string }
   };

export type OnlineUsersQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
}>;


export type OnlineUsersQuery = { room: { onlineUsers: Array<{ id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }> } | null };

export type ConnectionStatsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConnectionStatsQuery = { connectionStats: { connections: number, onlineUsers: number, nodes: number } };

export type SetTypingMutationVariables = Exact<{
  input: SetTypingInput;
}>;


export type SetTypingMutation = { setTyping: { ok: boolean } };

export type TypingSubscriptionVariables = Exact<{
  conversationId: string;
}>;


export type TypingSubscription = { typing: { conversationId: string, isTyping: boolean, expiresAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } };

export type RoomPresenceSubscriptionVariables = Exact<{
  roomId: string;
}>;


export type RoomPresenceSubscription = { roomPresence:
    | { __typename: 'PresenceSnapshot', users: Array<{ id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }> }
    | { __typename: 'UserCameOnline', user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'UserWentOffline', lastSeenAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
   };

export type LobbyRoomFieldsFragment = { onlineCount: number, usernames: Array<string>, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } };

export type LobbySubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LobbySubscription = { lobby:
    | { __typename: 'LobbySnapshot', rooms: Array<{ onlineCount: number, usernames: Array<string>, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }> }
    | { __typename: 'LobbyRoomChanged', room: { onlineCount: number, usernames: Array<string>, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } } }
    | { __typename: 'LobbyRoomRemoved', roomId: string }
   };

export type MyRoomFieldsFragment = { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null };

export type RoomQueryVariables = Exact<{
  id?: string | null | undefined;
  name?: string | null | undefined;
}>;


export type RoomQuery = { room: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerBan: { reason: string | null, until: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } | null };

export type RoomsQueryVariables = Exact<{
  search?: string | null | undefined;
  joined?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type RoomsQuery = { rooms: { edges: Array<{ cursor: string, node: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ConversationQueryVariables = Exact<{
  id: string;
}>;


export type ConversationQuery = { conversation:
    | { __typename: 'Room', onlineCount: number, id: string, createdAt: string, unreadCount: number, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
    | { __typename: 'DirectConversation', id: string, createdAt: string, unreadCount: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'SupportConversation', id: string, createdAt: string, unreadCount: number, archivedAt: string | null, status: SupportStatus, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null }
   | null };

export type MembersQueryVariables = Exact<{
  conversationId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type MembersQuery = { conversation:
    | { members: { edges: Array<{ cursor: string, node: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { members: { edges: Array<{ cursor: string, node: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { members: { edges: Array<{ cursor: string, node: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
   | null };

export type CreateRoomMutationVariables = Exact<{
  input: CreateRoomInput;
}>;


export type CreateRoomMutation = { createRoom: { room: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } };

export type UpdateRoomMutationVariables = Exact<{
  input: UpdateRoomInput;
}>;


export type UpdateRoomMutation = { updateRoom: { room: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } };

export type JoinRoomMutationVariables = Exact<{
  input: JoinRoomInput;
}>;


export type JoinRoomMutation = { joinRoom: { room: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } };

export type LeaveRoomMutationVariables = Exact<{
  input: LeaveRoomInput;
}>;


export type LeaveRoomMutation = { leaveRoom: { room: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } };

export type InviteToRoomMutationVariables = Exact<{
  input: InviteToRoomInput;
}>;


export type InviteToRoomMutation = { inviteToRoom: { room: { onlineCount: number, unreadCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null } } };

export type ServerInfoQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerInfoQuery = { serverInfo: { version: string, time: string, signUpEnabled: boolean, guestsEnabled: boolean, limits: { messageMaxCharacters: number, pageDefault: number, pageMax: number, replayMax: number, operationsPerConnection: number, connectionsPerUser: number, frameMaxBytes: number, sendsPerWindow: number, sendsWindowMs: number, sendsBurst: number, typingTtlMs: number, typingResendMs: number, presenceTtlMs: number, leaveGraceMs: number, accessTokenMs: number } } };

export type SupportConversationFieldsFragment = { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null };

export type MySupportConversationFieldsFragment = { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null };

export type MySupportConversationQueryVariables = Exact<{ [key: string]: never; }>;


export type MySupportConversationQuery = { mySupportConversation: { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } };

export type SupportConversationsQueryVariables = Exact<{
  status?: SupportStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type SupportConversationsQuery = { supportConversations: { edges: Array<{ cursor: string, node: { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, viewerMember: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type AssignSupportMutationVariables = Exact<{
  input: AssignSupportInput;
}>;


export type AssignSupportMutation = { assignSupport: { conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } } };

export type ResolveSupportMutationVariables = Exact<{
  input: ResolveSupportInput;
}>;


export type ResolveSupportMutation = { resolveSupport: { conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } } };

export type SupportMessagesSubscriptionVariables = Exact<{
  conversationId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type SupportMessagesSubscription = { supportMessages:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberLeft', reason: LeaveReason, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
    | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, lastReadSeq: number, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', cursor: string, occurredAt: string, resetReason: ResetReason }
    | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, body: string | null, createdAt: string, editedAt: string | null, deletedAt: string | null, isRead: boolean, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } } | null }
    | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
    | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } | null } }
    | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean } }
   };

const SessionFields = 'fragment SessionFields on Session{accessToken expiresAt refreshToken user{...UserFields}}';
const DirectConversationFields = 'fragment DirectConversationFields on DirectConversation{id createdAt archivedAt peer{...UserFields}}';
const MyDirectConversationFields = 'fragment MyDirectConversationFields on DirectConversation{...DirectConversationFields unreadCount viewerMember{...MemberFields}lastMessage{...LastMessageFields}}';
const UserFields = 'fragment UserFields on User{id username displayName avatarUrl role isGuest}';
const MemberFields = 'fragment MemberFields on Member{role joinedAt mutedUntil lastReadSeq user{...UserFields}}';
const MessageFields = 'fragment MessageFields on Message{id seq body createdAt editedAt deletedAt isRead reactions{emoji count}author{...UserFields}mentions{id username}replyTo{id seq body deletedAt author{...UserFields}}conversation{id}}';
const MyMessageFields = 'fragment MyMessageFields on Message{...MessageFields reactions{viewerReacted}}';
const LastMessageFields = 'fragment LastMessageFields on Message{id seq body createdAt deletedAt isRead author{...UserFields}}';
const RoomFields = 'fragment RoomFields on Room{id createdAt name topic visibility memberCount slowModeSeconds archivedAt}';
const PageFields = 'fragment PageFields on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}';
const FoundMessageFields = 'fragment FoundMessageFields on Message{...MyMessageFields conversation{__typename id ...on Room{name visibility}...on DirectConversation{peer{...UserFields}}...on SupportConversation{customer{...UserFields}}}}';
const ConversationEventFields = 'fragment ConversationEventFields on ConversationEvent{__typename cursor occurredAt ...on MessageSent{message{...MessageFields}}...on MessageEdited{message{...MessageFields}}...on MessageDeleted{message{...MessageFields}}...on ReactionsChanged{message{...MessageFields}reaction{emoji isAdded user{...UserFields}}}...on MessagesExpired{conversation{id}upToSeq}...on MessagesRead{conversation{id}user{...UserFields}upToSeq}...on MemberJoined{conversation{id}user{...UserFields}}...on MemberLeft{conversation{id}user{...UserFields}reason}...on MemberUpdated{conversation{id}member{...MemberFields}}...on RoomUpdated{room{...RoomFields}}...on SupportUpdated{conversation{...SupportConversationFields}}...on DeskChanged{user{...UserFields}}...on CaughtUp{replayed}...on StreamReset{resetReason:reason}}';
const ModerationEntryFields = 'fragment ModerationEntryFields on ModerationEntry{id action createdAt reason role until moderator{...UserFields}user{...UserFields}message{...MessageFields}}';
const ReportFields = 'fragment ReportFields on Report{id reason createdAt resolvedAt reporter{...UserFields}resolvedBy{...UserFields}message{...MessageFields conversation{__typename id ...on Room{name visibility}...on SupportConversation{customer{...UserFields}}}}}';
const BanFields = 'fragment BanFields on Ban{reason until createdAt user{...UserFields}}';
const NotificationFields = 'fragment NotificationFields on Notification{id type title message data createdAt readAt}';
const LobbyRoomFields = 'fragment LobbyRoomFields on LobbyRoom{onlineCount usernames room{...RoomFields}}';
const MyRoomFields = 'fragment MyRoomFields on Room{...RoomFields onlineCount unreadCount viewerMember{...MemberFields}lastMessage{...LastMessageFields}}';
const SupportConversationFields = 'fragment SupportConversationFields on SupportConversation{id createdAt archivedAt status customer{...UserFields}assignee{...UserFields}}';
const MySupportConversationFields = 'fragment MySupportConversationFields on SupportConversation{...SupportConversationFields unreadCount viewerMember{...MemberFields}lastMessage{...LastMessageFields}}';
export const ViewerDocument: Document<ViewerQuery, ViewerQueryVariables> = 'query Viewer{viewer{...UserFields createdAt}}' + UserFields;
export const UserDocument: Document<UserQuery, UserQueryVariables> = 'query User($id:ID$username:String){user(id:$id username:$username){...UserFields createdAt isOnline lastSeenAt}}' + UserFields;
export const UsersDocument: Document<UsersQuery, UsersQueryVariables> = 'query Users($search:String$first:Int$after:String$last:Int$before:String){users(search:$search first:$first after:$after last:$last before:$before){edges{cursor node{...UserFields isOnline}}pageInfo{...PageFields}}}' + UserFields + PageFields;
export const SignUpDocument: Document<SignUpMutation, SignUpMutationVariables> = 'mutation SignUp($input:SignUpInput!){signUp(input:$input){session{...SessionFields}}}' + SessionFields + UserFields;
export const SignInDocument: Document<SignInMutation, SignInMutationVariables> = 'mutation SignIn($input:SignInInput!){signIn(input:$input){session{...SessionFields}}}' + SessionFields + UserFields;
export const SignInAsGuestDocument: Document<SignInAsGuestMutation, SignInAsGuestMutationVariables> = 'mutation SignInAsGuest($input:SignInAsGuestInput!){signInAsGuest(input:$input){session{...SessionFields}}}' + SessionFields + UserFields;
export const RefreshSessionDocument: Document<RefreshSessionMutation, RefreshSessionMutationVariables> = 'mutation RefreshSession($input:RefreshSessionInput!){refreshSession(input:$input){session{...SessionFields}}}' + SessionFields + UserFields;
export const SignOutDocument: Document<SignOutMutation, SignOutMutationVariables> = 'mutation SignOut{signOut{ok}}';
export const SessionsDocument: Document<SessionsQuery, SessionsQueryVariables> = 'query Sessions{sessions{id createdAt lastUsedAt userAgent isCurrent}}';
export const ChangePasswordDocument: Document<ChangePasswordMutation, ChangePasswordMutationVariables> = 'mutation ChangePassword($input:ChangePasswordInput!){changePassword(input:$input){session{...SessionFields}}}' + SessionFields + UserFields;
export const EndSessionDocument: Document<EndSessionMutation, EndSessionMutationVariables> = 'mutation EndSession($input:EndSessionInput!){endSession(input:$input){endedCount}}';
export const EndOtherSessionsDocument: Document<EndOtherSessionsMutation, EndOtherSessionsMutationVariables> = 'mutation EndOtherSessions{endOtherSessions{endedCount}}';
export const UpdateProfileDocument: Document<UpdateProfileMutation, UpdateProfileMutationVariables> = 'mutation UpdateProfile($input:UpdateProfileInput!){updateProfile(input:$input){user{...UserFields}}}' + UserFields;
export const ExportMyDataDocument: Document<ExportMyDataMutation, ExportMyDataMutationVariables> = 'mutation ExportMyData{exportMyData{data}}';
export const DeleteMyAccountDocument: Document<DeleteMyAccountMutation, DeleteMyAccountMutationVariables> = 'mutation DeleteMyAccount($input:DeleteMyAccountInput!){deleteMyAccount(input:$input){ok}}';
export const DirectConversationsDocument: Document<DirectConversationsQuery, DirectConversationsQueryVariables> = 'query DirectConversations($first:Int$after:String$last:Int$before:String){directConversations(first:$first after:$after last:$last before:$before){edges{cursor node{...MyDirectConversationFields}}pageInfo{...PageFields}}}' + MyDirectConversationFields + DirectConversationFields + UserFields + MemberFields + LastMessageFields + PageFields;
export const SendPrivateMessageDocument: Document<SendPrivateMessageMutation, SendPrivateMessageMutationVariables> = 'mutation SendPrivateMessage($input:SendPrivateMessageInput!){sendPrivateMessage(input:$input){duplicate delivered message{...MyMessageFields}conversation{...DirectConversationFields}}}' + MyMessageFields + MessageFields + UserFields + DirectConversationFields;
export const PrivateMessagesDocument: Document<PrivateMessagesSubscription, PrivateMessagesSubscriptionVariables> = 'subscription PrivateMessages($withUserId:ID$after:Cursor){privateMessages(withUserId:$withUserId after:$after){...ConversationEventFields}}' + ConversationEventFields + MessageFields + UserFields + MemberFields + RoomFields + SupportConversationFields;
export const MessagesDocument: Document<MessagesQuery, MessagesQueryVariables> = 'query Messages($conversationId:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$conversationId){messages(first:$first after:$after last:$last before:$before){edges{cursor node{...MyMessageFields}}pageInfo{...PageFields}}}}' + MyMessageFields + MessageFields + UserFields + PageFields;
export const SearchMessagesDocument: Document<SearchMessagesQuery, SearchMessagesQueryVariables> = 'query SearchMessages($query:String!$conversationId:ID$first:Int$after:String$last:Int$before:String){searchMessages(query:$query conversationId:$conversationId first:$first after:$after last:$last before:$before){edges{cursor node{...FoundMessageFields}}pageInfo{...PageFields}}}' + FoundMessageFields + MyMessageFields + MessageFields + UserFields + PageFields;
export const SendMessageDocument: Document<SendMessageMutation, SendMessageMutationVariables> = 'mutation SendMessage($input:SendMessageInput!){sendMessage(input:$input){duplicate message{...MyMessageFields}}}' + MyMessageFields + MessageFields + UserFields;
export const EditMessageDocument: Document<EditMessageMutation, EditMessageMutationVariables> = 'mutation EditMessage($input:EditMessageInput!){editMessage(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + UserFields;
export const DeleteMessageDocument: Document<DeleteMessageMutation, DeleteMessageMutationVariables> = 'mutation DeleteMessage($input:DeleteMessageInput!){deleteMessage(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + UserFields;
export const AddReactionDocument: Document<AddReactionMutation, AddReactionMutationVariables> = 'mutation AddReaction($input:ReactionInput!){addReaction(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + UserFields;
export const RemoveReactionDocument: Document<RemoveReactionMutation, RemoveReactionMutationVariables> = 'mutation RemoveReaction($input:ReactionInput!){removeReaction(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + UserFields;
export const MarkReadDocument: Document<MarkReadMutation, MarkReadMutationVariables> = 'mutation MarkRead($input:MarkReadInput!){markRead(input:$input){conversation{id unreadCount viewerMember{...MemberFields}}}}' + MemberFields + UserFields;
export const RoomMessagesDocument: Document<RoomMessagesSubscription, RoomMessagesSubscriptionVariables> = 'subscription RoomMessages($roomId:ID!$after:Cursor$last:Int){roomMessages(roomId:$roomId after:$after last:$last){...ConversationEventFields}}' + ConversationEventFields + MessageFields + UserFields + MemberFields + RoomFields + SupportConversationFields;
export const BansDocument: Document<BansQuery, BansQueryVariables> = 'query Bans($roomId:ID!$first:Int$after:String$last:Int$before:String){bans(roomId:$roomId first:$first after:$after last:$last before:$before){edges{cursor node{...BanFields}}pageInfo{...PageFields}}}' + BanFields + UserFields + PageFields;
export const ModerationLogDocument: Document<ModerationLogQuery, ModerationLogQueryVariables> = 'query ModerationLog($roomId:ID!$first:Int$after:String$last:Int$before:String){moderationLog(roomId:$roomId first:$first after:$after last:$last before:$before){edges{cursor node{...ModerationEntryFields}}pageInfo{...PageFields}}}' + ModerationEntryFields + UserFields + MessageFields + PageFields;
export const ReportsDocument: Document<ReportsQuery, ReportsQueryVariables> = 'query Reports($roomId:ID$resolved:Boolean$first:Int$after:String$last:Int$before:String){reports(roomId:$roomId resolved:$resolved first:$first after:$after last:$last before:$before){edges{cursor node{...ReportFields}}pageInfo{...PageFields}}}' + ReportFields + UserFields + MessageFields + PageFields;
export const SetMemberRoleDocument: Document<SetMemberRoleMutation, SetMemberRoleMutationVariables> = 'mutation SetMemberRole($input:SetMemberRoleInput!){setMemberRole(input:$input){member{...MemberFields}}}' + MemberFields + UserFields;
export const KickMemberDocument: Document<KickMemberMutation, KickMemberMutationVariables> = 'mutation KickMember($input:KickMemberInput!){kickMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields;
export const BanMemberDocument: Document<BanMemberMutation, BanMemberMutationVariables> = 'mutation BanMember($input:BanMemberInput!){banMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields;
export const UnbanMemberDocument: Document<UnbanMemberMutation, UnbanMemberMutationVariables> = 'mutation UnbanMember($input:UnbanMemberInput!){unbanMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields;
export const MuteMemberDocument: Document<MuteMemberMutation, MuteMemberMutationVariables> = 'mutation MuteMember($input:MuteMemberInput!){muteMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields;
export const ReportMessageDocument: Document<ReportMessageMutation, ReportMessageMutationVariables> = 'mutation ReportMessage($input:ReportMessageInput!){reportMessage(input:$input){report{...ReportFields}}}' + ReportFields + UserFields + MessageFields;
export const ResolveReportDocument: Document<ResolveReportMutation, ResolveReportMutationVariables> = 'mutation ResolveReport($input:ResolveReportInput!){resolveReport(input:$input){report{...ReportFields}}}' + ReportFields + UserFields + MessageFields;
export const NotificationsDocument: Document<NotificationsQuery, NotificationsQueryVariables> = 'query Notifications($unreadOnly:Boolean$first:Int$after:String$last:Int$before:String){notifications(unreadOnly:$unreadOnly first:$first after:$after last:$last before:$before){edges{cursor node{...NotificationFields}}pageInfo{...PageFields}}}' + NotificationFields + PageFields;
export const UnreadNotificationCountDocument: Document<UnreadNotificationCountQuery, UnreadNotificationCountQueryVariables> = 'query UnreadNotificationCount{unreadNotificationCount}';
export const MarkNotificationsReadDocument: Document<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables> = 'mutation MarkNotificationsRead($input:MarkNotificationsReadInput!){markNotificationsRead(input:$input){unreadNotificationCount}}';
export const NotifyDocument: Document<NotifyMutation, NotifyMutationVariables> = 'mutation Notify($input:NotifyInput!){notify(input:$input){recipientCount}}';
export const AnnounceDocument: Document<AnnounceMutation, AnnounceMutationVariables> = 'mutation Announce($input:AnnounceInput!){announce(input:$input){recipientCount}}';
export const FollowNotificationsDocument: Document<FollowNotificationsSubscription, FollowNotificationsSubscriptionVariables> = 'subscription FollowNotifications($after:Cursor){notifications(after:$after){__typename cursor occurredAt ...on NotificationReceived{notification{...NotificationFields}}...on NotificationsRead{ids}...on MessagesRead{conversation{id}user{...UserFields}upToSeq}...on CaughtUp{replayed}...on StreamReset{resetReason:reason}}}' + NotificationFields + UserFields;
export const OnlineUsersDocument: Document<OnlineUsersQuery, OnlineUsersQueryVariables> = 'query OnlineUsers($roomId:ID!$first:Int){room(id:$roomId){onlineUsers(first:$first){...UserFields}}}' + UserFields;
export const ConnectionStatsDocument: Document<ConnectionStatsQuery, ConnectionStatsQueryVariables> = 'query ConnectionStats{connectionStats{connections onlineUsers nodes}}';
export const SetTypingDocument: Document<SetTypingMutation, SetTypingMutationVariables> = 'mutation SetTyping($input:SetTypingInput!){setTyping(input:$input){ok}}';
export const TypingDocument: Document<TypingSubscription, TypingSubscriptionVariables> = 'subscription Typing($conversationId:ID!){typing(conversationId:$conversationId){conversationId isTyping expiresAt user{...UserFields}}}' + UserFields;
export const RoomPresenceDocument: Document<RoomPresenceSubscription, RoomPresenceSubscriptionVariables> = 'subscription RoomPresence($roomId:ID!){roomPresence(roomId:$roomId){__typename ...on PresenceSnapshot{users{...UserFields}}...on UserCameOnline{user{...UserFields}}...on UserWentOffline{user{...UserFields}lastSeenAt}}}' + UserFields;
export const LobbyDocument: Document<LobbySubscription, LobbySubscriptionVariables> = 'subscription Lobby{lobby{__typename ...on LobbySnapshot{rooms{...LobbyRoomFields}}...on LobbyRoomChanged{room{...LobbyRoomFields}}...on LobbyRoomRemoved{roomId}}}' + LobbyRoomFields + RoomFields;
export const RoomDocument: Document<RoomQuery, RoomQueryVariables> = 'query Room($id:ID$name:String){room(id:$id name:$name){...MyRoomFields viewerBan{...BanFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields + BanFields;
export const RoomsDocument: Document<RoomsQuery, RoomsQueryVariables> = 'query Rooms($search:String$joined:Boolean$first:Int$after:String$last:Int$before:String){rooms(search:$search joined:$joined first:$first after:$after last:$last before:$before){edges{cursor node{...MyRoomFields}}pageInfo{...PageFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields + PageFields;
export const ConversationDocument: Document<ConversationQuery, ConversationQueryVariables> = 'query Conversation($id:ID!){conversation(id:$id){__typename id createdAt unreadCount viewerMember{...MemberFields}...on Room{...RoomFields onlineCount}...on DirectConversation{...DirectConversationFields}...on SupportConversation{...SupportConversationFields}}}' + MemberFields + UserFields + RoomFields + DirectConversationFields + SupportConversationFields;
export const MembersDocument: Document<MembersQuery, MembersQueryVariables> = 'query Members($conversationId:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$conversationId){members(first:$first after:$after last:$last before:$before){edges{cursor node{...MemberFields}}pageInfo{...PageFields}}}}' + MemberFields + UserFields + PageFields;
export const CreateRoomDocument: Document<CreateRoomMutation, CreateRoomMutationVariables> = 'mutation CreateRoom($input:CreateRoomInput!){createRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields;
export const UpdateRoomDocument: Document<UpdateRoomMutation, UpdateRoomMutationVariables> = 'mutation UpdateRoom($input:UpdateRoomInput!){updateRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields;
export const JoinRoomDocument: Document<JoinRoomMutation, JoinRoomMutationVariables> = 'mutation JoinRoom($input:JoinRoomInput!){joinRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields;
export const LeaveRoomDocument: Document<LeaveRoomMutation, LeaveRoomMutationVariables> = 'mutation LeaveRoom($input:LeaveRoomInput!){leaveRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields;
export const InviteToRoomDocument: Document<InviteToRoomMutation, InviteToRoomMutationVariables> = 'mutation InviteToRoom($input:InviteToRoomInput!){inviteToRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MemberFields + UserFields + LastMessageFields;
export const ServerInfoDocument: Document<ServerInfoQuery, ServerInfoQueryVariables> = 'query ServerInfo{serverInfo{version time signUpEnabled guestsEnabled limits{messageMaxCharacters pageDefault pageMax replayMax operationsPerConnection connectionsPerUser frameMaxBytes sendsPerWindow sendsWindowMs sendsBurst typingTtlMs typingResendMs presenceTtlMs leaveGraceMs accessTokenMs}}}';
export const MySupportConversationDocument: Document<MySupportConversationQuery, MySupportConversationQueryVariables> = 'query MySupportConversation{mySupportConversation{...MySupportConversationFields}}' + MySupportConversationFields + SupportConversationFields + UserFields + MemberFields + LastMessageFields;
export const SupportConversationsDocument: Document<SupportConversationsQuery, SupportConversationsQueryVariables> = 'query SupportConversations($status:SupportStatus$first:Int$after:String$last:Int$before:String){supportConversations(status:$status first:$first after:$after last:$last before:$before){edges{cursor node{...MySupportConversationFields}}pageInfo{...PageFields}}}' + MySupportConversationFields + SupportConversationFields + UserFields + MemberFields + LastMessageFields + PageFields;
export const AssignSupportDocument: Document<AssignSupportMutation, AssignSupportMutationVariables> = 'mutation AssignSupport($input:AssignSupportInput!){assignSupport(input:$input){conversation{...SupportConversationFields}}}' + SupportConversationFields + UserFields;
export const ResolveSupportDocument: Document<ResolveSupportMutation, ResolveSupportMutationVariables> = 'mutation ResolveSupport($input:ResolveSupportInput!){resolveSupport(input:$input){conversation{...SupportConversationFields}}}' + SupportConversationFields + UserFields;
export const SupportMessagesDocument: Document<SupportMessagesSubscription, SupportMessagesSubscriptionVariables> = 'subscription SupportMessages($conversationId:ID$after:Cursor){supportMessages(conversationId:$conversationId after:$after){...ConversationEventFields}}' + ConversationEventFields + MessageFields + UserFields + MemberFields + RoomFields + SupportConversationFields;

export const operations = {
  viewer: ['query', ViewerDocument, 'viewer'],
  user: ['query', UserDocument, 'user'],
  users: ['query', UsersDocument, 'users'],
  signUp: ['session', SignUpDocument, 'signUp.session'],
  signIn: ['session', SignInDocument, 'signIn.session'],
  signInAsGuest: ['session', SignInAsGuestDocument, 'signInAsGuest.session'],
  refreshSession: ['session', RefreshSessionDocument, 'refreshSession.session'],
  signOut: ['mutation', SignOutDocument, 'signOut.ok'],
  sessions: ['query', SessionsDocument, 'sessions'],
  changePassword: ['session', ChangePasswordDocument, 'changePassword.session'],
  endSession: ['mutation', EndSessionDocument, 'endSession.endedCount'],
  endOtherSessions: ['mutation', EndOtherSessionsDocument, 'endOtherSessions.endedCount'],
  updateProfile: ['mutation', UpdateProfileDocument, 'updateProfile.user'],
  exportMyData: ['mutation', ExportMyDataDocument, 'exportMyData.data'],
  deleteMyAccount: ['mutation', DeleteMyAccountDocument, 'deleteMyAccount.ok'],
  directConversations: ['query', DirectConversationsDocument, 'directConversations'],
  sendPrivateMessage: ['send', SendPrivateMessageDocument, 'sendPrivateMessage'],
  privateMessages: ['subscription', PrivateMessagesDocument, 'privateMessages'],
  messages: ['query', MessagesDocument, 'conversation.messages'],
  searchMessages: ['query', SearchMessagesDocument, 'searchMessages'],
  sendMessage: ['send', SendMessageDocument, 'sendMessage'],
  editMessage: ['mutation', EditMessageDocument, 'editMessage.message'],
  deleteMessage: ['mutation', DeleteMessageDocument, 'deleteMessage.message'],
  addReaction: ['mutation', AddReactionDocument, 'addReaction.message'],
  removeReaction: ['mutation', RemoveReactionDocument, 'removeReaction.message'],
  markRead: ['mutation', MarkReadDocument, 'markRead.conversation'],
  roomMessages: ['subscription', RoomMessagesDocument, 'roomMessages'],
  bans: ['query', BansDocument, 'bans'],
  moderationLog: ['query', ModerationLogDocument, 'moderationLog'],
  reports: ['query', ReportsDocument, 'reports'],
  setMemberRole: ['mutation', SetMemberRoleDocument, 'setMemberRole.member'],
  kickMember: ['mutation', KickMemberDocument, 'kickMember.entry'],
  banMember: ['mutation', BanMemberDocument, 'banMember.entry'],
  unbanMember: ['mutation', UnbanMemberDocument, 'unbanMember.entry'],
  muteMember: ['mutation', MuteMemberDocument, 'muteMember.entry'],
  reportMessage: ['mutation', ReportMessageDocument, 'reportMessage.report'],
  resolveReport: ['mutation', ResolveReportDocument, 'resolveReport.report'],
  notifications: ['query', NotificationsDocument, 'notifications'],
  unreadNotificationCount: ['query', UnreadNotificationCountDocument, 'unreadNotificationCount'],
  markNotificationsRead: ['mutation', MarkNotificationsReadDocument, 'markNotificationsRead.unreadNotificationCount'],
  notify: ['mutation', NotifyDocument, 'notify.recipientCount'],
  announce: ['mutation', AnnounceDocument, 'announce.recipientCount'],
  followNotifications: ['subscription', FollowNotificationsDocument, 'notifications'],
  onlineUsers: ['query', OnlineUsersDocument, 'room.onlineUsers'],
  connectionStats: ['query', ConnectionStatsDocument, 'connectionStats'],
  setTyping: ['mutation', SetTypingDocument, 'setTyping.ok'],
  typing: ['subscription', TypingDocument, 'typing'],
  roomPresence: ['subscription', RoomPresenceDocument, 'roomPresence'],
  lobby: ['subscription', LobbyDocument, 'lobby'],
  room: ['query', RoomDocument, 'room'],
  rooms: ['query', RoomsDocument, 'rooms'],
  conversation: ['query', ConversationDocument, 'conversation'],
  members: ['query', MembersDocument, 'conversation.members'],
  createRoom: ['mutation', CreateRoomDocument, 'createRoom.room'],
  updateRoom: ['mutation', UpdateRoomDocument, 'updateRoom.room'],
  joinRoom: ['mutation', JoinRoomDocument, 'joinRoom.room'],
  leaveRoom: ['mutation', LeaveRoomDocument, 'leaveRoom.room'],
  inviteToRoom: ['mutation', InviteToRoomDocument, 'inviteToRoom.room'],
  serverInfo: ['query', ServerInfoDocument, 'serverInfo'],
  mySupportConversation: ['query', MySupportConversationDocument, 'mySupportConversation'],
  supportConversations: ['query', SupportConversationsDocument, 'supportConversations'],
  assignSupport: ['mutation', AssignSupportDocument, 'assignSupport.conversation'],
  resolveSupport: ['mutation', ResolveSupportDocument, 'resolveSupport.conversation'],
  supportMessages: ['subscription', SupportMessagesDocument, 'supportMessages'],
} as const;

/** A method for each operation. */
export interface Operations {
  /** Who is asking; null when nobody is signed in. */
  viewer(options?: AskOptions): Promise<ViewerQuery['viewer']>;
  /** One user, by `id` or by `username`; null when there is none. */
  user(variables?: UserQueryVariables, options?: AskOptions): Promise<UserQuery['user']>;
  /** Users in the order of their usernames. Guests are left out: they are seen where they take part, in the members of a room. */
  users(variables?: UsersQueryVariables, options?: AskOptions): Promise<UsersQuery['users']>;
  /** Makes a user, who joins the default room, and starts a session. */
  signUp(input: SignUpInput, options?: AskOptions): Promise<SignUpMutation['signUp']['session']>;
  /** Starts a session. Attempts are limited per username and per address; a wrong username and a wrong password are refused alike. */
  signIn(input: SignInInput, options?: AskOptions): Promise<SignInMutation['signIn']['session']>;
  /** Makes a user without a password, for a day. Guests see public rooms only. */
  signInAsGuest(input: SignInAsGuestInput, options?: AskOptions): Promise<SignInAsGuestMutation['signInAsGuest']['session']>;
  /** The refresh token is rotated on use; one used twice ends the whole family. */
  refreshSession(input: RefreshSessionInput, options?: AskOptions): Promise<RefreshSessionMutation['refreshSession']['session']>;
  /** Ends this session on every node, open sockets too. */
  signOut(options?: AskOptions): Promise<SignOutMutation['signOut']['ok']>;
  /** The sessions in which the viewer is signed in, the one used last first. Empty for users of another issuer. */
  sessions(options?: AskOptions): Promise<SessionsQuery['sessions']>;
  /** Changes the password, ends all other sessions, and returns new tokens for this one. Its former refresh token no longer counts. */
  changePassword(input: ChangePasswordInput, options?: AskOptions): Promise<ChangePasswordMutation['changePassword']['session']>;
  /** Ends one of the viewer's sessions on every node, and closes its connections. */
  endSession(input: EndSessionInput, options?: AskOptions): Promise<EndSessionMutation['endSession']['endedCount']>;
  /** Ends all of the viewer's sessions on every node, except the current one. */
  endOtherSessions(options?: AskOptions): Promise<EndOtherSessionsMutation['endOtherSessions']['endedCount']>;
  /** Changes what others see of the viewer. */
  updateProfile(input: UpdateProfileInput, options?: AskOptions): Promise<UpdateProfileMutation['updateProfile']['user']>;
  /** Everything that is kept about the viewer, as JSON. */
  exportMyData(options?: AskOptions): Promise<ExportMyDataMutation['exportMyData']['data']>;
  /** Deletes the viewer: the name is gone everywhere, all sessions and memberships end, the username is free. Messages stay, by a deleted user, or are deleted, as the server is set up. A room without another owner goes to its longest-standing moderator, else member. */
  deleteMyAccount(input: DeleteMyAccountInput, options?: AskOptions): Promise<DeleteMyAccountMutation['deleteMyAccount']['ok']>;
  /** The viewer's direct conversations, the one with the newest message first. */
  directConversations(variables?: DirectConversationsQueryVariables, options?: AskOptions): Promise<DirectConversationsQuery['directConversations']>;
  /** Sends a message to one user, connected or not. The first one begins the direct conversation. Not for guests. */
  sendPrivateMessage(input: SendPrivateMessageInput, options?: AskOptions): Promise<SendPrivateMessageMutation['sendPrivateMessage']>;
  /** Everything that happens in the viewer's direct conversations, those that are yet to begin too: what they write themselves on any device, and what is written to them. Not for guests. */
  privateMessages(variables?: PrivateMessagesSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<PrivateMessagesSubscription['privateMessages'], undefined>;
  /** Oldest first, whichever way they are paged: without arguments the first 50; `last: 50` gives the newest, and `before` goes back from there. */
  messages(variables: MessagesQueryVariables, options?: AskOptions): Promise<NonNullable<MessagesQuery['conversation']>['messages'] | null>;
  /** Messages by their words, newest first, in all conversations that the viewer may look at, or in one of them. */
  searchMessages(variables: SearchMessagesQueryVariables, options?: AskOptions): Promise<SearchMessagesQuery['searchMessages']>;
  /** Sends a message. It is answered after the message is stored. */
  sendMessage(input: SendMessageInput, options?: AskOptions): Promise<SendMessageMutation['sendMessage']>;
  /** Changes the text of a message, and its mentions with it. For its author, while they can write there. With the text that it has, nothing happens; CONFLICT when it was deleted. */
  editMessage(input: EditMessageInput, options?: AskOptions): Promise<EditMessageMutation['editMessage']['message']>;
  /** Takes the text, the mentions and the reactions of a message away, for everybody and for good; its place and number stay. For its author, and in rooms for moderators, owners and admins where the author has a lower role. Deleted again, it stays as it is. */
  deleteMessage(input: DeleteMessageInput, options?: AskOptions): Promise<DeleteMessageMutation['deleteMessage']['message']>;
  /** Gives a message an emoji. For members who can write there. Given again, nothing happens; CONFLICT when it was deleted or has 20 different ones already. */
  addReaction(input: ReactionInput, options?: AskOptions): Promise<AddReactionMutation['addReaction']['message']>;
  /** Takes the viewer's emoji back. For members. Where there is none, nothing happens. */
  removeReaction(input: ReactionInput, options?: AskOptions): Promise<RemoveReactionMutation['removeReaction']['message']>;
  /** Moves the viewer's read marker. Never back: an earlier `seq` changes nothing. */
  markRead(input: MarkReadInput, options?: AskOptions): Promise<MarkReadMutation['markRead']['conversation']>;
  /** Everything that happens in one room, for its members. Ends with FORBIDDEN for who is no longer one. */
  roomMessages(variables: RoomMessagesSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<RoomMessagesSubscription['roomMessages'], undefined>;
  /** Who is banned from a room now, the latest first. For its moderators and owners, and admins. */
  bans(variables: BansQueryVariables, options?: AskOptions): Promise<BansQuery['bans']>;
  /** Who did what to whom in a room, and why, newest first. For its moderators and owners, and admins. */
  moderationLog(variables: ModerationLogQueryVariables, options?: AskOptions): Promise<ModerationLogQuery['moderationLog']>;
  /** Reports, newest first: for moderators and owners those of their rooms, for admins all but those of private rooms that they are not in. */
  reports(variables?: ReportsQueryVariables, options?: AskOptions): Promise<ReportsQuery['reports']>;
  /** Gives a member a role. For owners, and admins; another owner is demoted by admins only. CONFLICT where the last owner would be gone: make another one first. */
  setMemberRole(input: SetMemberRoleInput, options?: AskOptions): Promise<SetMemberRoleMutation['setMemberRole']['member']>;
  /** Ends a membership; they may come back. For moderators, owners and admins, to those with a lower role. */
  kickMember(input: KickMemberInput, options?: AskOptions): Promise<KickMemberMutation['kickMember']['entry']>;
  /** Ends a membership, and refuses joining and being invited until it ends or is lifted. For moderators, owners and admins, to those with a lower role. */
  banMember(input: BanMemberInput, options?: AskOptions): Promise<BanMemberMutation['banMember']['entry']>;
  /** Lifts a ban. CONFLICT where none holds. For moderators, owners and admins. */
  unbanMember(input: UnbanMemberInput, options?: AskOptions): Promise<UnbanMemberMutation['unbanMember']['entry']>;
  /** Lets a member read but not write until it ends, also when they leave and come back. For moderators, owners and admins, to those with a lower role. */
  muteMember(input: MuteMemberInput, options?: AskOptions): Promise<MuteMemberMutation['muteMember']['entry']>;
  /** Tells the moderators of a message; it is shown to them, whoever else may see it. Reported again by the same user, it stays as it was. Not for guests. */
  reportMessage(input: ReportMessageInput, options?: AskOptions): Promise<ReportMessageMutation['reportMessage']['report']>;
  /** Marks a report as dealt with. For those who see it. */
  resolveReport(input: ResolveReportInput, options?: AskOptions): Promise<ResolveReportMutation['resolveReport']['report']>;
  /** The viewer's notifications, the newest first. Guests have none. */
  notifications(variables?: NotificationsQueryVariables, options?: AskOptions): Promise<NotificationsQuery['notifications']>;
  /** How many notifications of the viewer are not read. */
  unreadNotificationCount(options?: AskOptions): Promise<UnreadNotificationCountQuery['unreadNotificationCount']>;
  /** Marks notifications of the viewer as read. */
  markNotificationsRead(input: MarkNotificationsReadInput, options?: AskOptions): Promise<MarkNotificationsReadMutation['markNotificationsRead']['unreadNotificationCount']>;
  /** Notifies users. For admins, and for backends with a service token: one of scope `notify`. */
  notify(input: NotifyInput, options?: AskOptions): Promise<NotifyMutation['notify']['recipientCount']>;
  /** Notifies everybody who is a user by now, guests left out, from the background: it is stored when this is answered. For admins. */
  announce(input: AnnounceInput, options?: AskOptions): Promise<AnnounceMutation['announce']['recipientCount']>;
  /** The viewer's notifications as they come and are read, on every device; and how far the viewer has read in rooms (MessagesRead). Not for guests. */
  followNotifications(variables?: FollowNotificationsSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<FollowNotificationsSubscription['notifications'], undefined>;
  /** Its members who are online, in the order of their usernames. */
  onlineUsers(variables: OnlineUsersQueryVariables, options?: AskOptions): Promise<NonNullable<OnlineUsersQuery['room']>['onlineUsers'] | null>;
  /** How many are connected. For admins. */
  connectionStats(options?: AskOptions): Promise<ConnectionStatsQuery['connectionStats']>;
  /** Tells the other members that the viewer types, or no longer does. Repeats within `typingResendMs` are not told again. */
  setTyping(input: SetTypingInput, options?: AskOptions): Promise<SetTypingMutation['setTyping']['ok']>;
  /** Who is typing, the viewer excepted; first those who type already. Ends by itself when the typist stops, sends, leaves or disconnects. For members. */
  typing(variables: TypingSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<TypingSubscription['typing'], undefined>;
  /** Which members of a room are online: all of them first, then who comes and goes. For members. */
  roomPresence(variables: RoomPresenceSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<RoomPresenceSubscription['roomPresence'], undefined>;
  /** The rooms that the viewer may see, and who is online in them: up to 500 of them first, then each that changes, at most four times a second. */
  lobby(options?: FollowOptions): AsyncIterableIterator<LobbySubscription['lobby'], undefined>;
  /** One room, by `id` or by `name`; null when there is none that the viewer may see. A name means the public room before a private one. */
  room(variables?: RoomQueryVariables, options?: AskOptions): Promise<RoomQuery['room']>;
  /** The public rooms and the private ones of the viewer, in the order of their names. */
  rooms(variables?: RoomsQueryVariables, options?: AskOptions): Promise<RoomsQuery['rooms']>;
  /** One conversation of any kind; null when there is none of that id that the viewer may see. */
  conversation(variables: ConversationQueryVariables, options?: AskOptions): Promise<ConversationQuery['conversation']>;
  /** Everyone in it, in the order in which they came. */
  members(variables: MembersQueryVariables, options?: AskOptions): Promise<NonNullable<MembersQuery['conversation']>['members'] | null>;
  /** Makes a room, with the viewer as its owner. Not for guests. */
  createRoom(input: CreateRoomInput, options?: AskOptions): Promise<CreateRoomMutation['createRoom']['room']>;
  /** Changes a room. For its owners and moderators, and for admins. */
  updateRoom(input: UpdateRoomInput, options?: AskOptions): Promise<UpdateRoomMutation['updateRoom']['room']>;
  /** Makes the viewer a member of a public room. Who is one already stays one. */
  joinRoom(input: JoinRoomInput, options?: AskOptions): Promise<JoinRoomMutation['joinRoom']['room']>;
  /** Ends the viewer's membership. CONFLICT for who is not a member of a public room, and for the last owner while others stay. */
  leaveRoom(input: LeaveRoomInput, options?: AskOptions): Promise<LeaveRoomMutation['leaveRoom']['room']>;
  /** Makes users members at once, all of them or none. For the members of a public room, and the owners and moderators of a private one; not for guests. */
  inviteToRoom(input: InviteToRoomInput, options?: AskOptions): Promise<InviteToRoomMutation['inviteToRoom']['room']>;
  /** Version, time, and every limit and timer a client needs. */
  serverInfo(options?: AskOptions): Promise<ServerInfoQuery['serverInfo']>;
  /** The viewer's own, made on first use. Write to it with sendMessage: every admin hears it. Not for guests. */
  mySupportConversation(options?: AskOptions): Promise<MySupportConversationQuery['mySupportConversation']>;
  /** All in which somebody has written, the one with the newest message first. For admins; `unreadCount` is of each by themselves. */
  supportConversations(variables?: SupportConversationsQueryVariables, options?: AskOptions): Promise<SupportConversationsQuery['supportConversations']>;
  /** Says who of the desk looks after a support conversation. For admins. */
  assignSupport(input: AssignSupportInput, options?: AskOptions): Promise<AssignSupportMutation['assignSupport']['conversation']>;
  /** Says that a support conversation is dealt with; a new message of the customer opens it again. For admins. */
  resolveSupport(input: ResolveSupportInput, options?: AskOptions): Promise<ResolveSupportMutation['resolveSupport']['conversation']>;
  /** Everything that happens in support: to a user in their own support conversation, to an admin in every one, or in the one given. A connection ends when its user's role changes, and the subscription begins anew with that. Not for guests. */
  supportMessages(variables?: SupportMessagesSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<SupportMessagesSubscription['supportMessages'], undefined>;
}
