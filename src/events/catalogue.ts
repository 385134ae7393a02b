import { accessTopic, conversationTopic, directTopic, userTopic, type Topic } from './topics.ts';

export type LeaveReason = 'LEFT' | 'KICKED' | 'BANNED';

/** A conversation, and what says who hears of what happens in it. */
export interface Place {
  readonly conversationId: string;
  /** The two of a direct conversation. */
  readonly peerIds?: readonly string[];
}

/** What is stored of each type of event: names of facts, never the facts, so that a replay shows them as they are by then. */
export interface EventData {
  MessageSent: Place & { messageId: string };
  MessagesRead: Place & { userId: string; upToSeq: number };
  MemberJoined: Place & { userId: string };
  MemberLeft: Place & { userId: string; reason: LeaveReason };
  MemberUpdated: Place & { userId: string };
  RoomUpdated: Place;
  SessionEnded: { sessionId: string };
  UserRemoved: { userId: string };
}

export type EventType = keyof EventData;

/** Something that happened, not yet numbered. */
export type NewEvent = { [Type in EventType]: { readonly type: Type; readonly data: EventData[Type] } }[EventType];

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
  MessagesRead: { topics: (data) => (isRoom(data) ? [userTopic(data.userId)] : inConversation(data)), amendsFacts: true },
  MemberJoined: { topics: inConversation },
  MemberLeft: { topics: inConversation, revokes: (data) => data.userId },
  MemberUpdated: { topics: inConversation, amendsFacts: true },
  RoomUpdated: { topics: inConversation, amendsFacts: true },
  SessionEnded: { topics: () => [accessTopic] },
  UserRemoved: { topics: () => [accessTopic] },
};

function inConversation({ conversationId, peerIds = [] }: Place): Topic[] {
  return [conversationTopic(conversationId), ...peerIds.map(directTopic)];
}

/** What somebody has read in a room concerns nobody else, and would fill its log. */
const isRoom = ({ peerIds }: Place): boolean => !peerIds;

const entryOf = (event: NewEvent) => catalogue[event.type] as Entry<NewEvent['data']>;

export const topicsOf = (event: NewEvent): Topic[] => entryOf(event).topics(event.data);
export const revokedBy = (event: NewEvent): string | undefined => entryOf(event).revokes?.(event.data);
export const amendsFacts = (event: NewEvent): boolean => entryOf(event).amendsFacts === true;
