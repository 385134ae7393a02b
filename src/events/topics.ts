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

/** Changes of the profiles and the metadata of users, for the application. */
export const profilesTopic: Topic = 'profiles';

/** The events of all conversations and profiles in one order, while somebody follows them [P16]. */
export const applicationTopic: Topic = 'application';

/** Whether the topic of the application contains the events of a topic. */
export const isSequenced = (topic: Topic): boolean =>
  topic.startsWith(conversationTopic('')) || topic === profilesTopic;

/** `isSequenced` in SQL. */
export const isSequencedTopic = (column: string): string =>
  `(starts_with(${column}, '${conversationTopic('')}') or ${column} = '${profilesTopic}')`;
