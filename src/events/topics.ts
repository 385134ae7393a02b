/** The name of a sequence of events. */
export type Topic = string;

export const conversationTopic = (conversationId: string): Topic =>
  `conversation:${conversationId}`;

/** All direct conversations of one user. */
export const directTopic = (userId: string): Topic => `direct:${userId}`;

/** All support conversations. */
export const supportTopic: Topic = 'support';

/** Events that concern one user only, on all their devices. */
export const userTopic = (userId: string): Topic => `user:${userId}`;

/** Events that withdraw access. Every node follows them. */
export const accessTopic: Topic = 'access';

/** The events of all conversations in one order, while somebody follows them [P16]. */
export const applicationTopic: Topic = 'application';

/** SQL: whether a topic is that of a conversation. */
export const isConversationTopic = (column: string): string =>
  `starts_with(${column}, '${conversationTopic('')}')`;
