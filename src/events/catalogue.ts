import { accessTopic, conversationTopic, supportTopic, userTopic, type Topic } from './topics.ts';

export type LeaveReason = 'LEFT' | 'KICKED' | 'BANNED';

/** A conversation, and where its events are published. */
export interface Place {
  readonly conversationId: string;
  /** The topics besides its own, for a conversation that has some. */
  readonly otherTopics?: readonly Topic[];
}

export interface ReactionChange {
  readonly userId: string;
  readonly emoji: string;
  /** Else it was taken back. */
  readonly isAdded: boolean;
}

/** What is stored of each type of event: names of facts, never the facts, so that a replay shows them as they are by then. */
export interface EventData {
  MessageSent: Place & { messageId: string };
  MessageEdited: Place & { messageId: string };
  MessageDeleted: Place & { messageId: string };
  MessagesExpired: Place & { upToSeq: number };
  /** Without a reaction where many went with an account. */
  ReactionsChanged: Place & { messageId: string; reaction?: ReactionChange };
  MessagesRead: Place & { userId: string; upToSeq: number };
  MemberJoined: Place & { userId: string };
  MemberLeft: Place & { userId: string; reason: LeaveReason };
  MemberUpdated: Place & { userId: string };
  RoomUpdated: Place;
  SupportUpdated: Place;
  DeskChanged: { userId: string };
  NotificationReceived: { userId: string; notificationId: string };
  NotificationsRead: { userId: string; ids: string[] };
  SessionEnded: { sessionId: string };
  UserRemoved: { userId: string };
}

export type EventType = keyof EventData;

/** Something that happened, not yet numbered. */
export type NewEvent = {
  [Type in EventType]: { readonly type: Type; readonly data: EventData[Type] };
}[EventType];

interface Entry<Data> {
  /** Where it is heard. */
  topics(data: Data): Topic[];
  /** The user who, from this event on, no longer follows its topic [P11]. */
  revokes?(data: Data): string;
  /** It changes facts that earlier events of its topic show. */
  readonly amendsFacts?: true;
}

/** Callers say what happened; who hears of it is said here, once. */
const catalogue: { readonly [Type in EventType]: Entry<EventData[Type]> } = {
  MessageSent: { topics: inConversation },
  MessageEdited: { topics: inConversation, amendsFacts: true },
  MessageDeleted: { topics: inConversation, amendsFacts: true },
  MessagesExpired: { topics: inConversation, amendsFacts: true },
  ReactionsChanged: { topics: inConversation, amendsFacts: true },
  MessagesRead: {
    // Without other topics there are many members: what one has read concerns nobody else, and would fill their log.
    topics: (data) => (data.otherTopics ? inConversation(data) : [userTopic(data.userId)]),
    amendsFacts: true,
  },
  MemberJoined: { topics: inConversation },
  MemberLeft: { topics: inConversation, revokes: (data) => data.userId },
  MemberUpdated: { topics: inConversation, amendsFacts: true },
  RoomUpdated: { topics: inConversation, amendsFacts: true },
  SupportUpdated: { topics: inConversation, amendsFacts: true },
  // Who has left the desk is refused when they are asked again; who has come to it stays.
  DeskChanged: { topics: () => [accessTopic, supportTopic], revokes: (data) => data.userId },
  NotificationReceived: { topics: (data) => [userTopic(data.userId)] },
  NotificationsRead: { topics: (data) => [userTopic(data.userId)], amendsFacts: true },
  SessionEnded: { topics: () => [accessTopic] },
  UserRemoved: { topics: () => [accessTopic] },
};

function inConversation({ conversationId, otherTopics = [] }: Place): Topic[] {
  return [conversationTopic(conversationId), ...otherTopics];
}

const entryOf = (event: NewEvent) => catalogue[event.type] as Entry<NewEvent['data']>;

export const topicsOf = (event: NewEvent): Topic[] => entryOf(event).topics(event.data);
export const revokedBy = (event: NewEvent): string | undefined =>
  entryOf(event).revokes?.(event.data);
export const amendsFacts = (event: NewEvent): boolean => entryOf(event).amendsFacts === true;
