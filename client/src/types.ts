import type {
  AttachmentFieldsFragment,
  DirectConversationFieldsFragment,
  FollowNotificationsSubscription,
  LobbyRoomFieldsFragment,
  MemberFieldsFragment,
  MessageFieldsFragment,
  ModerationEntryFieldsFragment,
  NotificationFieldsFragment,
  ReportFieldsFragment,
  RoomFieldsFragment,
  RoomMessagesSubscription,
  SupportConversationFieldsFragment,
  UserFieldsFragment,
} from './generated/operations.ts';

export type User = UserFieldsFragment;
export type Member = MemberFieldsFragment;
export type Message = MessageFieldsFragment;
export type Attachment = AttachmentFieldsFragment;
export type Room = RoomFieldsFragment;
export type DirectConversation = DirectConversationFieldsFragment;
export type SupportConversation = SupportConversationFieldsFragment;
export type LobbyRoom = LobbyRoomFieldsFragment;
export type ModerationEntry = ModerationEntryFieldsFragment;
export type Report = ReportFieldsFragment;
export type Notification = NotificationFieldsFragment;
/** An event that only one user receives. */
export type NotificationEvent = FollowNotificationsSubscription['notifications'];
/** An event of a conversation of any kind. `__typename` is its type. */
export type ConversationEvent = RoomMessagesSubscription['roomMessages'];
