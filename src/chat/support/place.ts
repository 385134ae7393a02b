import type { Place } from '../../events/catalogue.ts';
import { supportTopic } from '../../events/topics.ts';
import type { Conversation } from '../conversations/conversations.ts';

/** Every admin receives what happens in any support conversation. */
export const otherTopics = [supportTopic];

/** Where an event of a support conversation happens. */
export const supportPlace = ({ id }: Pick<Conversation, 'id'>): Place => ({
  conversationId: id,
  otherTopics,
});
