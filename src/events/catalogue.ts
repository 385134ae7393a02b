import { memberKey, type FactKind } from './facts.ts';
import {
  accessTopic,
  applicationTopic,
  conversationTopic,
  directTopic,
  profilesTopic,
  supportTopic,
  userTopic,
  type Topic,
} from './topics.ts';

export type LeaveReason = 'LEFT' | 'KICKED' | 'BANNED';

/** A conversation, and the topics in which its events are published. */
export interface Destination {
  readonly conversationId: string;
  /** The topics besides its own. Undefined for a conversation that has none. */
  readonly otherTopics?: readonly Topic[];
  /** The participant who must not receive the event [P19]. Undefined: all receive it. */
  readonly hiddenFrom?: string;
}

export interface ReactionChange {
  readonly userId: string;
  readonly emoji: string;
  /** Whether it was added. Else it was removed. */
  readonly isAdded: boolean;
}

/**
 * The data that is stored for each type of event: ids of rows, never the rows, so that a replay
 * shows their current state.
 */
export interface EventData {
  MessageSent: Destination & { messageId: string };
  MessageEdited: Destination & { messageId: string };
  MessageDeleted: Destination & { messageId: string };
  MessagesExpired: Destination & { upToSeq: number };
  MessagesImported: Destination & { fromSeq: number; toSeq: number };
  /** Without a reaction if many were deleted with an account. */
  ReactionsChanged: Destination & { messageId: string; reaction?: ReactionChange };
  PinChanged: Destination & { messageId: string; isPinned: boolean; userId: string };
  MessagesRead: Destination & { userId: string; upToSeq: number };
  MemberJoined: Destination & { userId: string };
  MemberLeft: Destination & { userId: string; reason: LeaveReason };
  MemberUpdated: Destination & { userId: string };
  RoomUpdated: Destination;
  RoomDeleted: Destination;
  SupportUpdated: Destination;
  DeskChanged: { userId: string };
  NotificationLevelChanged: { conversationId: string; userId: string };
  /** `userId` is the one who blocked or unblocked. */
  BlockChanged: { userId: string; blockedId: string; isBlocked: boolean };
  NotificationReceived: { userId: string; notificationId: string };
  NotificationsRead: { userId: string; ids: string[] };
  /** A notification that the application may push to the user's devices. */
  'push.wanted': { userId: string; notificationId: string; conversationId?: string };
  UserUpdated: { userId: string };
  SessionEnded: { sessionId: string };
  UserRemoved: { userId: string };
  SuspensionChanged: { userId: string; isSuspended: boolean };
  OpenReportsChanged: { userId: string };
  /** Events of some conversation are missing here, because they were trimmed first [P3]. */
  StreamReset: { reason: 'LOG_TRIMMED' };
}

export type EventType = keyof EventData;

/** A change that happened, without a number yet. */
export type NewEvent = {
  [Type in EventType]: { readonly type: Type; readonly data: EventData[Type] };
}[EventType];

/** Ids of rows by kind, or all rows of a kind. */
export type RowIds = { readonly [Kind in FactKind]?: readonly string[] | 'all' };

interface Entry<Data> {
  /** The topics in which it is published. */
  topics(data: Data): Topic[];
  /**
   * The user who loses permission to follow its topic from this event on [P11], or `everyone`.
   */
  revokes?(data: Data): string;
  /** The rows it changes that earlier events of its topic show. */
  amends?(data: Data): RowIds;
}

/** Stands for all users in `revokes`. */
export const everyone = '*';

/** Callers record what happened. The catalogue alone decides where it is published. */
const catalogue: { readonly [Type in EventType]: Entry<EventData[Type]> } = {
  MessageSent: { topics: inConversation },
  MessageEdited: { topics: inConversation, amends: messageOf },
  MessageDeleted: { topics: inConversation, amends: messageOf },
  MessagesExpired: { topics: inConversation, amends: () => ({ message: 'all', reactions: 'all' }) },
  MessagesImported: { topics: inConversation },
  ReactionsChanged: { topics: inConversation, amends: messageOf },
  PinChanged: { topics: inConversation, amends: ({ messageId }) => ({ message: [messageId] }) },
  MessagesRead: {
    // In a room, read markers concern only the user's other devices, and would fill the log of the
    // room.
    topics: (data) => (data.otherTopics ? inConversation(data) : [userTopic(data.userId)]),
    amends: memberOf,
  },
  MemberJoined: { topics: inConversation },
  MemberLeft: { topics: inConversation, revokes: (data) => data.userId },
  MemberUpdated: { topics: inConversation, amends: memberOf },
  RoomUpdated: { topics: inConversation, amends: conversationOf },
  RoomDeleted: { topics: inConversation, revokes: () => everyone },
  SupportUpdated: { topics: inConversation, amends: conversationOf },
  DeskChanged: {
    topics: () => [accessTopic, supportTopic],
    // The rule is asked again then: it refuses a user who left the desk, and not one who joined it.
    revokes: (data) => data.userId,
    amends: (data) => ({ user: [data.userId] }),
  },
  NotificationLevelChanged: { topics: (data) => [userTopic(data.userId)], amends: memberOf },
  // Every node withholds notices accordingly.
  BlockChanged: { topics: (data) => [accessTopic, userTopic(data.userId)] },
  NotificationReceived: { topics: (data) => [userTopic(data.userId)] },
  NotificationsRead: {
    topics: (data) => [userTopic(data.userId)],
    amends: (data) => ({ notification: data.ids }),
  },
  'push.wanted': { topics: () => [applicationTopic] },
  UserUpdated: {
    topics: (data) => [profilesTopic, userTopic(data.userId)],
    amends: (data) => ({ user: [data.userId] }),
  },
  SessionEnded: { topics: () => [accessTopic] },
  UserRemoved: { topics: () => [accessTopic] },
  SuspensionChanged: { topics: () => [accessTopic] },
  OpenReportsChanged: { topics: (data) => [userTopic(data.userId)] },
  StreamReset: { topics: () => [applicationTopic] },
};

/** The types of the events that the topic of the application contains, besides `StreamReset`. */
export const applicationEventTypes: readonly string[] = Object.entries(catalogue)
  .filter(
    ([type, { topics }]) =>
      topics === inConversation || ['MessagesRead', 'UserUpdated', 'push.wanted'].includes(type),
  )
  .map(([type]) => type);

function inConversation({ conversationId, otherTopics = [], hiddenFrom }: Destination): Topic[] {
  const hidden = hiddenFrom === undefined ? undefined : directTopic(hiddenFrom);
  return [conversationTopic(conversationId), ...otherTopics].filter((topic) => topic !== hidden);
}

function messageOf({ messageId }: { messageId: string }): RowIds {
  return { message: [messageId], reactions: [messageId] };
}

function memberOf({ conversationId, userId }: Destination & { userId: string }): RowIds {
  return { member: [memberKey(conversationId, userId)] };
}

function conversationOf({ conversationId }: Destination): RowIds {
  return { conversation: [conversationId] };
}

const entryOf = (event: NewEvent) => catalogue[event.type] as Entry<NewEvent['data']>;

export const topicsOf = (event: NewEvent): Topic[] => entryOf(event).topics(event.data);
export const revokedBy = (event: NewEvent): string | undefined =>
  entryOf(event).revokes?.(event.data);
/** The user who must not receive the event, though they may follow its topic. */
export const hiddenFromOf = ({ data }: NewEvent): string | undefined =>
  'hiddenFrom' in data ? data.hiddenFrom : undefined;
/** The rows that the event changes, if earlier events of its topic show some of them. */
export const amendedBy = (event: NewEvent): RowIds | undefined =>
  entryOf(event).amends?.(event.data);
