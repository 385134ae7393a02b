// Made by `npm run print` from schema.graphql and client/operations.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { Document } from '../document.ts';
import type { FollowOptions } from '../follow.ts';
import type { AskOptions } from '../request.ts';
/** The permissions of a user on the whole server. */
export type Role =
  /** The user has no special permissions. */
  | 'USER'
  /** The user moderates all visible rooms, answers support and sends announcements. */
  | 'ADMIN';

/** The permissions of a member in one conversation. */
export type MemberRole =
  /** The member can read and send messages. */
  | 'MEMBER'
  /** The member can also change the room, and remove, ban and mute users with a lower role. */
  | 'MODERATOR'
  /** The member can also assign roles, archive the room and change its visibility. */
  | 'OWNER';

/** The origin of a message: its author, or an event in the application. */
export type MessageKind =
  /** A message that its author wrote. */
  | 'TEXT'
  /** A line about the conversation, by a backend. It neither counts as unread nor notifies anyone. */
  | 'SYSTEM';

/** The way in which a membership ended. */
export type LeaveReason =
  /** The user left, or the account was deleted. */
  | 'LEFT'
  /** The user was removed and can join again. */
  | 'KICKED'
  /** The user was banned and cannot join again until the ban ends. */
  | 'BANNED';

/** The cause of a `StreamReset`. */
export type ResetReason =
  /** The events after the cursor are no longer stored. */
  | 'LOG_TRIMMED'
  /** More events followed the cursor than are replayed. */
  | 'TOO_FAR_BEHIND'
  /** The cursor is malformed, or belongs to another topic, another database, or a history that the database no longer has. */
  | 'UNKNOWN_CURSOR';

/** The access to a room for users who are not members. */
export type Visibility =
  /** All signed-in users can read the room and join it. */
  | 'PUBLIC'
  /** Only members can access the room. For everybody else it does not exist. */
  | 'PRIVATE';

/** The messages of a conversation that notify a member. */
export type NotificationLevel =
  /** Every message notifies the member. */
  | 'ALL'
  /** Messages that mention the member or reply to them notify the member. */
  | 'MENTIONS'
  /** No message notifies the member. */
  | 'NOTHING';

/** The state of a support conversation. */
export type SupportStatus =
  /** The conversation waits for the support desk. */
  | 'OPEN'
  /** The request is resolved. A new message by the customer reopens it. */
  | 'RESOLVED';

/** The profile fields to change. Omitted fields keep their value. */
export type UpdateProfileInput = {
  /** The new username, 2–32 of `[a-z0-9_.-]`. Upper case becomes lower case. `CONFLICT` if it is taken, `FORBIDDEN` for guests. */
  username?: string | null | undefined;
  /** The new display name, 1–64 characters after trimming. */
  displayName?: string | null | undefined;
  /** The http or https URL of a picture, at most 2048 characters. Null removes the picture. */
  avatarUrl?: string | null | undefined;
};

/** The conversation, and the message to send to it. */
export type SendMessageInput = {
  /** The id of a conversation of which the author is a member. `FORBIDDEN` or `NOT_FOUND` for others. A backend can pass `external:` and the external id of a room. */
  conversationId: string;
  /** The text, 1–4000 Unicode code points after trimming. Newline and tab are the only control characters allowed. May be empty if the message has attachments. */
  body: string;
  /** The ids of up to 10 attachments of the author, from `completeUpload`, in the order in which they are shown. Each can be sent once. `NOT_FOUND` for any other. */
  attachmentIds?: Array<string> | null | undefined;
  /** The id of the message of the same conversation to reply to. `NOT_FOUND` for any other. */
  replyToId?: string | null | undefined;
  /** A key of 1–128 characters, new for each message. After an uncertain send, send again with the same key: nothing is duplicated. `CONFLICT` if it belongs to another message. */
  idempotencyKey?: string | null | undefined;
  /** Data to store with the message, at most 8 KiB as JSON and 10 levels. Everyone who sees the message can read it. */
  metadata?: Record<string, unknown> | null | undefined;
  /** For backends with the scope `messages`, which must pass it: the user or bot in whose name the message is sent. An id, or `external:` and an external id. */
  authorId?: string | null | undefined;
  /** For backends: the kind of the message. The default is `TEXT`. */
  kind?: MessageKind | null | undefined;
};

/** The file to upload. */
export type CreateUploadInput = {
  /** The name of the file, 1–255 characters. Folders and characters that cannot be shown are removed. `INVALID` if nothing is left. */
  fileName: string;
  /** A media type such as `image/png`, up to 255 characters. The server does not rely on it, and finds the type from the content. */
  contentType: string;
  /** The exact size in bytes: 1 to `serverInfo.limits.attachmentMaxBytes`. `INVALID` for other sizes. */
  sizeBytes: number;
};

/** A part that was stored. */
export type CompletedPart = {
  /** The number of the part. */
  number: number;
  /** The header `ETag` of the answer to the PUT, or the `etag` of the part. */
  etag: string;
};

/** An upload with all its parts. */
export type CompleteUploadInput = {
  /** The id of an upload of the viewer. `NOT_FOUND` for others. */
  uploadId: string;
  /** All parts of the upload. `INVALID` if one is missing or has another etag. */
  parts: Array<CompletedPart>;
};

/** The confirmation that the account is to be deleted. */
export type DeleteMyAccountInput = {
  /** The viewer's password. Omit it for accounts without one: guests, and users of another token issuer. */
  password?: string | null | undefined;
};

/** A message of the history of the application. */
export type MessageImport = {
  /** The id of the message in the application, 1–255 characters on one line, unique among all messages. A message with this id that is stored already is skipped. */
  externalId: string;
  /** The user who wrote it: an id, or `external:` and an external id. `NOT_FOUND` for unknown users; they need not be members. */
  authorId: string;
  /** The text, with the same limits as in `sendMessage`. */
  body: string;
  /** The time at which it was written, not in the future. */
  createdAt: string;
  /** The `externalId` of the message of the same conversation to which it replies: stored, or in the same call. `NOT_FOUND` for others. */
  replyToExternalId?: string | null | undefined;
  /** Data to store with the message, at most 8 KiB as JSON and 10 levels. */
  metadata?: Record<string, unknown> | null | undefined;
};

/** A conversation, and the messages to add to it. */
export type ImportMessagesInput = {
  /** The conversation: an id, or `external:` and the external id of a room. */
  conversationId: string;
  /** The messages, 1–1000, in the order in which they follow the stored ones. `INVALID` if one of them is not valid; then nothing changes. */
  messages: Array<MessageImport>;
};

/** The properties of the new room. */
export type CreateRoomInput = {
  /** The name, 1–64 characters after trimming, on one line. `CONFLICT` if a public room or one of the viewer's private rooms has it. */
  name: string;
  /** The subject of the room, up to 1024 characters. */
  topic?: string | null | undefined;
  /** The access for users who are not members. The default is `PUBLIC`. */
  visibility?: Visibility | null | undefined;
};

/** The room, and the properties to change. Omitted fields keep their value. */
export type UpdateRoomInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The new name, 1–64 characters after trimming, on one line. `CONFLICT` if it is taken. */
  name?: string | null | undefined;
  /** The new subject, up to 1024 characters. Null removes it. */
  topic?: string | null | undefined;
  /** The new visibility. For owners and admins. A room that becomes private loses its guests. */
  visibility?: Visibility | null | undefined;
  /** The new minimum time between two messages of a member, 0–21600 s. 0 turns slow mode off. */
  slowModeSeconds?: number | null | undefined;
  /** Whether the room is read-only from now on (`true`) or active again (`false`). For owners and admins. */
  archived?: boolean | null | undefined;
};

/** The room, and the users to add to it. */
export type AddMembersInput = {
  /** The room: an id, or `external:` and an external id. */
  roomId: string;
  /** The users, 1–1000: ids, or `external:` and external ids. `NOT_FOUND` if one does not exist; then nothing changes. */
  userIds: Array<string>;
  /** The role of these users in the room, also of those who are members already. If omitted, new members are `MEMBER`, and the others keep their role. */
  role?: MemberRole | null | undefined;
};

/** The room, and the users to remove from it. */
export type RemoveMembersInput = {
  /** The room: an id, or `external:` and an external id. */
  roomId: string;
  /** The users, 1–1000: ids, or `external:` and external ids. `NOT_FOUND` if one does not exist; then nothing changes. */
  userIds: Array<string>;
};

/** A membership, and its new metadata. */
export type SetMemberMetadataInput = {
  /** The conversation, of any kind: an id, or `external:` and that of a room. */
  conversationId: string;
  /** The member: an id, or `external:` and an external id. */
  userId: string;
  /** The data, at most 8 KiB as JSON and 10 levels. It replaces the earlier data. */
  metadata: Record<string, unknown>;
};

/** The room to delete. */
export type DeleteRoomInput = {
  /** The room: an id, or `external:` and an external id. */
  roomId: string;
};

/** A user, and their new role on the whole server. */
export type SetUserRoleInput = {
  /** The user: an id, or `external:` and an external id. */
  userId: string;
  /** The new role. */
  role: Role;
};

/** The user whose account is to be deleted. */
export type DeleteUserInput = {
  /** The user: an id, or `external:` and an external id. */
  userId: string;
  /** Whether the messages are deleted, or stay under a deleted user. The default is the setting of the server. */
  deleteMessages?: boolean | null | undefined;
};

/** The user whose data is to be exported. */
export type ExportUserInput = {
  /** The user: an id, or `external:` and an external id. */
  userId: string;
};

/** A user of the application. Omitted fields keep their value. */
export type UserUpsert = {
  /** The id in the application, 1–255 characters on one line. Each item has another one. It is the `sub` of the user's tokens. */
  externalId: string;
  /** The username, 2–32 of `[a-z0-9_.-]`. `CONFLICT` if it is taken. A new user without one gets one that follows from `externalId`. */
  username?: string | null | undefined;
  /** The display name, 1–64 characters after trimming. The default for a new user is the username. */
  displayName?: string | null | undefined;
  /** The http or https URL of a picture, at most 2048 characters. Null removes the picture. */
  avatarUrl?: string | null | undefined;
  /** Whether the user is a bot: never online, with rates ten times those of users. The default for a new user is `false`. */
  isBot?: boolean | null | undefined;
  /** Data of the application, at most 8 KiB as JSON and 10 levels. It replaces the earlier data. */
  metadata?: Record<string, unknown> | null | undefined;
};

/** The users to create or update. */
export type UpsertUsersInput = {
  /** The users, 1–1000. `INVALID` if one of them is not valid; then nothing changes. */
  users: Array<UserUpsert>;
};

/** A room of the application. Omitted fields keep their value. */
export type RoomUpsert = {
  /** The id in the application, 1–255 characters on one line. Each item has another one. */
  externalId: string;
  /** The name, 1–64 characters after trimming, on one line. `CONFLICT` if another public room has it. The default for a new room is the beginning of `externalId`. */
  name?: string | null | undefined;
  /** The subject of the room, up to 1024 characters. Null removes it. */
  topic?: string | null | undefined;
  /** The access for users who are not members. The default for a new room is `PUBLIC`. A room that becomes private loses its guests. */
  visibility?: Visibility | null | undefined;
  /** Data of the application, at most 8 KiB as JSON and 10 levels. It replaces the earlier data. */
  metadata?: Record<string, unknown> | null | undefined;
  /** A user who becomes an owner of the room: an id, or `external:` and an external id. Other owners stay. `NOT_FOUND` for unknown users and guests. */
  ownerId?: string | null | undefined;
};

/** The rooms to create or update. */
export type UpsertRoomsInput = {
  /** The rooms, 1–1000. `INVALID` if one of them is not valid; then nothing changes. */
  rooms: Array<RoomUpsert>;
};

/** The details of the new account. */
export type SignUpInput = {
  /** The username, 2–32 of `[a-z0-9_.-]`. Upper case becomes lower case. `CONFLICT` if it is taken. */
  username: string;
  /** The password, 8–200 characters. */
  password: string;
  /** The display name, 1–64 characters after trimming. If omitted, the username is used. */
  displayName?: string | null | undefined;
};

/** The credentials of an account. */
export type SignInInput = {
  /** The username, in any case. */
  username: string;
  /** The password of the account. */
  password: string;
};

/** The guest's details. */
export type SignInAsGuestInput = {
  /** The display name, 1–64 characters after trimming. */
  displayName: string;
};

/** The refresh token of the session to continue. */
export type RefreshSessionInput = {
  /** The latest refresh token of the session. If the answer was lost, send the same token again within a minute. Any other second use ends the session. */
  refreshToken: string;
};

/** The current password and the new one. */
export type ChangePasswordInput = {
  /** The current password. `FORBIDDEN` if it is wrong, `RATE_LIMITED` after ten attempts of the session in five minutes. */
  currentPassword: string;
  /** The new password, 8–200 characters. */
  newPassword: string;
};

/** The session to end. */
export type EndSessionInput = {
  /** The id of one of the viewer's sessions. `NOT_FOUND` for any other. */
  sessionId: string;
};

/** The user to block or to unblock. */
export type BlockUserInput = {
  /** The id of the user. `NOT_FOUND` if there is none. */
  userId: string;
};

/** The receiver, and the message to send. */
export type SendPrivateMessageInput = {
  /** The id of the receiver. `INVALID` for the viewer, `FORBIDDEN` for guests, `NOT_FOUND` for deleted users, or `FORBIDDEN` if there is a conversation with them. */
  toUserId: string;
  /** The text, 1–4000 Unicode code points after trimming. Newline and tab are the only control characters allowed. May be empty if the message has attachments. */
  body: string;
  /** The ids of up to 10 attachments of the author, from `completeUpload`, in the order in which they are shown. Each can be sent once. `NOT_FOUND` for any other. */
  attachmentIds?: Array<string> | null | undefined;
  /** The id of the message of the same conversation to reply to. `NOT_FOUND` for any other. */
  replyToId?: string | null | undefined;
  /** A key of 1–128 characters, new for each message. After an uncertain send, send again with the same key: nothing is duplicated. `CONFLICT` if it belongs to another message. */
  idempotencyKey?: string | null | undefined;
  /** Data to store with the message, at most 8 KiB as JSON and 10 levels. Everyone who sees the message can read it. */
  metadata?: Record<string, unknown> | null | undefined;
};

/** The message to edit, and what to change. Omitted fields keep their value. */
export type EditMessageInput = {
  /** The id of a message by the viewer. `FORBIDDEN` for messages by others. A backend can pass the id of any message, or `external:` and the external id of an imported one. */
  messageId: string;
  /** The new text, with the same limits as in `sendMessage`. */
  body?: string | null | undefined;
  /** The new metadata, which replaces the old one as a whole, with the same limits as in `sendMessage`. `FORBIDDEN` for the author if a backend sent the message. */
  metadata?: Record<string, unknown> | null | undefined;
};

/** The message to delete, and the reason. */
export type DeleteMessageInput = {
  /** The id of the message. `NOT_FOUND` if the viewer may not see it. A backend can pass `external:` and the external id of an imported message. */
  messageId: string;
  /** The reason, at most 500 characters. It is stored in the moderation log if the message is by another user. `INVALID` for backends. */
  reason?: string | null | undefined;
};

/** The notifications to mark as read: exactly one of `ids` and `all`. */
export type MarkNotificationsReadInput =
  {   /** The ids of the notifications, at most 1000. Ids of other users' notifications are ignored. */
  ids: Array<string>; all?: never; }
  |  { ids?: never;   /** Whether to mark all the viewer's notifications as read. Only `true` is valid. */
  all: boolean; };

/** The users to notify, and the notification. */
export type NotifyInput = {
  /** The ids of 1–1000 users. Unknown users, deleted users and guests are skipped. Duplicates count once. */
  userIds: Array<string>;
  /** The type in snake_case, at most 64 characters, such as `payment_completed`. `INVALID` for the server's own types. */
  type: string;
  /** The title, 1–200 characters on one line. */
  title: string;
  /** The text, 1–2000 characters. */
  message: string;
  /** Data for the application that shows the notification, at most 8 KiB as JSON. */
  data?: Record<string, unknown> | null | undefined;
};

/** The announcement to all users. */
export type AnnounceInput = {
  /** The title, 1–200 characters on one line. */
  title: string;
  /** The text, 1–2000 characters. */
  message: string;
  /** Data for the application that shows the notification, at most 8 KiB as JSON. */
  data?: Record<string, unknown> | null | undefined;
};

/** A message, and the emoji of a reaction to it. */
export type ReactionInput = {
  /** The id of the message. `NOT_FOUND` if the viewer may not see it. */
  messageId: string;
  /** Exactly one Unicode emoji. Skin tones, flags and sequences are allowed. `INVALID` for other text. */
  emoji: string;
};

/** The message to pin or unpin. */
export type PinInput = {
  /** The id of the message. `NOT_FOUND` if the viewer may not see it. */
  messageId: string;
};

/** A conversation, and the newest message that the viewer has read in it. */
export type MarkReadInput = {
  /** The id of a conversation of which the viewer is a member. `FORBIDDEN` or `NOT_FOUND` for others. */
  conversationId: string;
  /** The `seq` of the newest message read. A number beyond the newest message means the newest one. */
  upToSeq: number;
};

/** A conversation, and the messages that notify the viewer from now on. */
export type SetNotificationLevelInput = {
  /** The id of a conversation of which the viewer is a member. `FORBIDDEN` or `NOT_FOUND` for others. */
  conversationId: string;
  /** The new level. `CONFLICT` for `ALL` if 200 members of the room have chosen it. */
  level: NotificationLevel;
  /** The time at which the default applies again. If omitted, never. */
  until?: string | null | undefined;
};

/** The conversation, and the viewer's typing state in it. */
export type SetTypingInput = {
  /** The id of a conversation of which the viewer is a member. `FORBIDDEN` or `NOT_FOUND` for others. */
  conversationId: string;
  /** Whether the viewer is typing. While they are, repeat `true` before `typingTtlMs` have passed. Sending a message also ends typing. */
  isTyping: boolean;
};

/** A signal, and its recipients: exactly one of `conversationId`, `userIds` and `toEveryone`. */
export type SendSignalInput = {
  /** The conversation whose members receive the signal. `FORBIDDEN` if the viewer may not write there. */
  conversationId?: string | null | undefined;
  /** The recipients, 1–100; 1–1000 for admins and backends. `FORBIDDEN` for users other than the viewer who have not written to the viewer in their direct conversation. */
  userIds?: Array<string> | null | undefined;
  /** Whether all connected users receive the signal. For admins and backends. */
  toEveryone?: boolean | null | undefined;
  /** The kind of signal, such as `call.ringing`: 1–64 letters, digits, and `_.:-`. */
  type: string;
  /** The content, at most 8 KiB as JSON and 10 levels. The default is `{}`. */
  data?: Record<string, unknown> | null | undefined;
};

/** The member, and the new role. */
export type SetMemberRoleInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The id of the member. `NOT_FOUND` if the user is not a member. */
  userId: string;
  /** The new role. `FORBIDDEN` for guests, except for `MEMBER`. */
  role: MemberRole;
};

/** The member to remove, and the reason. */
export type KickMemberInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The id of the member. `NOT_FOUND` if the user is not a member. */
  userId: string;
  /** The reason for the moderation log, at most 500 characters. */
  reason?: string | null | undefined;
};

/** The user to ban, the reason, and the end of the ban. */
export type BanMemberInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The id of the user, who need not be a member. */
  userId: string;
  /** The reason, at most 500 characters. The banned user and the moderation log show it. */
  reason?: string | null | undefined;
  /** The end of the ban, in the future. If null or omitted, the ban is permanent. */
  until?: string | null | undefined;
};

/** The room, and the user whose ban to lift. */
export type UnbanMemberInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The id of the banned user. */
  userId: string;
};

/** The member to mute or unmute, the reason, and the end of the mute. */
export type MuteMemberInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The id of the member. `NOT_FOUND` if the user is not a member. */
  userId: string;
  /** The reason for the moderation log, at most 500 characters. */
  reason?: string | null | undefined;
  /** The end of the mute, in the future. If null or omitted, the mute is lifted; `CONFLICT` if there is none. */
  until?: string | null | undefined;
};

/** The message to report, and the reason. */
export type ReportMessageInput = {
  /** The id of a message that the viewer may see. `CONFLICT` if the message was deleted. */
  messageId: string;
  /** The reason for the report, 1–500 characters. */
  reason: string;
};

/** The report to resolve. */
export type ResolveReportInput = {
  /** The id of the report. `NOT_FOUND` if the viewer may not see it. */
  reportId: string;
};

/** The user to report, and the reason. */
export type ReportUserInput = {
  /** The id of the user. `NOT_FOUND` for unknown users, `CONFLICT` for the viewer. */
  userId: string;
  /** The reason for the report, 1–500 characters. */
  reason: string;
};

/** The report of a user to resolve. */
export type ResolveUserReportInput = {
  /** The id of the report. `NOT_FOUND` if there is none. */
  reportId: string;
};

/** The user to suspend, the reason, and the end. */
export type SuspendUserInput = {
  /** The id of the user. `NOT_FOUND` for unknown users, `FORBIDDEN` for admins, except by backends. */
  userId: string;
  /** The reason, at most 500 characters. The user receives it. */
  reason?: string | null | undefined;
  /** The end of the suspension. If omitted or null, it is permanent. A time in the past lifts it. */
  until?: string | null | undefined;
};

/** The support conversation, and the admin to assign. */
export type AssignSupportInput = {
  /** The id of the support conversation. */
  conversationId: string;
  /** The id of an admin; `INVALID` for other users. If null or omitted, the assignment is removed. */
  assigneeId?: string | null | undefined;
};

/** The support conversation to resolve. */
export type ResolveSupportInput = {
  /** The id of the support conversation. */
  conversationId: string;
};

/** The room to join: exactly one of `roomId` and `name`. */
export type JoinRoomInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId?: string | null | undefined;
  /** The name of the room, in any case. `NOT_FOUND` if there is no such room, unless `createIfMissing` is true. */
  name?: string | null | undefined;
  /** Whether to create a public room of this `name`, with the viewer as its owner, if there is none. `INVALID` without a `name`, `FORBIDDEN` for guests. */
  createIfMissing?: boolean | null | undefined;
};

/** The room to leave. */
export type LeaveRoomInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
};

/** The room, and the users to invite. */
export type InviteToRoomInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The ids of 1–100 users. `FORBIDDEN` if one is banned, or is a guest and the room is private. */
  userIds: Array<string>;
};

/** The invitation to answer. */
export type InvitationInput = {
  /** The id of an open invitation of the viewer. `NOT_FOUND` for any other, and if the inviter may no longer invite. */
  invitationId: string;
};

/** The room, and the limits of the link. */
export type CreateInviteLinkInput = {
  /** The id of the room. `NOT_FOUND` if the viewer may not see it. */
  roomId: string;
  /** The time at which the link expires. If omitted, it does not. */
  expiresAt?: string | null | undefined;
  /** The number of users who can join by the link, 1–1000000. If omitted, any. */
  maxUses?: number | null | undefined;
};

/** The code of a link that lets users into a room. */
export type InviteLinkInput = {
  /** The code of the link. `NOT_FOUND` if there is no such link. */
  code: string;
};

/** A push subscription of a browser, as `PushSubscription.toJSON()` shows it. */
export type PushSubscriptionInput = {
  /** The URL of the push service. `INVALID` unless it is a public `https` address of at most 2048 characters. */
  endpoint: string;
  /** The public key of the browser, in base64url. */
  p256dh: string;
  /** The secret of the browser, in base64url. */
  auth: string;
  /** The language for the texts of this server, such as `fr` or `en-GB`. There are English and French texts; all other languages get the English ones. */
  language?: string | null | undefined;
};

/** The push subscription to remove. */
export type RemovePushSubscriptionInput = {
  /** The endpoint of the subscription. */
  endpoint: string;
};

export type SessionFieldsFragment = { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { createdAt: string, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type UserQueryVariables = Exact<{
  id?: string | null | undefined;
  username?: string | null | undefined;
}>;


export type UserQuery = { user: { createdAt: string, isOnline: boolean, lastSeenAt: string | null, viewerBlocked: boolean, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type UsersQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type UsersQuery = { users: { edges: Array<{ cursor: string, node: { isOnline: boolean, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SignUpMutationVariables = Exact<{
  input: SignUpInput;
}>;


export type SignUpMutation = { signUp: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type SignInAsGuestMutationVariables = Exact<{
  input: SignInAsGuestInput;
}>;


export type SignInAsGuestMutation = { signInAsGuest: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { refreshSession: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { ok: boolean } };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { sessions: Array<{ id: string, createdAt: string, lastUsedAt: string | null, userAgent: string | null, isCurrent: boolean }> };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { session: { accessToken: string, expiresAt: string, refreshToken: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type EndSessionMutationVariables = Exact<{
  input: EndSessionInput;
}>;


export type EndSessionMutation = { endSession: { endedCount: number } };

export type EndOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type EndOtherSessionsMutation = { endOtherSessions: { endedCount: number } };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

export type ExportMyDataMutationVariables = Exact<{ [key: string]: never; }>;


export type ExportMyDataMutation = { exportMyData: { data: Record<string, unknown> } };

export type DeleteMyAccountMutationVariables = Exact<{
  input: DeleteMyAccountInput;
}>;


export type DeleteMyAccountMutation = { deleteMyAccount: { ok: boolean } };

export type BlockedUsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type BlockedUsersQuery = { blockedUsers: { edges: Array<{ cursor: string, node: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type BlockUserMutationVariables = Exact<{
  input: BlockUserInput;
}>;


export type BlockUserMutation = { blockUser: { user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

export type UnblockUserMutationVariables = Exact<{
  input: BlockUserInput;
}>;


export type UnblockUserMutation = { unblockUser: { user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

export type AuditEntryFieldsFragment = { id: string, action: string, service: string | null, target: string | null, requestId: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type AuditLogQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AuditLogQuery = { auditLog: { edges: Array<{ cursor: string, node: { id: string, action: string, service: string | null, target: string | null, requestId: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type BackendUserFieldsFragment = { externalId: string | null, metadata: Record<string, unknown>, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean };

export type BackendRoomFieldsFragment = { externalId: string | null, metadata: Record<string, unknown>, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null };

export type UserByExternalIdQueryVariables = Exact<{
  externalId: string;
}>;


export type UserByExternalIdQuery = { userByExternalId: { externalId: string | null, metadata: Record<string, unknown>, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type RoomByExternalIdQueryVariables = Exact<{
  externalId: string;
}>;


export type RoomByExternalIdQuery = { roomByExternalId: { externalId: string | null, metadata: Record<string, unknown>, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } | null };

export type UpsertUsersMutationVariables = Exact<{
  input: UpsertUsersInput;
}>;


export type UpsertUsersMutation = { upsertUsers: { createdCount: number, users: Array<{ externalId: string | null, metadata: Record<string, unknown>, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }> } };

export type UpsertRoomsMutationVariables = Exact<{
  input: UpsertRoomsInput;
}>;


export type UpsertRoomsMutation = { upsertRooms: { createdCount: number, rooms: Array<{ externalId: string | null, metadata: Record<string, unknown>, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null }> } };

export type AddMembersMutationVariables = Exact<{
  input: AddMembersInput;
}>;


export type AddMembersMutation = { addMembers: { changedCount: number, room: { externalId: string | null, metadata: Record<string, unknown>, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } } };

export type RemoveMembersMutationVariables = Exact<{
  input: RemoveMembersInput;
}>;


export type RemoveMembersMutation = { removeMembers: { changedCount: number, room: { externalId: string | null, metadata: Record<string, unknown>, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } } };

export type SetMemberMetadataMutationVariables = Exact<{
  input: SetMemberMetadataInput;
}>;


export type SetMemberMetadataMutation = { setMemberMetadata: { member: { metadata: Record<string, unknown>, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type DeleteRoomMutationVariables = Exact<{
  input: DeleteRoomInput;
}>;


export type DeleteRoomMutation = { deleteRoom: { ok: boolean } };

export type SetUserRoleMutationVariables = Exact<{
  input: SetUserRoleInput;
}>;


export type SetUserRoleMutation = { setUserRole: { user: { externalId: string | null, metadata: Record<string, unknown>, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

export type DeleteUserMutationVariables = Exact<{
  input: DeleteUserInput;
}>;


export type DeleteUserMutation = { deleteUser: { ok: boolean } };

export type ExportUserMutationVariables = Exact<{
  input: ExportUserInput;
}>;


export type ExportUserMutation = { exportUser: { url: string } };

export type ImportMessagesMutationVariables = Exact<{
  input: ImportMessagesInput;
}>;


export type ImportMessagesMutation = { importMessages: { importedCount: number, skippedCount: number } };

export type AppEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  types?: Array<string> | string | null | undefined;
}>;


export type AppEventsSubscription = { appEvents: { cursor: string, occurredAt: string, type: string, conversationId: string | null, event:
      | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
        , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
      | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
        , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
      | { __typename: 'MemberLeft', cursor: string, occurredAt: string, reason: LeaveReason, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
        , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
      | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
        , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }
      | { __typename: 'UserUpdated', cursor: string, occurredAt: string, user: { externalId: string | null, metadata: Record<string, unknown>, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
      | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
      | { __typename: 'StreamReset', resetReason: ResetReason, cursor: string, occurredAt: string }
      | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           } }
      | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           } }
      | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           } }
      | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
      | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'MessagesImported', fromSeq: number, toSeq: number, cursor: string, occurredAt: string, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }
      | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
      | { __typename: 'RoomDeleted', roomId: string, cursor: string, occurredAt: string }
      | { __typename: 'PinChanged', isPinned: boolean, cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
      | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }
      | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
      | { __typename: 'PushWanted', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, notification: { id: string, type: string, title: string, message: string, data: Record<string, unknown> } | null }
     | null } };

export type DirectConversationFieldsFragment = { id: string, createdAt: string, archivedAt: string | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type MyDirectConversationFieldsFragment = { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type DirectConversationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type DirectConversationsQuery = { directConversations: { edges: Array<{ cursor: string, node: { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SendPrivateMessageMutationVariables = Exact<{
  input: SendPrivateMessageInput;
}>;


export type SendPrivateMessageMutation = { sendPrivateMessage: { duplicate: boolean, delivered: boolean, message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }, conversation: { id: string, createdAt: string, archivedAt: string | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type PrivateMessagesSubscriptionVariables = Exact<{
  withUserId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type PrivateMessagesSubscription = { privateMessages:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberLeft', cursor: string, occurredAt: string, reason: LeaveReason, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }
    | { __typename: 'UserUpdated', cursor: string, occurredAt: string }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', resetReason: ResetReason, cursor: string, occurredAt: string }
    | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
    | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'MessagesImported', fromSeq: number, toSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
    | { __typename: 'RoomDeleted', roomId: string, cursor: string, occurredAt: string }
    | { __typename: 'PinChanged', isPinned: boolean, cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }
    | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'PushWanted', cursor: string, occurredAt: string }
   };

export type CreateUploadMutationVariables = Exact<{
  input: CreateUploadInput;
}>;


export type CreateUploadMutation = { createUpload: { upload: { id: string, fileName: string, sizeBytes: number, expiresAt: string, parts: Array<{ number: number, offset: number, sizeBytes: number, url: string, etag: string | null }> } } };

export type UploadQueryVariables = Exact<{
  id: string;
}>;


export type UploadQuery = { upload: { id: string, fileName: string, sizeBytes: number, expiresAt: string, parts: Array<{ number: number, offset: number, sizeBytes: number, url: string, etag: string | null }> } | null };

export type CompleteUploadMutationVariables = Exact<{
  input: CompleteUploadInput;
}>;


export type CompleteUploadMutation = { completeUpload: { attachment: { id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null } } };

export type UserFieldsFragment = { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean };

export type MemberFieldsFragment = { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type MyMemberFieldsFragment = { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type AttachmentFieldsFragment = { id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null };

export type UploadFieldsFragment = { id: string, fileName: string, sizeBytes: number, expiresAt: string, parts: Array<{ number: number, offset: number, sizeBytes: number, url: string, etag: string | null }> };

export type MessageFieldsFragment = { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

export type MyMessageFieldsFragment = { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

export type LastMessageFieldsFragment = { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type RoomFieldsFragment = { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null };

export type PageFieldsFragment = { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null };

export type InviteLinkFieldsFragment = { id: string, code: string, createdAt: string, expiresAt: string | null, maxUses: number | null, useCount: number, revokedAt: string | null, createdBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, room: { id: string, name: string } };

export type InviteLinkQueryVariables = Exact<{
  code: string;
}>;


export type InviteLinkQuery = { inviteLink: { roomName: string, memberCount: number, expiresAt: string | null } | null };

export type InviteLinksQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type InviteLinksQuery = { inviteLinks: { edges: Array<{ cursor: string, node: { id: string, code: string, createdAt: string, expiresAt: string | null, maxUses: number | null, useCount: number, revokedAt: string | null, createdBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, room: { id: string, name: string } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type CreateInviteLinkMutationVariables = Exact<{
  input: CreateInviteLinkInput;
}>;


export type CreateInviteLinkMutation = { createInviteLink: { inviteLink: { id: string, code: string, createdAt: string, expiresAt: string | null, maxUses: number | null, useCount: number, revokedAt: string | null, createdBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, room: { id: string, name: string } } } };

export type RevokeInviteLinkMutationVariables = Exact<{
  input: InviteLinkInput;
}>;


export type RevokeInviteLinkMutation = { revokeInviteLink: { inviteLink: { id: string, code: string, createdAt: string, expiresAt: string | null, maxUses: number | null, useCount: number, revokedAt: string | null, createdBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, room: { id: string, name: string } } } };

export type AcceptInviteLinkMutationVariables = Exact<{
  input: InviteLinkInput;
}>;


export type AcceptInviteLinkMutation = { acceptInviteLink: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type InvitationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type InvitationsQuery = { invitations: { edges: Array<{ cursor: string, node: { id: string, createdAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null }, invitedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type AcceptInvitationMutationVariables = Exact<{
  input: InvitationInput;
}>;


export type AcceptInvitationMutation = { acceptInvitation: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type DeclineInvitationMutationVariables = Exact<{
  input: InvitationInput;
}>;


export type DeclineInvitationMutation = { declineInvitation: { ok: boolean } };

export type MessagesQueryVariables = Exact<{
  conversationId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type MessagesQuery = { conversation:
    | { messages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { messages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { messages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
   | null };

export type MessageQueryVariables = Exact<{
  id: string;
}>;


export type MessageQuery = { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
    , reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } | null };

export type RepliesQueryVariables = Exact<{
  messageId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type RepliesQuery = { message: { replies: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
            | { id: string }
            | { id: string }
            | { id: string }
           } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type ReactionsQueryVariables = Exact<{
  messageId: string;
  usersOfEach?: number | null | undefined;
}>;


export type ReactionsQuery = { message: { reactions: Array<{ emoji: string, count: number, viewerReacted: boolean, users: Array<{ id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }> }> } | null };

export type FoundMessageFieldsFragment = { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
    | { __typename: 'Room', name: string, visibility: Visibility, id: string }
    | { __typename: 'DirectConversation', id: string, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
  , reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null };

export type SearchMessagesQueryVariables = Exact<{
  query: string;
  conversationId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type SearchMessagesQuery = { searchMessages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
          | { __typename: 'Room', name: string, visibility: Visibility, id: string }
          | { __typename: 'DirectConversation', id: string, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
          | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
        , reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { sendMessage: { duplicate: boolean, message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type EditMessageMutationVariables = Exact<{
  input: EditMessageInput;
}>;


export type EditMessageMutation = { editMessage: { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type DeleteMessageMutationVariables = Exact<{
  input: DeleteMessageInput;
}>;


export type DeleteMessageMutation = { deleteMessage: { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type AddReactionMutationVariables = Exact<{
  input: ReactionInput;
}>;


export type AddReactionMutation = { addReaction: { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type RemoveReactionMutationVariables = Exact<{
  input: ReactionInput;
}>;


export type RemoveReactionMutation = { removeReaction: { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type PinnedMessagesQueryVariables = Exact<{
  conversationId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type PinnedMessagesQuery = { conversation:
    | { pinnedMessages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { pinnedMessages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { pinnedMessages: { edges: Array<{ cursor: string, node: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
              | { id: string }
              | { id: string }
              | { id: string }
             } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
   | null };

export type PinMessageMutationVariables = Exact<{
  input: PinInput;
}>;


export type PinMessageMutation = { pinMessage: { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type UnpinMessageMutationVariables = Exact<{
  input: PinInput;
}>;


export type UnpinMessageMutation = { unpinMessage: { message: { replyCount: number, id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, reactions: Array<{ viewerReacted: boolean, emoji: string, count: number }>, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       } } };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type MarkReadMutation = { markRead: { conversation:
      | { id: string, unreadCount: number, unreadMentionCount: number, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
      | { id: string, unreadCount: number, unreadMentionCount: number, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
      | { id: string, unreadCount: number, unreadMentionCount: number, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
     } };

export type SetNotificationLevelMutationVariables = Exact<{
  input: SetNotificationLevelInput;
}>;


export type SetNotificationLevelMutation = { setNotificationLevel: { member: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

type ConversationEventFields_MessagesRead_Fragment = { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

type ConversationEventFields_MemberJoined_Fragment = { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

type ConversationEventFields_MemberLeft_Fragment = { __typename: 'MemberLeft', cursor: string, occurredAt: string, reason: LeaveReason, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

type ConversationEventFields_MemberUpdated_Fragment = { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
  , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

type ConversationEventFields_UserUpdated_Fragment = { __typename: 'UserUpdated', cursor: string, occurredAt: string };

type ConversationEventFields_CaughtUp_Fragment = { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string };

type ConversationEventFields_StreamReset_Fragment = { __typename: 'StreamReset', resetReason: ResetReason, cursor: string, occurredAt: string };

type ConversationEventFields_MessageSent_Fragment = { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } };

type ConversationEventFields_MessageEdited_Fragment = { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } };

type ConversationEventFields_MessageDeleted_Fragment = { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } };

type ConversationEventFields_ReactionsChanged_Fragment = { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null };

type ConversationEventFields_MessagesExpired_Fragment = { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

type ConversationEventFields_MessagesImported_Fragment = { __typename: 'MessagesImported', fromSeq: number, toSeq: number, cursor: string, occurredAt: string, conversation:
    | { id: string }
    | { id: string }
    | { id: string }
   };

type ConversationEventFields_RoomUpdated_Fragment = { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } };

type ConversationEventFields_RoomDeleted_Fragment = { __typename: 'RoomDeleted', roomId: string, cursor: string, occurredAt: string };

type ConversationEventFields_PinChanged_Fragment = { __typename: 'PinChanged', isPinned: boolean, cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

type ConversationEventFields_SupportUpdated_Fragment = { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } };

type ConversationEventFields_DeskChanged_Fragment = { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

type ConversationEventFields_PushWanted_Fragment = { __typename: 'PushWanted', cursor: string, occurredAt: string };

export type ConversationEventFieldsFragment =
  | ConversationEventFields_MessagesRead_Fragment
  | ConversationEventFields_MemberJoined_Fragment
  | ConversationEventFields_MemberLeft_Fragment
  | ConversationEventFields_MemberUpdated_Fragment
  | ConversationEventFields_UserUpdated_Fragment
  | ConversationEventFields_CaughtUp_Fragment
  | ConversationEventFields_StreamReset_Fragment
  | ConversationEventFields_MessageSent_Fragment
  | ConversationEventFields_MessageEdited_Fragment
  | ConversationEventFields_MessageDeleted_Fragment
  | ConversationEventFields_ReactionsChanged_Fragment
  | ConversationEventFields_MessagesExpired_Fragment
  | ConversationEventFields_MessagesImported_Fragment
  | ConversationEventFields_RoomUpdated_Fragment
  | ConversationEventFields_RoomDeleted_Fragment
  | ConversationEventFields_PinChanged_Fragment
  | ConversationEventFields_SupportUpdated_Fragment
  | ConversationEventFields_DeskChanged_Fragment
  | ConversationEventFields_PushWanted_Fragment
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
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberLeft', cursor: string, occurredAt: string, reason: LeaveReason, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }
    | { __typename: 'UserUpdated', cursor: string, occurredAt: string }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', resetReason: ResetReason, cursor: string, occurredAt: string }
    | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
    | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'MessagesImported', fromSeq: number, toSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
    | { __typename: 'RoomDeleted', roomId: string, cursor: string, occurredAt: string }
    | { __typename: 'PinChanged', isPinned: boolean, cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }
    | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'PushWanted', cursor: string, occurredAt: string }
   };

export type ModerationEntryFieldsFragment = { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
      | { id: string }
      | { id: string }
      | { id: string }
     } | null };

export type ReportFieldsFragment = { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
      | { __typename: 'Room', name: string, visibility: Visibility, id: string }
      | { __typename: 'DirectConversation', id: string }
      | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    , attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } };

export type BanFieldsFragment = { reason: string | null, until: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } };

export type BansQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type BansQuery = { bans: { edges: Array<{ cursor: string, node: { reason: string | null, until: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ModerationLogQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ModerationLogQuery = { moderationLog: { edges: Array<{ cursor: string, node: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
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


export type ReportsQuery = { reports: { edges: Array<{ cursor: string, node: { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
            | { __typename: 'Room', name: string, visibility: Visibility, id: string }
            | { __typename: 'DirectConversation', id: string }
            | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
          , attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SetMemberRoleMutationVariables = Exact<{
  input: SetMemberRoleInput;
}>;


export type SetMemberRoleMutation = { setMemberRole: { member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } } };

export type KickMemberMutationVariables = Exact<{
  input: KickMemberInput;
}>;


export type KickMemberMutation = { kickMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type BanMemberMutationVariables = Exact<{
  input: BanMemberInput;
}>;


export type BanMemberMutation = { banMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type UnbanMemberMutationVariables = Exact<{
  input: UnbanMemberInput;
}>;


export type UnbanMemberMutation = { unbanMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type MuteMemberMutationVariables = Exact<{
  input: MuteMemberInput;
}>;


export type MuteMemberMutation = { muteMember: { entry: { id: string, action: string, createdAt: string, reason: string | null, role: MemberRole | null, until: string | null, moderator: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } | null } } };

export type ReportMessageMutationVariables = Exact<{
  input: ReportMessageInput;
}>;


export type ReportMessageMutation = { reportMessage: { report: { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
          | { __typename: 'Room', name: string, visibility: Visibility, id: string }
          | { __typename: 'DirectConversation', id: string }
          | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
        , attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } } };

export type ResolveReportMutationVariables = Exact<{
  input: ResolveReportInput;
}>;


export type ResolveReportMutation = { resolveReport: { report: { id: string, reason: string, createdAt: string, resolvedAt: string | null, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, conversation:
          | { __typename: 'Room', name: string, visibility: Visibility, id: string }
          | { __typename: 'DirectConversation', id: string }
          | { __typename: 'SupportConversation', id: string, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
        , attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } } };

export type SuspendUserMutationVariables = Exact<{
  input: SuspendUserInput;
}>;


export type SuspendUserMutation = { suspendUser: { user: { suspendedUntil: string | null, id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

export type ReportUserMutationVariables = Exact<{
  input: ReportUserInput;
}>;


export type ReportUserMutation = { reportUser: { ok: boolean } };

export type UserReportFieldsFragment = { id: string, reason: string, createdAt: string, resolvedAt: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type UserReportsQueryVariables = Exact<{
  resolved?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type UserReportsQuery = { userReports: { edges: Array<{ cursor: string, node: { id: string, reason: string, createdAt: string, resolvedAt: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ResolveUserReportMutationVariables = Exact<{
  input: ResolveUserReportInput;
}>;


export type ResolveUserReportMutation = { resolveUserReport: { report: { id: string, reason: string, createdAt: string, resolvedAt: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, reporter: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, resolvedBy: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } } };

export type OpenReportCountQueryVariables = Exact<{ [key: string]: never; }>;


export type OpenReportCountQuery = { openReportCount: number };

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

export type RegisterPushSubscriptionMutationVariables = Exact<{
  input: PushSubscriptionInput;
}>;


export type RegisterPushSubscriptionMutation = { registerPushSubscription: { ok: boolean } };

export type RemovePushSubscriptionMutationVariables = Exact<{
  input: RemovePushSubscriptionInput;
}>;


export type RemovePushSubscriptionMutation = { removePushSubscription: { ok: boolean } };

export type FollowNotificationsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FollowNotificationsSubscription = { notifications:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'UserUpdated', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'BlockChanged', isBlocked: boolean, cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', resetReason: ResetReason, cursor: string, occurredAt: string }
    | { __typename: 'NotificationReceived', cursor: string, occurredAt: string, notification: { id: string, type: string, title: string, message: string, data: Record<string, unknown>, createdAt: string, readAt: string | null } }
    | { __typename: 'NotificationsRead', ids: Array<string>, cursor: string, occurredAt: string }
    | { __typename: 'NotificationLevelChanged', cursor: string, occurredAt: string, member: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }
    | { __typename: 'OpenReportsChanged', openReportCount: number, cursor: string, occurredAt: string }
   };

export type OnlineUsersQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
}>;


export type OnlineUsersQuery = { room: { onlineUsers: Array<{ id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }> } | null };

export type ConnectionStatsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConnectionStatsQuery = { connectionStats: { connections: number, onlineUsers: number, nodes: number } };

export type SetTypingMutationVariables = Exact<{
  input: SetTypingInput;
}>;


export type SetTypingMutation = { setTyping: { ok: boolean } };

export type TypingSubscriptionVariables = Exact<{
  conversationId: string;
}>;


export type TypingSubscription = { typing: { conversationId: string, isTyping: boolean, expiresAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } };

export type RoomPresenceSubscriptionVariables = Exact<{
  roomId: string;
}>;


export type RoomPresenceSubscription = { roomPresence:
    | { __typename: 'PresenceSnapshot', users: Array<{ id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }> }
    | { __typename: 'UserCameOnline', user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'UserWentOffline', lastSeenAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
   };

export type LobbyRoomFieldsFragment = { onlineCount: number, usernames: Array<string>, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } };

export type LobbySubscriptionVariables = Exact<{ [key: string]: never; }>;


export type LobbySubscription = { lobby:
    | { __typename: 'LobbySnapshot', otherRoomCount: number, rooms: Array<{ onlineCount: number, usernames: Array<string>, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }> }
    | { __typename: 'LobbyRoomChanged', room: { onlineCount: number, usernames: Array<string>, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } } }
    | { __typename: 'LobbyRoomRemoved', roomId: string }
   };

export type AllOnlineUsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AllOnlineUsersQuery = { onlineUsers: { edges: Array<{ cursor: string, node: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type SendSignalMutationVariables = Exact<{
  input: SendSignalInput;
}>;


export type SendSignalMutation = { sendSignal: { ok: boolean } };

export type SignalsSubscriptionVariables = Exact<{
  conversationId?: string | null | undefined;
}>;


export type SignalsSubscription = { signals: { type: string, data: Record<string, unknown>, conversationId: string | null, sentAt: string, sender: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } };

export type MyRoomFieldsFragment = { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null };

export type RoomQueryVariables = Exact<{
  id?: string | null | undefined;
  name?: string | null | undefined;
}>;


export type RoomQuery = { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerBan: { reason: string | null, until: string | null, createdAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } | null };

export type RoomsQueryVariables = Exact<{
  search?: string | null | undefined;
  metadata?: Record<string, unknown> | null | undefined;
  joined?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type RoomsQuery = { rooms: { edges: Array<{ cursor: string, node: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type ConversationQueryVariables = Exact<{
  id: string;
}>;


export type ConversationQuery = { conversation:
    | { __typename: 'Room', onlineCount: number, id: string, createdAt: string, unreadCount: number, unreadMentionCount: number, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
    | { __typename: 'DirectConversation', id: string, createdAt: string, unreadCount: number, unreadMentionCount: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, peer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'SupportConversation', id: string, createdAt: string, unreadCount: number, unreadMentionCount: number, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null }
   | null };

export type MembersQueryVariables = Exact<{
  conversationId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type MembersQuery = { conversation:
    | { members: { edges: Array<{ cursor: string, node: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { members: { edges: Array<{ cursor: string, node: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
    | { members: { edges: Array<{ cursor: string, node: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } }
   | null };

export type CreateRoomMutationVariables = Exact<{
  input: CreateRoomInput;
}>;


export type CreateRoomMutation = { createRoom: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type UpdateRoomMutationVariables = Exact<{
  input: UpdateRoomInput;
}>;


export type UpdateRoomMutation = { updateRoom: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type JoinRoomMutationVariables = Exact<{
  input: JoinRoomInput;
}>;


export type JoinRoomMutation = { joinRoom: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type LeaveRoomMutationVariables = Exact<{
  input: LeaveRoomInput;
}>;


export type LeaveRoomMutation = { leaveRoom: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type InviteToRoomMutationVariables = Exact<{
  input: InviteToRoomInput;
}>;


export type InviteToRoomMutation = { inviteToRoom: { room: { onlineCount: number, unreadCount: number, unreadMentionCount: number, id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null } } };

export type ServerInfoQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerInfoQuery = { serverInfo: { version: string, time: string, signUpEnabled: boolean, guestsEnabled: boolean, guestSupportEnabled: boolean, invitationsAreAsked: boolean, vapidPublicKey: string | null, limits: { messageMaxCharacters: number, attachmentMaxBytes: number, attachmentQuotaBytes: number, attachmentsPerMessage: number, pageDefault: number, pageMax: number, replayMax: number, operationsPerConnection: number, connectionsPerUser: number, frameMaxBytes: number, sendsPerWindow: number, sendsWindowMs: number, sendsBurst: number, typingTtlMs: number, typingResendMs: number, presenceTtlMs: number, leaveGraceMs: number, accessTokenMs: number } } };

export type SupportConversationFieldsFragment = { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type MySupportConversationFieldsFragment = { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null };

export type MySupportConversationQueryVariables = Exact<{
  metadata?: Record<string, unknown> | null | undefined;
}>;


export type MySupportConversationQuery = { mySupportConversation: { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } };

export type SupportConversationsQueryVariables = Exact<{
  status?: SupportStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type SupportConversationsQuery = { supportConversations: { edges: Array<{ cursor: string, node: { unreadCount: number, id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, viewerMember: { id: string, lastReadSeq: number | null, notificationLevel: NotificationLevel, notificationLevelUntil: string | null, role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, lastMessage: { id: string, seq: number, body: string | null, createdAt: string, deletedAt: string | null, isRead: boolean, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type AssignSupportMutationVariables = Exact<{
  input: AssignSupportInput;
}>;


export type AssignSupportMutation = { assignSupport: { conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } } };

export type ResolveSupportMutationVariables = Exact<{
  input: ResolveSupportInput;
}>;


export type ResolveSupportMutation = { resolveSupport: { conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } } };

export type SupportMessagesSubscriptionVariables = Exact<{
  conversationId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type SupportMessagesSubscription = { supportMessages:
    | { __typename: 'MessagesRead', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberJoined', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberLeft', cursor: string, occurredAt: string, reason: LeaveReason, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'MemberUpdated', cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
      , member: { role: MemberRole, joinedAt: string, mutedUntil: string | null, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } }
    | { __typename: 'UserUpdated', cursor: string, occurredAt: string }
    | { __typename: 'CaughtUp', replayed: number, cursor: string, occurredAt: string }
    | { __typename: 'StreamReset', resetReason: ResetReason, cursor: string, occurredAt: string }
    | { __typename: 'MessageSent', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageEdited', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'MessageDeleted', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         } }
    | { __typename: 'ReactionsChanged', cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, reaction: { emoji: string, isAdded: boolean, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null }
    | { __typename: 'MessagesExpired', upToSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'MessagesImported', fromSeq: number, toSeq: number, cursor: string, occurredAt: string, conversation:
        | { id: string }
        | { id: string }
        | { id: string }
       }
    | { __typename: 'RoomUpdated', cursor: string, occurredAt: string, room: { id: string, createdAt: string, name: string, topic: string | null, visibility: Visibility, memberCount: number, slowModeSeconds: number, archivedAt: string | null } }
    | { __typename: 'RoomDeleted', roomId: string, cursor: string, occurredAt: string }
    | { __typename: 'PinChanged', isPinned: boolean, cursor: string, occurredAt: string, message: { id: string, seq: number, kind: MessageKind, body: string | null, metadata: Record<string, unknown>, createdAt: string, editedAt: string | null, deletedAt: string | null, pinnedAt: string | null, importedAt: string | null, isRead: boolean, attachments: Array<{ id: string, fileName: string, contentType: string, sizeBytes: number, url: string, width: number | null, height: number | null, thumbnailUrl: string | null, placeholder: string | null }>, reactions: Array<{ emoji: string, count: number }>, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, mentions: Array<{ id: string, username: string }>, replyTo: { id: string, seq: number, body: string | null, deletedAt: string | null, author: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } } | null, conversation:
          | { id: string }
          | { id: string }
          | { id: string }
         }, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'SupportUpdated', cursor: string, occurredAt: string, conversation: { id: string, createdAt: string, archivedAt: string | null, status: SupportStatus, metadata: Record<string, unknown>, customer: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean }, assignee: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } | null } }
    | { __typename: 'DeskChanged', cursor: string, occurredAt: string, user: { id: string, username: string, displayName: string, avatarUrl: string | null, role: Role, isGuest: boolean, isBot: boolean } }
    | { __typename: 'PushWanted', cursor: string, occurredAt: string }
   };

const SessionFields = 'fragment SessionFields on Session{accessToken expiresAt refreshToken user{...UserFields}}';
const AuditEntryFields = 'fragment AuditEntryFields on AuditEntry{id action service user{...UserFields}target requestId createdAt}';
const BackendUserFields = 'fragment BackendUserFields on User{...UserFields externalId metadata}';
const BackendRoomFields = 'fragment BackendRoomFields on Room{...RoomFields externalId metadata}';
const DirectConversationFields = 'fragment DirectConversationFields on DirectConversation{id createdAt archivedAt peer{...UserFields}}';
const MyDirectConversationFields = 'fragment MyDirectConversationFields on DirectConversation{...DirectConversationFields unreadCount viewerMember{...MyMemberFields}lastMessage{...LastMessageFields}}';
const UserFields = 'fragment UserFields on User{id username displayName avatarUrl role isGuest isBot}';
const MemberFields = 'fragment MemberFields on Member{role joinedAt mutedUntil user{...UserFields}}';
const MyMemberFields = 'fragment MyMemberFields on Member{id ...MemberFields lastReadSeq notificationLevel notificationLevelUntil}';
const AttachmentFields = 'fragment AttachmentFields on Attachment{id fileName contentType sizeBytes url width height thumbnailUrl placeholder}';
const UploadFields = 'fragment UploadFields on Upload{id fileName sizeBytes expiresAt parts{number offset sizeBytes url etag}}';
const MessageFields = 'fragment MessageFields on Message{id seq kind body metadata createdAt editedAt deletedAt pinnedAt importedAt isRead attachments{...AttachmentFields}reactions{emoji count}author{...UserFields}mentions{id username}replyTo{id seq body deletedAt author{...UserFields}}conversation{id}}';
const MyMessageFields = 'fragment MyMessageFields on Message{...MessageFields replyCount reactions{viewerReacted}}';
const LastMessageFields = 'fragment LastMessageFields on Message{id seq body createdAt deletedAt isRead author{...UserFields}}';
const RoomFields = 'fragment RoomFields on Room{id createdAt name topic visibility memberCount slowModeSeconds archivedAt}';
const PageFields = 'fragment PageFields on PageInfo{hasNextPage hasPreviousPage startCursor endCursor}';
const InviteLinkFields = 'fragment InviteLinkFields on InviteLink{id code createdAt expiresAt maxUses useCount revokedAt createdBy{...UserFields}room{id name}}';
const FoundMessageFields = 'fragment FoundMessageFields on Message{...MyMessageFields conversation{__typename id ...on Room{name visibility}...on DirectConversation{peer{...UserFields}}...on SupportConversation{customer{...UserFields}}}}';
const ConversationEventFields = 'fragment ConversationEventFields on ConversationEvent{__typename cursor occurredAt ...on MessageSent{message{...MessageFields}}...on MessageEdited{message{...MessageFields}}...on MessageDeleted{message{...MessageFields}}...on ReactionsChanged{message{...MessageFields}reaction{emoji isAdded user{...UserFields}}}...on PinChanged{message{...MessageFields}isPinned user{...UserFields}}...on MessagesExpired{conversation{id}upToSeq}...on MessagesImported{conversation{id}fromSeq toSeq}...on MessagesRead{conversation{id}user{...UserFields}upToSeq}...on MemberJoined{conversation{id}user{...UserFields}}...on MemberLeft{conversation{id}user{...UserFields}reason:leaveReason}...on MemberUpdated{conversation{id}member{...MemberFields}}...on RoomUpdated{room{...RoomFields}}...on RoomDeleted{roomId}...on SupportUpdated{conversation{...SupportConversationFields}}...on DeskChanged{user{...UserFields}}...on CaughtUp{replayed}...on StreamReset{resetReason}}';
const ModerationEntryFields = 'fragment ModerationEntryFields on ModerationEntry{id action createdAt reason role until moderator{...UserFields}user{...UserFields}message{...MessageFields}}';
const ReportFields = 'fragment ReportFields on Report{id reason createdAt resolvedAt reporter{...UserFields}resolvedBy{...UserFields}message{...MessageFields conversation{__typename id ...on Room{name visibility}...on SupportConversation{customer{...UserFields}}}}}';
const BanFields = 'fragment BanFields on Ban{reason until createdAt user{...UserFields}}';
const UserReportFields = 'fragment UserReportFields on UserReport{id reason createdAt resolvedAt user{...UserFields}reporter{...UserFields}resolvedBy{...UserFields}}';
const NotificationFields = 'fragment NotificationFields on Notification{id type title message data createdAt readAt}';
const LobbyRoomFields = 'fragment LobbyRoomFields on LobbyRoom{onlineCount usernames room{...RoomFields}}';
const MyRoomFields = 'fragment MyRoomFields on Room{...RoomFields onlineCount unreadCount unreadMentionCount viewerMember{...MyMemberFields}lastMessage{...LastMessageFields}}';
const SupportConversationFields = 'fragment SupportConversationFields on SupportConversation{id createdAt archivedAt status metadata customer{...UserFields}assignee{...UserFields}}';
const MySupportConversationFields = 'fragment MySupportConversationFields on SupportConversation{...SupportConversationFields unreadCount viewerMember{...MyMemberFields}lastMessage{...LastMessageFields}}';
export const ViewerDocument: Document<ViewerQuery, ViewerQueryVariables> = 'query Viewer{viewer{...UserFields createdAt}}' + UserFields;
export const UserDocument: Document<UserQuery, UserQueryVariables> = 'query User($id:ID$username:String){user(id:$id username:$username){...UserFields createdAt isOnline lastSeenAt viewerBlocked}}' + UserFields;
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
export const BlockedUsersDocument: Document<BlockedUsersQuery, BlockedUsersQueryVariables> = 'query BlockedUsers($first:Int$after:String$last:Int$before:String){blockedUsers(first:$first after:$after last:$last before:$before){edges{cursor node{...UserFields}}pageInfo{...PageFields}}}' + UserFields + PageFields;
export const BlockUserDocument: Document<BlockUserMutation, BlockUserMutationVariables> = 'mutation BlockUser($input:BlockUserInput!){blockUser(input:$input){user{...UserFields}}}' + UserFields;
export const UnblockUserDocument: Document<UnblockUserMutation, UnblockUserMutationVariables> = 'mutation UnblockUser($input:BlockUserInput!){unblockUser(input:$input){user{...UserFields}}}' + UserFields;
export const AuditLogDocument: Document<AuditLogQuery, AuditLogQueryVariables> = 'query AuditLog($first:Int$after:String$last:Int$before:String){auditLog(first:$first after:$after last:$last before:$before){edges{cursor node{...AuditEntryFields}}pageInfo{...PageFields}}}' + AuditEntryFields + UserFields + PageFields;
export const UserByExternalIdDocument: Document<UserByExternalIdQuery, UserByExternalIdQueryVariables> = 'query UserByExternalId($externalId:String!){userByExternalId(externalId:$externalId){...BackendUserFields}}' + BackendUserFields + UserFields;
export const RoomByExternalIdDocument: Document<RoomByExternalIdQuery, RoomByExternalIdQueryVariables> = 'query RoomByExternalId($externalId:String!){roomByExternalId(externalId:$externalId){...BackendRoomFields}}' + BackendRoomFields + RoomFields;
export const UpsertUsersDocument: Document<UpsertUsersMutation, UpsertUsersMutationVariables> = 'mutation UpsertUsers($input:UpsertUsersInput!){upsertUsers(input:$input){createdCount users{...BackendUserFields}}}' + BackendUserFields + UserFields;
export const UpsertRoomsDocument: Document<UpsertRoomsMutation, UpsertRoomsMutationVariables> = 'mutation UpsertRooms($input:UpsertRoomsInput!){upsertRooms(input:$input){createdCount rooms{...BackendRoomFields}}}' + BackendRoomFields + RoomFields;
export const AddMembersDocument: Document<AddMembersMutation, AddMembersMutationVariables> = 'mutation AddMembers($input:AddMembersInput!){addMembers(input:$input){changedCount room{...BackendRoomFields}}}' + BackendRoomFields + RoomFields;
export const RemoveMembersDocument: Document<RemoveMembersMutation, RemoveMembersMutationVariables> = 'mutation RemoveMembers($input:RemoveMembersInput!){removeMembers(input:$input){changedCount room{...BackendRoomFields}}}' + BackendRoomFields + RoomFields;
export const SetMemberMetadataDocument: Document<SetMemberMetadataMutation, SetMemberMetadataMutationVariables> = 'mutation SetMemberMetadata($input:SetMemberMetadataInput!){setMemberMetadata(input:$input){member{...MemberFields metadata}}}' + MemberFields + UserFields;
export const DeleteRoomDocument: Document<DeleteRoomMutation, DeleteRoomMutationVariables> = 'mutation DeleteRoom($input:DeleteRoomInput!){deleteRoom(input:$input){ok}}';
export const SetUserRoleDocument: Document<SetUserRoleMutation, SetUserRoleMutationVariables> = 'mutation SetUserRole($input:SetUserRoleInput!){setUserRole(input:$input){user{...BackendUserFields}}}' + BackendUserFields + UserFields;
export const DeleteUserDocument: Document<DeleteUserMutation, DeleteUserMutationVariables> = 'mutation DeleteUser($input:DeleteUserInput!){deleteUser(input:$input){ok}}';
export const ExportUserDocument: Document<ExportUserMutation, ExportUserMutationVariables> = 'mutation ExportUser($input:ExportUserInput!){exportUser(input:$input){url}}';
export const ImportMessagesDocument: Document<ImportMessagesMutation, ImportMessagesMutationVariables> = 'mutation ImportMessages($input:ImportMessagesInput!){importMessages(input:$input){importedCount skippedCount}}';
export const AppEventsDocument: Document<AppEventsSubscription, AppEventsSubscriptionVariables> = 'subscription AppEvents($after:Cursor$types:[String!]){appEvents(after:$after types:$types){cursor occurredAt type conversationId event{...ConversationEventFields ...on PushWanted{user{...UserFields}notification{id type title message data}}...on UserUpdated{user{...UserFields externalId metadata}}}}}' + ConversationEventFields + MessageFields + AttachmentFields + UserFields + MemberFields + RoomFields + SupportConversationFields;
export const DirectConversationsDocument: Document<DirectConversationsQuery, DirectConversationsQueryVariables> = 'query DirectConversations($first:Int$after:String$last:Int$before:String){directConversations(first:$first after:$after last:$last before:$before){edges{cursor node{...MyDirectConversationFields}}pageInfo{...PageFields}}}' + MyDirectConversationFields + DirectConversationFields + UserFields + MyMemberFields + MemberFields + LastMessageFields + PageFields;
export const SendPrivateMessageDocument: Document<SendPrivateMessageMutation, SendPrivateMessageMutationVariables> = 'mutation SendPrivateMessage($input:SendPrivateMessageInput!){sendPrivateMessage(input:$input){duplicate delivered message{...MyMessageFields}conversation{...DirectConversationFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields + DirectConversationFields;
export const PrivateMessagesDocument: Document<PrivateMessagesSubscription, PrivateMessagesSubscriptionVariables> = 'subscription PrivateMessages($withUserId:ID$after:Cursor){privateMessages(withUserId:$withUserId after:$after){...ConversationEventFields}}' + ConversationEventFields + MessageFields + AttachmentFields + UserFields + MemberFields + RoomFields + SupportConversationFields;
export const CreateUploadDocument: Document<CreateUploadMutation, CreateUploadMutationVariables> = 'mutation CreateUpload($input:CreateUploadInput!){createUpload(input:$input){upload{...UploadFields}}}' + UploadFields;
export const UploadDocument: Document<UploadQuery, UploadQueryVariables> = 'query Upload($id:ID!){upload(id:$id){...UploadFields}}' + UploadFields;
export const CompleteUploadDocument: Document<CompleteUploadMutation, CompleteUploadMutationVariables> = 'mutation CompleteUpload($input:CompleteUploadInput!){completeUpload(input:$input){attachment{...AttachmentFields}}}' + AttachmentFields;
export const InviteLinkDocument: Document<InviteLinkQuery, InviteLinkQueryVariables> = 'query InviteLink($code:String!){inviteLink(code:$code){roomName memberCount expiresAt}}';
export const InviteLinksDocument: Document<InviteLinksQuery, InviteLinksQueryVariables> = 'query InviteLinks($roomId:ID!$first:Int$after:String$last:Int$before:String){inviteLinks(roomId:$roomId first:$first after:$after last:$last before:$before){edges{cursor node{...InviteLinkFields}}pageInfo{...PageFields}}}' + InviteLinkFields + UserFields + PageFields;
export const CreateInviteLinkDocument: Document<CreateInviteLinkMutation, CreateInviteLinkMutationVariables> = 'mutation CreateInviteLink($input:CreateInviteLinkInput!){createInviteLink(input:$input){inviteLink{...InviteLinkFields}}}' + InviteLinkFields + UserFields;
export const RevokeInviteLinkDocument: Document<RevokeInviteLinkMutation, RevokeInviteLinkMutationVariables> = 'mutation RevokeInviteLink($input:InviteLinkInput!){revokeInviteLink(input:$input){inviteLink{...InviteLinkFields}}}' + InviteLinkFields + UserFields;
export const AcceptInviteLinkDocument: Document<AcceptInviteLinkMutation, AcceptInviteLinkMutationVariables> = 'mutation AcceptInviteLink($input:InviteLinkInput!){acceptInviteLink(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const InvitationsDocument: Document<InvitationsQuery, InvitationsQueryVariables> = 'query Invitations($first:Int$after:String$last:Int$before:String){invitations(first:$first after:$after last:$last before:$before){edges{cursor node{id createdAt room{...RoomFields}invitedBy{...UserFields}}}pageInfo{...PageFields}}}' + RoomFields + UserFields + PageFields;
export const AcceptInvitationDocument: Document<AcceptInvitationMutation, AcceptInvitationMutationVariables> = 'mutation AcceptInvitation($input:InvitationInput!){acceptInvitation(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const DeclineInvitationDocument: Document<DeclineInvitationMutation, DeclineInvitationMutationVariables> = 'mutation DeclineInvitation($input:InvitationInput!){declineInvitation(input:$input){ok}}';
export const MessagesDocument: Document<MessagesQuery, MessagesQueryVariables> = 'query Messages($conversationId:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$conversationId){messages(first:$first after:$after last:$last before:$before){edges{cursor node{...MyMessageFields}}pageInfo{...PageFields}}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields + PageFields;
export const MessageDocument: Document<MessageQuery, MessageQueryVariables> = 'query Message($id:ID!){message(id:$id){...MyMessageFields conversation{id}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const RepliesDocument: Document<RepliesQuery, RepliesQueryVariables> = 'query Replies($messageId:ID!$first:Int$after:String$last:Int$before:String){message(id:$messageId){replies(first:$first after:$after last:$last before:$before){edges{cursor node{...MyMessageFields}}pageInfo{...PageFields}}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields + PageFields;
export const ReactionsDocument: Document<ReactionsQuery, ReactionsQueryVariables> = 'query Reactions($messageId:ID!$usersOfEach:Int){message(id:$messageId){reactions{emoji count viewerReacted users(first:$usersOfEach){...UserFields}}}}' + UserFields;
export const SearchMessagesDocument: Document<SearchMessagesQuery, SearchMessagesQueryVariables> = 'query SearchMessages($query:String!$conversationId:ID$first:Int$after:String$last:Int$before:String){searchMessages(query:$query conversationId:$conversationId first:$first after:$after last:$last before:$before){edges{cursor node{...FoundMessageFields}}pageInfo{...PageFields}}}' + FoundMessageFields + MyMessageFields + MessageFields + AttachmentFields + UserFields + PageFields;
export const SendMessageDocument: Document<SendMessageMutation, SendMessageMutationVariables> = 'mutation SendMessage($input:SendMessageInput!){sendMessage(input:$input){duplicate message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const EditMessageDocument: Document<EditMessageMutation, EditMessageMutationVariables> = 'mutation EditMessage($input:EditMessageInput!){editMessage(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const DeleteMessageDocument: Document<DeleteMessageMutation, DeleteMessageMutationVariables> = 'mutation DeleteMessage($input:DeleteMessageInput!){deleteMessage(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const AddReactionDocument: Document<AddReactionMutation, AddReactionMutationVariables> = 'mutation AddReaction($input:ReactionInput!){addReaction(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const RemoveReactionDocument: Document<RemoveReactionMutation, RemoveReactionMutationVariables> = 'mutation RemoveReaction($input:ReactionInput!){removeReaction(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const PinnedMessagesDocument: Document<PinnedMessagesQuery, PinnedMessagesQueryVariables> = 'query PinnedMessages($conversationId:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$conversationId){pinnedMessages(first:$first after:$after last:$last before:$before){edges{cursor node{...MyMessageFields}}pageInfo{...PageFields}}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields + PageFields;
export const PinMessageDocument: Document<PinMessageMutation, PinMessageMutationVariables> = 'mutation PinMessage($input:PinInput!){pinMessage(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const UnpinMessageDocument: Document<UnpinMessageMutation, UnpinMessageMutationVariables> = 'mutation UnpinMessage($input:PinInput!){unpinMessage(input:$input){message{...MyMessageFields}}}' + MyMessageFields + MessageFields + AttachmentFields + UserFields;
export const MarkReadDocument: Document<MarkReadMutation, MarkReadMutationVariables> = 'mutation MarkRead($input:MarkReadInput!){markRead(input:$input){conversation{id unreadCount unreadMentionCount viewerMember{...MyMemberFields}}}}' + MyMemberFields + MemberFields + UserFields;
export const SetNotificationLevelDocument: Document<SetNotificationLevelMutation, SetNotificationLevelMutationVariables> = 'mutation SetNotificationLevel($input:SetNotificationLevelInput!){setNotificationLevel(input:$input){member{...MyMemberFields}}}' + MyMemberFields + MemberFields + UserFields;
export const RoomMessagesDocument: Document<RoomMessagesSubscription, RoomMessagesSubscriptionVariables> = 'subscription RoomMessages($roomId:ID!$after:Cursor$last:Int){roomMessages(roomId:$roomId after:$after last:$last){...ConversationEventFields}}' + ConversationEventFields + MessageFields + AttachmentFields + UserFields + MemberFields + RoomFields + SupportConversationFields;
export const BansDocument: Document<BansQuery, BansQueryVariables> = 'query Bans($roomId:ID!$first:Int$after:String$last:Int$before:String){bans(roomId:$roomId first:$first after:$after last:$last before:$before){edges{cursor node{...BanFields}}pageInfo{...PageFields}}}' + BanFields + UserFields + PageFields;
export const ModerationLogDocument: Document<ModerationLogQuery, ModerationLogQueryVariables> = 'query ModerationLog($roomId:ID!$first:Int$after:String$last:Int$before:String){moderationLog(roomId:$roomId first:$first after:$after last:$last before:$before){edges{cursor node{...ModerationEntryFields}}pageInfo{...PageFields}}}' + ModerationEntryFields + UserFields + MessageFields + AttachmentFields + PageFields;
export const ReportsDocument: Document<ReportsQuery, ReportsQueryVariables> = 'query Reports($roomId:ID$resolved:Boolean$first:Int$after:String$last:Int$before:String){reports(roomId:$roomId resolved:$resolved first:$first after:$after last:$last before:$before){edges{cursor node{...ReportFields}}pageInfo{...PageFields}}}' + ReportFields + UserFields + MessageFields + AttachmentFields + PageFields;
export const SetMemberRoleDocument: Document<SetMemberRoleMutation, SetMemberRoleMutationVariables> = 'mutation SetMemberRole($input:SetMemberRoleInput!){setMemberRole(input:$input){member{...MemberFields}}}' + MemberFields + UserFields;
export const KickMemberDocument: Document<KickMemberMutation, KickMemberMutationVariables> = 'mutation KickMember($input:KickMemberInput!){kickMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields + AttachmentFields;
export const BanMemberDocument: Document<BanMemberMutation, BanMemberMutationVariables> = 'mutation BanMember($input:BanMemberInput!){banMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields + AttachmentFields;
export const UnbanMemberDocument: Document<UnbanMemberMutation, UnbanMemberMutationVariables> = 'mutation UnbanMember($input:UnbanMemberInput!){unbanMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields + AttachmentFields;
export const MuteMemberDocument: Document<MuteMemberMutation, MuteMemberMutationVariables> = 'mutation MuteMember($input:MuteMemberInput!){muteMember(input:$input){entry{...ModerationEntryFields}}}' + ModerationEntryFields + UserFields + MessageFields + AttachmentFields;
export const ReportMessageDocument: Document<ReportMessageMutation, ReportMessageMutationVariables> = 'mutation ReportMessage($input:ReportMessageInput!){reportMessage(input:$input){report{...ReportFields}}}' + ReportFields + UserFields + MessageFields + AttachmentFields;
export const ResolveReportDocument: Document<ResolveReportMutation, ResolveReportMutationVariables> = 'mutation ResolveReport($input:ResolveReportInput!){resolveReport(input:$input){report{...ReportFields}}}' + ReportFields + UserFields + MessageFields + AttachmentFields;
export const SuspendUserDocument: Document<SuspendUserMutation, SuspendUserMutationVariables> = 'mutation SuspendUser($input:SuspendUserInput!){suspendUser(input:$input){user{...UserFields suspendedUntil}}}' + UserFields;
export const ReportUserDocument: Document<ReportUserMutation, ReportUserMutationVariables> = 'mutation ReportUser($input:ReportUserInput!){reportUser(input:$input){ok}}';
export const UserReportsDocument: Document<UserReportsQuery, UserReportsQueryVariables> = 'query UserReports($resolved:Boolean$first:Int$after:String$last:Int$before:String){userReports(resolved:$resolved first:$first after:$after last:$last before:$before){edges{cursor node{...UserReportFields}}pageInfo{...PageFields}}}' + UserReportFields + UserFields + PageFields;
export const ResolveUserReportDocument: Document<ResolveUserReportMutation, ResolveUserReportMutationVariables> = 'mutation ResolveUserReport($input:ResolveUserReportInput!){resolveUserReport(input:$input){report{...UserReportFields}}}' + UserReportFields + UserFields;
export const OpenReportCountDocument: Document<OpenReportCountQuery, OpenReportCountQueryVariables> = 'query OpenReportCount{openReportCount}';
export const NotificationsDocument: Document<NotificationsQuery, NotificationsQueryVariables> = 'query Notifications($unreadOnly:Boolean$first:Int$after:String$last:Int$before:String){notifications(unreadOnly:$unreadOnly first:$first after:$after last:$last before:$before){edges{cursor node{...NotificationFields}}pageInfo{...PageFields}}}' + NotificationFields + PageFields;
export const UnreadNotificationCountDocument: Document<UnreadNotificationCountQuery, UnreadNotificationCountQueryVariables> = 'query UnreadNotificationCount{unreadNotificationCount}';
export const MarkNotificationsReadDocument: Document<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables> = 'mutation MarkNotificationsRead($input:MarkNotificationsReadInput!){markNotificationsRead(input:$input){unreadNotificationCount}}';
export const NotifyDocument: Document<NotifyMutation, NotifyMutationVariables> = 'mutation Notify($input:NotifyInput!){notify(input:$input){recipientCount}}';
export const AnnounceDocument: Document<AnnounceMutation, AnnounceMutationVariables> = 'mutation Announce($input:AnnounceInput!){announce(input:$input){recipientCount}}';
export const RegisterPushSubscriptionDocument: Document<RegisterPushSubscriptionMutation, RegisterPushSubscriptionMutationVariables> = 'mutation RegisterPushSubscription($input:PushSubscriptionInput!){registerPushSubscription(input:$input){ok}}';
export const RemovePushSubscriptionDocument: Document<RemovePushSubscriptionMutation, RemovePushSubscriptionMutationVariables> = 'mutation RemovePushSubscription($input:RemovePushSubscriptionInput!){removePushSubscription(input:$input){ok}}';
export const FollowNotificationsDocument: Document<FollowNotificationsSubscription, FollowNotificationsSubscriptionVariables> = 'subscription FollowNotifications($after:Cursor){notifications(after:$after){__typename cursor occurredAt ...on NotificationReceived{notification{...NotificationFields}}...on NotificationsRead{ids}...on NotificationLevelChanged{member{...MyMemberFields}}...on BlockChanged{user{...UserFields}isBlocked}...on UserUpdated{user{...UserFields}}...on OpenReportsChanged{openReportCount}...on MessagesRead{conversation{id}user{...UserFields}upToSeq}...on CaughtUp{replayed}...on StreamReset{resetReason}}}' + NotificationFields + MyMemberFields + MemberFields + UserFields;
export const OnlineUsersDocument: Document<OnlineUsersQuery, OnlineUsersQueryVariables> = 'query OnlineUsers($roomId:ID!$first:Int){room(id:$roomId){onlineUsers(first:$first){...UserFields}}}' + UserFields;
export const ConnectionStatsDocument: Document<ConnectionStatsQuery, ConnectionStatsQueryVariables> = 'query ConnectionStats{connectionStats{connections onlineUsers nodes}}';
export const SetTypingDocument: Document<SetTypingMutation, SetTypingMutationVariables> = 'mutation SetTyping($input:SetTypingInput!){setTyping(input:$input){ok}}';
export const TypingDocument: Document<TypingSubscription, TypingSubscriptionVariables> = 'subscription Typing($conversationId:ID!){typing(conversationId:$conversationId){conversationId isTyping expiresAt user{...UserFields}}}' + UserFields;
export const RoomPresenceDocument: Document<RoomPresenceSubscription, RoomPresenceSubscriptionVariables> = 'subscription RoomPresence($roomId:ID!){roomPresence(roomId:$roomId){__typename ...on PresenceSnapshot{users{...UserFields}}...on UserCameOnline{user{...UserFields}}...on UserWentOffline{user{...UserFields}lastSeenAt}}}' + UserFields;
export const LobbyDocument: Document<LobbySubscription, LobbySubscriptionVariables> = 'subscription Lobby{lobby{__typename ...on LobbySnapshot{rooms{...LobbyRoomFields}otherRoomCount}...on LobbyRoomChanged{room{...LobbyRoomFields}}...on LobbyRoomRemoved{roomId}}}' + LobbyRoomFields + RoomFields;
export const AllOnlineUsersDocument: Document<AllOnlineUsersQuery, AllOnlineUsersQueryVariables> = 'query AllOnlineUsers($first:Int$after:String){onlineUsers(first:$first after:$after){edges{cursor node{...UserFields}}pageInfo{...PageFields}}}' + UserFields + PageFields;
export const SendSignalDocument: Document<SendSignalMutation, SendSignalMutationVariables> = 'mutation SendSignal($input:SendSignalInput!){sendSignal(input:$input){ok}}';
export const SignalsDocument: Document<SignalsSubscription, SignalsSubscriptionVariables> = 'subscription Signals($conversationId:ID){signals(conversationId:$conversationId){type data conversationId sentAt sender{...UserFields}}}' + UserFields;
export const RoomDocument: Document<RoomQuery, RoomQueryVariables> = 'query Room($id:ID$name:String){room(id:$id name:$name){...MyRoomFields viewerBan{...BanFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields + BanFields;
export const RoomsDocument: Document<RoomsQuery, RoomsQueryVariables> = 'query Rooms($search:String$metadata:JSONObject$joined:Boolean$first:Int$after:String$last:Int$before:String){rooms(search:$search metadata:$metadata joined:$joined first:$first after:$after last:$last before:$before){edges{cursor node{...MyRoomFields}}pageInfo{...PageFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields + PageFields;
export const ConversationDocument: Document<ConversationQuery, ConversationQueryVariables> = 'query Conversation($id:ID!){conversation(id:$id){__typename id createdAt unreadCount unreadMentionCount viewerMember{...MyMemberFields}lastMessage{...LastMessageFields}...on Room{...RoomFields onlineCount}...on DirectConversation{...DirectConversationFields}...on SupportConversation{...SupportConversationFields}}}' + MyMemberFields + MemberFields + UserFields + LastMessageFields + RoomFields + DirectConversationFields + SupportConversationFields;
export const MembersDocument: Document<MembersQuery, MembersQueryVariables> = 'query Members($conversationId:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$conversationId){members(first:$first after:$after last:$last before:$before){edges{cursor node{...MemberFields}}pageInfo{...PageFields}}}}' + MemberFields + UserFields + PageFields;
export const CreateRoomDocument: Document<CreateRoomMutation, CreateRoomMutationVariables> = 'mutation CreateRoom($input:CreateRoomInput!){createRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const UpdateRoomDocument: Document<UpdateRoomMutation, UpdateRoomMutationVariables> = 'mutation UpdateRoom($input:UpdateRoomInput!){updateRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const JoinRoomDocument: Document<JoinRoomMutation, JoinRoomMutationVariables> = 'mutation JoinRoom($input:JoinRoomInput!){joinRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const LeaveRoomDocument: Document<LeaveRoomMutation, LeaveRoomMutationVariables> = 'mutation LeaveRoom($input:LeaveRoomInput!){leaveRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const InviteToRoomDocument: Document<InviteToRoomMutation, InviteToRoomMutationVariables> = 'mutation InviteToRoom($input:InviteToRoomInput!){inviteToRoom(input:$input){room{...MyRoomFields}}}' + MyRoomFields + RoomFields + MyMemberFields + MemberFields + UserFields + LastMessageFields;
export const ServerInfoDocument: Document<ServerInfoQuery, ServerInfoQueryVariables> = 'query ServerInfo{serverInfo{version time signUpEnabled guestsEnabled guestSupportEnabled invitationsAreAsked vapidPublicKey limits{messageMaxCharacters attachmentMaxBytes attachmentQuotaBytes attachmentsPerMessage pageDefault pageMax replayMax operationsPerConnection connectionsPerUser frameMaxBytes sendsPerWindow sendsWindowMs sendsBurst typingTtlMs typingResendMs presenceTtlMs leaveGraceMs accessTokenMs}}}';
export const MySupportConversationDocument: Document<MySupportConversationQuery, MySupportConversationQueryVariables> = 'query MySupportConversation($metadata:JSONObject){mySupportConversation(metadata:$metadata){...MySupportConversationFields}}' + MySupportConversationFields + SupportConversationFields + UserFields + MyMemberFields + MemberFields + LastMessageFields;
export const SupportConversationsDocument: Document<SupportConversationsQuery, SupportConversationsQueryVariables> = 'query SupportConversations($status:SupportStatus$first:Int$after:String$last:Int$before:String){supportConversations(status:$status first:$first after:$after last:$last before:$before){edges{cursor node{...MySupportConversationFields}}pageInfo{...PageFields}}}' + MySupportConversationFields + SupportConversationFields + UserFields + MyMemberFields + MemberFields + LastMessageFields + PageFields;
export const AssignSupportDocument: Document<AssignSupportMutation, AssignSupportMutationVariables> = 'mutation AssignSupport($input:AssignSupportInput!){assignSupport(input:$input){conversation{...SupportConversationFields}}}' + SupportConversationFields + UserFields;
export const ResolveSupportDocument: Document<ResolveSupportMutation, ResolveSupportMutationVariables> = 'mutation ResolveSupport($input:ResolveSupportInput!){resolveSupport(input:$input){conversation{...SupportConversationFields}}}' + SupportConversationFields + UserFields;
export const SupportMessagesDocument: Document<SupportMessagesSubscription, SupportMessagesSubscriptionVariables> = 'subscription SupportMessages($conversationId:ID$after:Cursor){supportMessages(conversationId:$conversationId after:$after){...ConversationEventFields}}' + ConversationEventFields + MessageFields + AttachmentFields + UserFields + MemberFields + RoomFields + SupportConversationFields;

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
  blockedUsers: ['query', BlockedUsersDocument, 'blockedUsers'],
  blockUser: ['mutation', BlockUserDocument, 'blockUser.user'],
  unblockUser: ['mutation', UnblockUserDocument, 'unblockUser.user'],
  auditLog: ['query', AuditLogDocument, 'auditLog'],
  userByExternalId: ['query', UserByExternalIdDocument, 'userByExternalId'],
  roomByExternalId: ['query', RoomByExternalIdDocument, 'roomByExternalId'],
  upsertUsers: ['mutation', UpsertUsersDocument, 'upsertUsers'],
  upsertRooms: ['mutation', UpsertRoomsDocument, 'upsertRooms'],
  addMembers: ['mutation', AddMembersDocument, 'addMembers'],
  removeMembers: ['mutation', RemoveMembersDocument, 'removeMembers'],
  setMemberMetadata: ['mutation', SetMemberMetadataDocument, 'setMemberMetadata.member'],
  deleteRoom: ['mutation', DeleteRoomDocument, 'deleteRoom.ok'],
  setUserRole: ['mutation', SetUserRoleDocument, 'setUserRole.user'],
  deleteUser: ['mutation', DeleteUserDocument, 'deleteUser.ok'],
  exportUser: ['mutation', ExportUserDocument, 'exportUser.url'],
  importMessages: ['mutation', ImportMessagesDocument, 'importMessages'],
  appEvents: ['subscription', AppEventsDocument, 'appEvents'],
  directConversations: ['query', DirectConversationsDocument, 'directConversations'],
  sendPrivateMessage: ['send', SendPrivateMessageDocument, 'sendPrivateMessage'],
  privateMessages: ['subscription', PrivateMessagesDocument, 'privateMessages'],
  createUpload: ['mutation', CreateUploadDocument, 'createUpload.upload'],
  upload: ['query', UploadDocument, 'upload'],
  completeUpload: ['mutation', CompleteUploadDocument, 'completeUpload.attachment'],
  inviteLink: ['query', InviteLinkDocument, 'inviteLink'],
  inviteLinks: ['query', InviteLinksDocument, 'inviteLinks'],
  createInviteLink: ['mutation', CreateInviteLinkDocument, 'createInviteLink.inviteLink'],
  revokeInviteLink: ['mutation', RevokeInviteLinkDocument, 'revokeInviteLink.inviteLink'],
  acceptInviteLink: ['mutation', AcceptInviteLinkDocument, 'acceptInviteLink.room'],
  invitations: ['query', InvitationsDocument, 'invitations'],
  acceptInvitation: ['mutation', AcceptInvitationDocument, 'acceptInvitation.room'],
  declineInvitation: ['mutation', DeclineInvitationDocument, 'declineInvitation.ok'],
  messages: ['query', MessagesDocument, 'conversation.messages'],
  message: ['query', MessageDocument, 'message'],
  replies: ['query', RepliesDocument, 'message.replies'],
  reactions: ['query', ReactionsDocument, 'message.reactions'],
  searchMessages: ['query', SearchMessagesDocument, 'searchMessages'],
  sendMessage: ['send', SendMessageDocument, 'sendMessage'],
  editMessage: ['mutation', EditMessageDocument, 'editMessage.message'],
  deleteMessage: ['mutation', DeleteMessageDocument, 'deleteMessage.message'],
  addReaction: ['mutation', AddReactionDocument, 'addReaction.message'],
  removeReaction: ['mutation', RemoveReactionDocument, 'removeReaction.message'],
  pinnedMessages: ['query', PinnedMessagesDocument, 'conversation.pinnedMessages'],
  pinMessage: ['mutation', PinMessageDocument, 'pinMessage.message'],
  unpinMessage: ['mutation', UnpinMessageDocument, 'unpinMessage.message'],
  markRead: ['mutation', MarkReadDocument, 'markRead.conversation'],
  setNotificationLevel: ['mutation', SetNotificationLevelDocument, 'setNotificationLevel.member'],
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
  suspendUser: ['mutation', SuspendUserDocument, 'suspendUser.user'],
  reportUser: ['mutation', ReportUserDocument, 'reportUser.ok'],
  userReports: ['query', UserReportsDocument, 'userReports'],
  resolveUserReport: ['mutation', ResolveUserReportDocument, 'resolveUserReport.report'],
  openReportCount: ['query', OpenReportCountDocument, 'openReportCount'],
  notifications: ['query', NotificationsDocument, 'notifications'],
  unreadNotificationCount: ['query', UnreadNotificationCountDocument, 'unreadNotificationCount'],
  markNotificationsRead: ['mutation', MarkNotificationsReadDocument, 'markNotificationsRead.unreadNotificationCount'],
  notify: ['mutation', NotifyDocument, 'notify.recipientCount'],
  announce: ['mutation', AnnounceDocument, 'announce.recipientCount'],
  registerPushSubscription: ['mutation', RegisterPushSubscriptionDocument, 'registerPushSubscription.ok'],
  removePushSubscription: ['mutation', RemovePushSubscriptionDocument, 'removePushSubscription.ok'],
  followNotifications: ['subscription', FollowNotificationsDocument, 'notifications'],
  onlineUsers: ['query', OnlineUsersDocument, 'room.onlineUsers'],
  connectionStats: ['query', ConnectionStatsDocument, 'connectionStats'],
  setTyping: ['mutation', SetTypingDocument, 'setTyping.ok'],
  typing: ['subscription', TypingDocument, 'typing'],
  roomPresence: ['subscription', RoomPresenceDocument, 'roomPresence'],
  lobby: ['subscription', LobbyDocument, 'lobby'],
  allOnlineUsers: ['query', AllOnlineUsersDocument, 'onlineUsers'],
  sendSignal: ['mutation', SendSignalDocument, 'sendSignal.ok'],
  signals: ['subscription', SignalsDocument, 'signals'],
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
  /** The signed-in user who sends the request. Null without a token. */
  viewer(options?: AskOptions): Promise<ViewerQuery['viewer']>;
  /** The user with this `id` or `username`. Null if there is none. `INVALID` unless exactly one of the two is given. */
  user(variables?: UserQueryVariables, options?: AskOptions): Promise<UserQuery['user']>;
  /** All users except guests, in the order of their usernames. The server may be set to list only contacts, or none. An exact username is always found. */
  users(variables?: UsersQueryVariables, options?: AskOptions): Promise<UsersQuery['users']>;
  /** Creates an account and starts a session. The new user joins the default room. `FORBIDDEN` if sign-up is disabled on this server. */
  signUp(input: SignUpInput, options?: AskOptions): Promise<SignUpMutation['signUp']['session']>;
  /** Starts a session. Attempts are limited per address, and failed ones per username and address. An unknown username and a wrong password give the same error. */
  signIn(input: SignInInput, options?: AskOptions): Promise<SignInMutation['signIn']['session']>;
  /** Creates a guest, a user without a password, and starts a session of one day. Guests have access to public rooms only. `FORBIDDEN` if guests are disabled on this server. */
  signInAsGuest(input: SignInAsGuestInput, options?: AskOptions): Promise<SignInAsGuestMutation['signInAsGuest']['session']>;
  /** Continues a session with new tokens. The refresh token is replaced; a second use of the old one ends the session. */
  refreshSession(input: RefreshSessionInput, options?: AskOptions): Promise<RefreshSessionMutation['refreshSession']['session']>;
  /** Ends the current session on every node and closes its sockets. `INVALID` for a token of another issuer. */
  signOut(options?: AskOptions): Promise<SignOutMutation['signOut']['ok']>;
  /** The viewer's active sessions, the most recently used first. Empty for users of another token issuer. */
  sessions(options?: AskOptions): Promise<SessionsQuery['sessions']>;
  /** Changes the password, ends all other sessions, and returns new tokens for the current one. The former refresh token becomes invalid. */
  changePassword(input: ChangePasswordInput, options?: AskOptions): Promise<ChangePasswordMutation['changePassword']['session']>;
  /** Ends one of the viewer's sessions on every node and closes its connections. */
  endSession(input: EndSessionInput, options?: AskOptions): Promise<EndSessionMutation['endSession']['endedCount']>;
  /** Ends all of the viewer's sessions on every node, except the current one. */
  endOtherSessions(options?: AskOptions): Promise<EndOtherSessionsMutation['endOtherSessions']['endedCount']>;
  /** Changes the viewer's username, display name or picture. */
  updateProfile(input: UpdateProfileInput, options?: AskOptions): Promise<UpdateProfileMutation['updateProfile']['user']>;
  /** Returns all stored data about the viewer as JSON. Over HTTP it has any size. Over a WebSocket it is `TOO_COMPLEX` beyond `answerMaxBytes`. */
  exportMyData(options?: AskOptions): Promise<ExportMyDataMutation['exportMyData']['data']>;
  /** Deletes the viewer's account and ends all its sessions and memberships. The name disappears everywhere, and the username becomes free. Memberships and messages of an account with many of them are deleted in the background. The server's settings decide whether messages are deleted or stay under a deleted user. A room without another owner passes to its longest-serving moderator, or else member. */
  deleteMyAccount(input: DeleteMyAccountInput, options?: AskOptions): Promise<DeleteMyAccountMutation['deleteMyAccount']['ok']>;
  /** The users whom the viewer blocked, with the last one first. */
  blockedUsers(variables?: BlockedUsersQueryVariables, options?: AskOptions): Promise<BlockedUsersQuery['blockedUsers']>;
  /** Blocks a user: private messages, notifications, typing, presence, signals and invitations of the user no longer reach the viewer, and the user cannot tell. Messages in shared rooms stay visible. `CONFLICT` for the viewer, and beyond 1000 blocked users. */
  blockUser(input: BlockUserInput, options?: AskOptions): Promise<BlockUserMutation['blockUser']['user']>;
  /** Unblocks a user. Private messages that were sent while the user was blocked stay hidden. */
  unblockUser(input: BlockUserInput, options?: AskOptions): Promise<UnblockUserMutation['unblockUser']['user']>;
  /** The calls of backends, with the newest first. For admins. */
  auditLog(variables?: AuditLogQueryVariables, options?: AskOptions): Promise<AuditLogQuery['auditLog']>;
  /** The user with this id in the application. Null if there is none. For admins, and for backends with the scope `users`. */
  userByExternalId(variables: UserByExternalIdQueryVariables, options?: AskOptions): Promise<UserByExternalIdQuery['userByExternalId']>;
  /** The room with this id in the application. Null if there is none. For admins, who do not see the private rooms of others, and for backends with the scope `rooms`. */
  roomByExternalId(variables: RoomByExternalIdQueryVariables, options?: AskOptions): Promise<RoomByExternalIdQuery['roomByExternalId']>;
  /** Creates users of the application, or updates those that exist: all of them, or none. A repeat changes nothing. For backends with the scope `users`. */
  upsertUsers(input: UpsertUsersInput, options?: AskOptions): Promise<UpsertUsersMutation['upsertUsers']>;
  /** Creates rooms of the application, or updates those that exist: all of them, or none. A repeat changes nothing. For backends with the scope `rooms`. */
  upsertRooms(input: UpsertRoomsInput, options?: AskOptions): Promise<UpsertRoomsMutation['upsertRooms']>;
  /** Makes users members of a room: all of them, or none, without a notification. `CONFLICT` if one is banned, or is a guest and the room is private. For backends with the scope `rooms`. */
  addMembers(input: AddMembersInput, options?: AskOptions): Promise<AddMembersMutation['addMembers']>;
  /** Ends memberships in a room, also that of the last owner. Users who are not members stay as they are. For backends with the scope `rooms`. */
  removeMembers(input: RemoveMembersInput, options?: AskOptions): Promise<RemoveMembersMutation['removeMembers']>;
  /** Sets the data of the application about a membership. For backends with the scope `rooms`. */
  setMemberMetadata(input: SetMemberMetadataInput, options?: AskOptions): Promise<SetMemberMetadataMutation['setMemberMetadata']['member']>;
  /** Deletes a room permanently, with its messages, memberships, reports and notifications. Its name is free again. For backends with the scope `rooms`. */
  deleteRoom(input: DeleteRoomInput, options?: AskOptions): Promise<DeleteRoomMutation['deleteRoom']['ok']>;
  /** Sets the role of a user on the whole server. It counts more than the claims of tokens, and less than the settings: `CONFLICT` for users whom they make admins, and for guests. For backends with the scope `users`. */
  setUserRole(input: SetUserRoleInput, options?: AskOptions): Promise<SetUserRoleMutation['setUserRole']['user']>;
  /** Deletes the account of a user, as `deleteMyAccount` does. Many messages are deleted in the background. For backends with the scope `erase`. */
  deleteUser(input: DeleteUserInput, options?: AskOptions): Promise<DeleteUserMutation['deleteUser']['ok']>;
  /** Returns the address of all stored data about a user. For backends with the scope `erase`. */
  exportUser(input: ExportUserInput, options?: AskOptions): Promise<ExportUserMutation['exportUser']['url']>;
  /** Adds messages of the history of the application to the end of a conversation. A repeat changes nothing. They cause no notifications and do not count as unread; followers receive one `MessagesImported`. For backends with the scope `messages`. */
  importMessages(input: ImportMessagesInput, options?: AskOptions): Promise<ImportMessagesMutation['importMessages']>;
  /** The events of all conversations, direct and support conversations included, and the changes of users, in one order. The order of each conversation is that of its own subscriptions. For backends with the scope `events`. */
  appEvents(variables?: AppEventsSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<AppEventsSubscription['appEvents'], undefined>;
  /** The viewer's direct conversations, the one with the newest message first: in the order of the events of `privateMessages`. */
  directConversations(variables?: DirectConversationsQueryVariables, options?: AskOptions): Promise<DirectConversationsQuery['directConversations']>;
  /** Sends a message to one user, online or not. The first message creates their direct conversation. Not for guests. */
  sendPrivateMessage(input: SendPrivateMessageInput, options?: AskOptions): Promise<SendPrivateMessageMutation['sendPrivateMessage']>;
  /** The events of all the viewer's direct conversations, future ones included, on every device. Not for guests. */
  privateMessages(variables?: PrivateMessagesSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<PrivateMessagesSubscription['privateMessages'], undefined>;
  /** Starts an upload of the viewer. PUT its parts to their addresses, then call `completeUpload`. `CONFLICT` if the file exceeds the quota of the viewer. `UNAVAILABLE` if the server has no space. */
  createUpload(input: CreateUploadInput, options?: AskOptions): Promise<CreateUploadMutation['createUpload']['upload']>;
  /** An upload of the viewer, with the parts that are stored. Null if there is none with this id, or it is complete or has expired. */
  upload(variables: UploadQueryVariables, options?: AskOptions): Promise<UploadQuery['upload']>;
  /** Makes an attachment of an upload whose parts are all stored. A repeat returns the same attachment. `INVALID` for an image that is damaged or too large. An attachment that is not sent within a day is deleted. */
  completeUpload(input: CompleteUploadInput, options?: AskOptions): Promise<CompleteUploadMutation['completeUpload']['attachment']>;
  /** A preview of the room of an invite link. Null if the link does not work. No token is needed. */
  inviteLink(variables: InviteLinkQueryVariables, options?: AskOptions): Promise<InviteLinkQuery['inviteLink']>;
  /** The invite links of a room, with the newest first. Moderators, owners and admins receive all, other members their own. */
  inviteLinks(variables: InviteLinksQueryVariables, options?: AskOptions): Promise<InviteLinksQuery['inviteLinks']>;
  /** Creates an invite link. For members of public rooms, and for owners and moderators of private ones; not for guests. `CONFLICT` if 100 links of the room work. */
  createInviteLink(input: CreateInviteLinkInput, options?: AskOptions): Promise<CreateInviteLinkMutation['createInviteLink']['inviteLink']>;
  /** Ends an invite link. For its creator while they are a member, the room's moderators and owners, and admins. A revoked link stays as it is. */
  revokeInviteLink(input: InviteLinkInput, options?: AskOptions): Promise<RevokeInviteLinkMutation['revokeInviteLink']['inviteLink']>;
  /** Makes the viewer a member of the room of an invite link, and counts one use. Succeeds for members, without a use. `FORBIDDEN` for banned users, for guests in private rooms, and if the room is archived. `NOT_FOUND` if the link does not work. */
  acceptInviteLink(input: InviteLinkInput, options?: AskOptions): Promise<AcceptInviteLinkMutation['acceptInviteLink']['room']>;
  /** The viewer's open invitations, with the newest first. */
  invitations(variables?: InvitationsQueryVariables, options?: AskOptions): Promise<InvitationsQuery['invitations']>;
  /** Makes the viewer a member of the room of an invitation. `FORBIDDEN` if the viewer is banned or the room is archived. */
  acceptInvitation(input: InvitationInput, options?: AskOptions): Promise<AcceptInvitationMutation['acceptInvitation']['room']>;
  /** Deletes an invitation. The inviter is not informed. */
  declineInvitation(input: InvitationInput, options?: AskOptions): Promise<DeclineInvitationMutation['declineInvitation']['ok']>;
  /** The messages, always with the oldest first. `last: 50` returns the newest 50; `before` then pages back. Empty if the viewer may not see them. */
  messages(variables: MessagesQueryVariables, options?: AskOptions): Promise<NonNullable<MessagesQuery['conversation']>['messages'] | null>;
  /** The message with this id. Null if it does not exist or the viewer may not see it. */
  message(variables: MessageQueryVariables, options?: AskOptions): Promise<MessageQuery['message']>;
  /** The replies to the message, with the oldest first, without deleted ones. Empty if the viewer may not see them. */
  replies(variables: RepliesQueryVariables, options?: AskOptions): Promise<NonNullable<RepliesQuery['message']>['replies'] | null>;
  /** The reactions to the message: at most 20 different emoji, in the order of their first use. */
  reactions(variables: ReactionsQueryVariables, options?: AskOptions): Promise<NonNullable<ReactionsQuery['message']>['reactions'] | null>;
  /** The messages that contain certain words, with the newest first. Searches all conversations that the viewer may see, or one of them. `TOO_COMPLEX` if the search takes too long. */
  searchMessages(variables: SearchMessagesQueryVariables, options?: AskOptions): Promise<SearchMessagesQuery['searchMessages']>;
  /** Sends a message to a conversation. The answer arrives after the message is stored. For members, and for backends with the scope `messages`. */
  sendMessage(input: SendMessageInput, options?: AskOptions): Promise<SendMessageMutation['sendMessage']>;
  /** Changes the text of a message, and with it the mentions, or its metadata, or both. For its author, while they may write in the conversation, and for backends with the scope `messages`. The same values change nothing. `CONFLICT` if the message was deleted. */
  editMessage(input: EditMessageInput, options?: AskOptions): Promise<EditMessageMutation['editMessage']['message']>;
  /** Deletes the text, metadata, attachments, mentions and reactions of a message permanently; its number stays. For its author, and in rooms for moderators, owners and admins if the author has a lower role. Backends with the scope `messages` can delete messages of all authors. A deleted message stays as it is. */
  deleteMessage(input: DeleteMessageInput, options?: AskOptions): Promise<DeleteMessageMutation['deleteMessage']['message']>;
  /** Adds the viewer's reaction to a message. For members who may write. An existing reaction stays as it is. `CONFLICT` if the message was deleted, or already has 20 other emoji. */
  addReaction(input: ReactionInput, options?: AskOptions): Promise<AddReactionMutation['addReaction']['message']>;
  /** Removes the viewer's reaction from a message. For members. Succeeds if there is no such reaction. */
  removeReaction(input: ReactionInput, options?: AskOptions): Promise<RemoveReactionMutation['removeReaction']['message']>;
  /** The pinned messages, with the latest pin first; at most 50. Empty if the viewer may not see them. */
  pinnedMessages(variables: PinnedMessagesQueryVariables, options?: AskOptions): Promise<NonNullable<PinnedMessagesQuery['conversation']>['pinnedMessages'] | null>;
  /** Pins a message: in rooms for moderators, owners and admins, elsewhere for all participants. A pinned message stays as it is. `CONFLICT` if the message was deleted, or 50 others are pinned. */
  pinMessage(input: PinInput, options?: AskOptions): Promise<PinMessageMutation['pinMessage']['message']>;
  /** Unpins a message: in rooms for moderators, owners and admins, elsewhere for all participants. A message that is not pinned stays as it is. */
  unpinMessage(input: PinInput, options?: AskOptions): Promise<UnpinMessageMutation['unpinMessage']['message']>;
  /** Moves the viewer's read marker forward. A `seq` at or before the marker changes nothing. */
  markRead(input: MarkReadInput, options?: AskOptions): Promise<MarkReadMutation['markRead']['conversation']>;
  /** Sets which messages of a conversation notify the viewer. The viewer's other devices receive `NotificationLevelChanged`. */
  setNotificationLevel(input: SetNotificationLevelInput, options?: AskOptions): Promise<SetNotificationLevelMutation['setNotificationLevel']['member']>;
  /** All events of one room. For members; ends with `FORBIDDEN` when the membership ends. */
  roomMessages(variables: RoomMessagesSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<RoomMessagesSubscription['roomMessages'], undefined>;
  /** The current bans of a room, with the newest first. For its moderators and owners, and admins. */
  bans(variables: BansQueryVariables, options?: AskOptions): Promise<BansQuery['bans']>;
  /** The moderation log of a room, with the newest entry first. For its moderators and owners, and admins. */
  moderationLog(variables: ModerationLogQueryVariables, options?: AskOptions): Promise<ModerationLogQuery['moderationLog']>;
  /** The reports, with the newest first. Moderators and owners receive those of their rooms; admins all, except of private rooms they are not in. */
  reports(variables?: ReportsQueryVariables, options?: AskOptions): Promise<ReportsQuery['reports']>;
  /** Changes the role of a member. For owners and admins; only admins can change the role of another owner. `CONFLICT` for the last owner: make another member an owner first. */
  setMemberRole(input: SetMemberRoleInput, options?: AskOptions): Promise<SetMemberRoleMutation['setMemberRole']['member']>;
  /** Removes a member from a room; they can join again. For moderators, owners and admins, if the member has a lower role. */
  kickMember(input: KickMemberInput, options?: AskOptions): Promise<KickMemberMutation['kickMember']['entry']>;
  /** Removes a user from a room and prevents joining and invitations until the ban ends or is lifted. For moderators, owners and admins, if the user has a lower role. */
  banMember(input: BanMemberInput, options?: AskOptions): Promise<BanMemberMutation['banMember']['entry']>;
  /** Lifts a ban from a room. `CONFLICT` if the user is not banned. For moderators, owners and admins. */
  unbanMember(input: UnbanMemberInput, options?: AskOptions): Promise<UnbanMemberMutation['unbanMember']['entry']>;
  /** Prevents a member from writing until the mute ends, even after leaving and rejoining; or lifts the mute. For moderators, owners and admins, if the member has a lower role. */
  muteMember(input: MuteMemberInput, options?: AskOptions): Promise<MuteMemberMutation['muteMember']['entry']>;
  /** Reports a message to the moderators and owners of the room, or else to the admins. A second report by the same user returns the first one. Not for guests. */
  reportMessage(input: ReportMessageInput, options?: AskOptions): Promise<ReportMessageMutation['reportMessage']['report']>;
  /** Marks a report as resolved. For users who may see it. A resolved report stays as it is. */
  resolveReport(input: ResolveReportInput, options?: AskOptions): Promise<ResolveReportMutation['resolveReport']['report']>;
  /** Suspends a user on the whole server: all connections are closed and all tokens refused until the end. A new suspension replaces an earlier one. For admins, and backends with the scope `users`. */
  suspendUser(input: SuspendUserInput, options?: AskOptions): Promise<SuspendUserMutation['suspendUser']['user']>;
  /** Reports a user to the admins. An open report by the viewer stays as it is. Not for guests. */
  reportUser(input: ReportUserInput, options?: AskOptions): Promise<ReportUserMutation['reportUser']['ok']>;
  /** The reports of users, with the newest first. For admins. */
  userReports(variables?: UserReportsQueryVariables, options?: AskOptions): Promise<UserReportsQuery['userReports']>;
  /** Marks a report of a user as resolved. For admins. A resolved report stays as it is. */
  resolveUserReport(input: ResolveUserReportInput, options?: AskOptions): Promise<ResolveUserReportMutation['resolveUserReport']['report']>;
  /** The number of open reports that the viewer can resolve. `OpenReportsChanged` announces changes. */
  openReportCount(options?: AskOptions): Promise<OpenReportCountQuery['openReportCount']>;
  /** The viewer's notifications, with the newest first. Not for guests. */
  notifications(variables?: NotificationsQueryVariables, options?: AskOptions): Promise<NotificationsQuery['notifications']>;
  /** The number of the viewer's unread notifications. */
  unreadNotificationCount(options?: AskOptions): Promise<UnreadNotificationCountQuery['unreadNotificationCount']>;
  /** Marks notifications of the viewer as read. */
  markNotificationsRead(input: MarkNotificationsReadInput, options?: AskOptions): Promise<MarkNotificationsReadMutation['markNotificationsRead']['unreadNotificationCount']>;
  /** Notifies users. For admins, and for backends with a service token that has the scope `notify`. */
  notify(input: NotifyInput, options?: AskOptions): Promise<NotifyMutation['notify']['recipientCount']>;
  /** Notifies all current users except guests. The announcement is stored before the answer, and delivered in the background. For admins. */
  announce(input: AnnounceInput, options?: AskOptions): Promise<AnnounceMutation['announce']['recipientCount']>;
  /** Registers a browser for pushes of unread notifications, until the session ends. Registering it again changes its language, or moves it to the viewer. Each user has at most 20 subscriptions; a further one replaces the oldest. `FORBIDDEN` for guests. `CONFLICT` if the endpoint is registered with other keys. */
  registerPushSubscription(input: PushSubscriptionInput, options?: AskOptions): Promise<RegisterPushSubscriptionMutation['registerPushSubscription']['ok']>;
  /** Removes a push subscription of the viewer. Nothing changes if the viewer has none with this endpoint. */
  removePushSubscription(input: RemovePushSubscriptionInput, options?: AskOptions): Promise<RemovePushSubscriptionMutation['removePushSubscription']['ok']>;
  /** The viewer's new and newly read notifications, the viewer's `MessagesRead` in rooms, and changes of the viewer's profile, on every device. Not for guests. */
  followNotifications(variables?: FollowNotificationsSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<FollowNotificationsSubscription['notifications'], undefined>;
  /** The online members, in the order of their usernames. Empty if the viewer may not see them. */
  onlineUsers(variables: OnlineUsersQueryVariables, options?: AskOptions): Promise<NonNullable<OnlineUsersQuery['room']>['onlineUsers'] | null>;
  /** The current load of the whole cluster. For admins. */
  connectionStats(options?: AskOptions): Promise<ConnectionStatsQuery['connectionStats']>;
  /** Notifies the other members that the viewer is typing or has stopped. Repeats within `typingResendMs` are not sent on. */
  setTyping(input: SetTypingInput, options?: AskOptions): Promise<SetTypingMutation['setTyping']['ok']>;
  /** The typing states of the other members, beginning with those who are typing already. Typing ends when the user stops, sends, leaves or disconnects. For members. */
  typing(variables: TypingSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<TypingSubscription['typing'], undefined>;
  /** The online members of a room: first a snapshot, then changes. For members of the room. */
  roomPresence(variables: RoomPresenceSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<RoomPresenceSubscription['roomPresence'], undefined>;
  /** The rooms in use that the viewer may see, with their online members: first a snapshot, then changes. A room changes at most four times a second. */
  lobby(options?: FollowOptions): AsyncIterableIterator<LobbySubscription['lobby'], undefined>;
  /** The users who are connected to any node, in the order of their ids. For admins, and for backends with the scope `users`. */
  allOnlineUsers(variables?: AllOnlineUsersQueryVariables, options?: AskOptions): Promise<AllOnlineUsersQuery['onlineUsers']>;
  /** Sends data to connected clients, such as a ringing call or a position on a map. It is not stored and may be lost. For backends with the scope `notify`, too. */
  sendSignal(input: SendSignalInput, options?: AskOptions): Promise<SendSignalMutation['sendSignal']['ok']>;
  /** The signals to the members of a conversation; without an id, those to the viewer and to everyone. It begins with the latest ones of the last seconds, if another client follows them already. */
  signals(variables?: SignalsSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<SignalsSubscription['signals'], undefined>;
  /** The room with this `id` or `name`. Null if it does not exist or the viewer may not see it. `INVALID` unless exactly one of the two is given. */
  room(variables?: RoomQueryVariables, options?: AskOptions): Promise<RoomQuery['room']>;
  /** All public rooms, and the viewer's private rooms, in the order of their names. A service with the scope `rooms` receives all rooms; it passes only `metadata`. */
  rooms(variables?: RoomsQueryVariables, options?: AskOptions): Promise<RoomsQuery['rooms']>;
  /** The conversation with this id, of any kind. Null if it does not exist or the viewer may not see it. */
  conversation(variables: ConversationQueryVariables, options?: AskOptions): Promise<ConversationQuery['conversation']>;
  /** The members, in the order in which they joined. Empty if the viewer may not see them. */
  members(variables: MembersQueryVariables, options?: AskOptions): Promise<NonNullable<MembersQuery['conversation']>['members'] | null>;
  /** Creates a room with the viewer as its owner. Not for guests. */
  createRoom(input: CreateRoomInput, options?: AskOptions): Promise<CreateRoomMutation['createRoom']['room']>;
  /** Changes a room. For its owners and moderators, and for admins. */
  updateRoom(input: UpdateRoomInput, options?: AskOptions): Promise<UpdateRoomMutation['updateRoom']['room']>;
  /** Makes the viewer a member of a public room. Succeeds for members. `FORBIDDEN` for banned users and archived rooms. */
  joinRoom(input: JoinRoomInput, options?: AskOptions): Promise<JoinRoomMutation['joinRoom']['room']>;
  /** Ends the viewer's membership of a room. `CONFLICT` if the viewer is not a member, or is the last owner while others stay. */
  leaveRoom(input: LeaveRoomInput, options?: AskOptions): Promise<LeaveRoomMutation['leaveRoom']['room']>;
  /** Makes users members of a room, or invites them if `invitationsAreAsked`: all of them, or none. For members of public rooms, and for owners and moderators of private ones; not for guests. The users are notified. */
  inviteToRoom(input: InviteToRoomInput, options?: AskOptions): Promise<InviteToRoomMutation['inviteToRoom']['room']>;
  /** The version, the time, and the limits and timers of this server. */
  serverInfo(options?: AskOptions): Promise<ServerInfoQuery['serverInfo']>;
  /** The viewer's own support conversation, created on first use. Messages sent to it with `sendMessage` reach all admins. For guests only with `GUEST_SUPPORT=on`. */
  mySupportConversation(variables?: MySupportConversationQueryVariables, options?: AskOptions): Promise<MySupportConversationQuery['mySupportConversation']>;
  /** All support conversations with messages, the one with the newest message first: in the order of the events of `supportMessages`. For admins. */
  supportConversations(variables?: SupportConversationsQueryVariables, options?: AskOptions): Promise<SupportConversationsQuery['supportConversations']>;
  /** Assigns an admin to a support conversation. For admins. */
  assignSupport(input: AssignSupportInput, options?: AskOptions): Promise<AssignSupportMutation['assignSupport']['conversation']>;
  /** Marks a support conversation as resolved. A new message by the customer reopens it. For admins. */
  resolveSupport(input: ResolveSupportInput, options?: AskOptions): Promise<ResolveSupportMutation['resolveSupport']['conversation']>;
  /** The events of support conversations: for admins of all of them or of one, for others of their own. When a user's role changes, their connections are closed, and clients reconnect with the new role. Not for guests. */
  supportMessages(variables?: SupportMessagesSubscriptionVariables, options?: FollowOptions): AsyncIterableIterator<SupportMessagesSubscription['supportMessages'], undefined>;
}
