import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { ConversationInterface } from './conversations.graphql.ts';
import type { Conversation } from './conversations.ts';
import { markRead } from './read-state.ts';

const MarkReadInput = builder.inputType('MarkReadInput', {
  description: 'A conversation, and the newest message that the viewer has read in it.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description:
        'The id of a conversation of which the viewer is a member. `FORBIDDEN` or `NOT_FOUND` for others.',
    }),
    upToSeq: t.int({
      required: true,
      description:
        'The `seq` of the newest message read. A number beyond the newest message means the newest one.',
    }),
  }),
});

const MarkReadPayload = builder
  .objectRef<{ conversation: Conversation }>('MarkReadPayload')
  .implement({
    description: 'The result of moving the read marker.',
    fields: (t) => ({
      conversation: t.expose('conversation', {
        type: ConversationInterface,
        description: 'The conversation after the change, with its new unread count.',
      }),
    }),
  });

mutation('markRead', {
  description:
    "Moves the viewer's read marker forward. A `seq` at or before the marker changes nothing.",
  input: MarkReadInput,
  payload: MarkReadPayload,
  resolve: async ({ conversationId, upToSeq }, { scope }) => ({
    conversation: await markRead(scope, conversationId, upToSeq),
  }),
});
