import { applicationTopic } from '../../events/topics.ts';
import type { Event } from '../../events/event.ts';
import type { Cursors } from '../../events/cursor.ts';
import type { Node, Scope, Service } from '../../scope.ts';

/** The service in whose name webhooks read events. */
const ownService: Service = {
  id: 'webhooks',
  name: 'webhooks',
  issuer: '',
  scopes: new Set(['events']),
};

/** The scope in which the document of webhooks is executed. */
export const webhookScope = (node: Node): Scope => ({
  node,
  viewer: null,
  service: ownService,
  requestId: 'webhooks',
  address: '',
});

/**
 * The data of each type of event. Rows are shown as they are at the delivery, so a repeated request
 * has no text that was deleted meanwhile [P17].
 */
export const webhookDocument = `
  subscription { appEvents { conversationId event {
    ... on MessageSent { message { ...MessageData } }
    ... on MessageEdited { message { ...MessageData } }
    ... on MessageDeleted { message { ...MessageData } }
    ... on MessagesExpired { conversation { ...ConversationData } upToSeq }
    ... on MessagesImported { conversation { ...ConversationData } fromSeq toSeq }
    ... on ReactionsChanged { message { ...MessageData } reaction { user { ...UserData } emoji isAdded } }
    ... on PinChanged { message { ...MessageData } isPinned user { ...UserData } }
    ... on MessagesRead { conversation { ...ConversationData } user { ...UserData } upToSeq }
    ... on MemberJoined { conversation { ...ConversationData } user { ...UserData } }
    ... on MemberLeft { conversation { ...ConversationData } user { ...UserData } leaveReason }
    ... on MemberUpdated { conversation { ...ConversationData } member { user { ...UserData } role mutedUntil } }
    ... on RoomUpdated { conversation: room { ...ConversationData } }
    ... on RoomDeleted { roomId }
    ... on SupportUpdated { conversation { ...ConversationData } }
    ... on PushWanted { user { ...UserData } notification { id type title message data } }
    ... on UserUpdated { user { ...ProfileData } }
    ... on StreamReset { resetReason }
  } } }
  fragment MessageData on Message {
    id externalId seq kind body metadata sentBy createdAt editedAt deletedAt replyTo { id } author { ...UserData } mentions { ...UserData }
    attachments { id fileName contentType sizeBytes url width height }
    conversation { ...ConversationData }
  }
  fragment UserData on User { id externalId username displayName isGuest isBot }
  fragment ProfileData on User { ...UserData avatarUrl metadata }
  fragment ConversationData on Conversation {
    type: __typename id
    ... on Room { externalId name topic visibility metadata archivedAt }
    ... on SupportConversation { status customer { ...UserData } assignee { ...UserData } }
  }`;

/** The request that tells of an event. */
export interface WebhookRequest {
  /** The same for each attempt, so that receivers recognise repeats. */
  readonly id: string;
  readonly body: string;
}

/** `shown` is the answer to `webhookDocument`. */
export function webhookRequestOf(
  event: Event,
  shown: Record<string, unknown>,
  cursors: Cursors,
): WebhookRequest {
  const cursor = cursors.encode({ ...event, topic: applicationTopic });
  const { conversationId, event: data } = shown.appEvents as {
    conversationId: string | null;
    event: object | null;
  };
  return {
    id: `evt_${cursor.replace('.', '_')}`,
    body: JSON.stringify({
      type: event.type,
      timestamp: new Date(event.occurredAt).toISOString(),
      cursor,
      data: { conversationId, ...data },
    }),
  };
}
