import type {
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
export type Room = RoomFieldsFragment;
export type DirectConversation = DirectConversationFieldsFragment;
export type SupportConversation = SupportConversationFieldsFragment;
export type LobbyRoom = LobbyRoomFieldsFragment;
export type ModerationEntry = ModerationEntryFieldsFragment;
export type Report = ReportFieldsFragment;
export type Notification = NotificationFieldsFragment;
/** What is told to a user alone. */
export type NotificationEvent = FollowNotificationsSubscription['notifications'];
/** What is told of a conversation of any kind; `__typename` says which of the events it is. */
export type ConversationEvent = RoomMessagesSubscription['roomMessages'];
