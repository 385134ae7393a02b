/** The name of a sequence of events. */
export type Topic = string;

export const conversationTopic = (conversationId: string): Topic =>
  `conversation:${conversationId}`;

/** All direct conversations of one user. */
export const directTopic = (userId: string): Topic => `direct:${userId}`;

/** All support conversations. */
export const supportTopic: Topic = 'support';

/** What concerns one user alone, on all their devices. */
export const userTopic = (userId: string): Topic => `user:${userId}`;

/** What every node must know of who may still come in, whoever is connected where. */
export const accessTopic: Topic = 'access';
