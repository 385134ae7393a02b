import type { Destination } from '../../events/catalogue.ts';
import { supportTopic } from '../../events/topics.ts';
import type { Conversation } from '../conversations/conversations.ts';

/** All admins receive the events of all support conversations. */
export const otherTopics = [supportTopic];

/** The topics of an event of a support conversation. */
export const supportDestination = ({ id }: Pick<Conversation, 'id'>): Destination => ({
  conversationId: id,
  otherTopics,
});
