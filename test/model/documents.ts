const supportFields = 'status archivedAt assignee { id } customer { id }';
const messageFields = `id seq body editedAt deletedAt isMine isRead author { id } conversation { id ... on SupportConversation { ${supportFields} } }
  mentions { id } replyTo { id body } reactions { emoji count viewerReacted }`;
const roomFields = 'name topic visibility slowModeSeconds archivedAt';
const newestMessages = `messages(last: 100, before: $before) { edges { node { ${messageFields} } } pageInfo { hasPreviousPage startCursor } }`;
const conversationFields = `__typename id unreadCount viewerMember { lastReadSeq }
  members(first: 100) { edges { node { role mutedUntil lastReadSeq user { id } } } }
  ... on Room { ${roomFields} memberCount } ... on SupportConversation { ${supportFields} }`;
const notificationFields = 'id type data createdAt readAt';

const conversationEvents = `__typename cursor
  ... on MessageSent { message { ${messageFields} } }
  ... on MessageEdited { message { ${messageFields} } }
  ... on MessageDeleted { message { ${messageFields} } }
  ... on ReactionsChanged { message { ${messageFields} } }
  ... on MessagesRead { upToSeq user { id } conversation { id } }
  ... on MemberJoined { user { id } conversation { id viewerMember { lastReadSeq } } }
  ... on MemberLeft { user { id } conversation { id } }
  ... on MemberUpdated { member { role mutedUntil user { id } } conversation { id } }
  ... on RoomUpdated { room { id ${roomFields} } }
  ... on SupportUpdated { conversation { id ${supportFields} } }
  ... on CaughtUp { replayed }
  ... on StreamReset { resetReason }`;

/** Everything that a client needs to show, and to keep up to date by events. */
export const documents = {
  roomMessages: `subscription ($roomId: ID!, $after: Cursor) { roomMessages(roomId: $roomId, after: $after) { ${conversationEvents} } }`,
  privateMessages: `subscription ($after: Cursor) { privateMessages(after: $after) { ${conversationEvents} } }`,
  supportMessages: `subscription ($after: Cursor) { supportMessages(after: $after) { ${conversationEvents} } }`,
  notifications: `subscription ($after: Cursor) { notifications(after: $after) { __typename cursor
    ... on NotificationReceived { notification { ${notificationFields} } } ... on NotificationsRead { ids }
    ... on MessagesRead { upToSeq user { id } conversation { id } } ... on CaughtUp { replayed } ... on StreamReset { resetReason } } }`,
  typing:
    'subscription ($roomId: ID!) { typing(conversationId: $roomId) { isTyping user { id } } }',
  roomPresence: `subscription ($roomId: ID!) { roomPresence(roomId: $roomId) { __typename
    ... on PresenceSnapshot { users { id } } ... on UserCameOnline { user { id } } ... on UserWentOffline { user { id } } } }`,
} as const;

export type Field = keyof typeof documents;

export const queries = {
  conversation: `query ($id: ID!, $before: String) { conversation(id: $id) { ${conversationFields} ${newestMessages} } }`,
  messages: `query ($id: ID!, $before: String) { conversation(id: $id) { ${newestMessages} } }`,
  online: 'query ($id: ID!) { room(id: $id) { onlineUsers(first: 100) { id } } }',
  direct:
    'query ($after: String) { list: directConversations(first: 100, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
  desk: 'query ($after: String) { list: supportConversations(first: 100, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
  own: '{ mySupportConversation { id } }',
  notifications: `query ($after: String) { unreadNotificationCount list: notifications(first: 100, after: $after) { edges { node { ${notificationFields} } } pageInfo { hasNextPage endCursor } } }`,
} as const;
