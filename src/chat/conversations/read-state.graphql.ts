import { builder } from '../../graphql/builder.ts';
import { ConversationInterface } from './conversations.graphql.ts';
import type { Conversation } from './conversations.ts';
import { markRead } from './read-state.ts';

const MarkReadInput = builder.inputType('MarkReadInput', {
  description: 'How far the viewer has read.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Where; the viewer must be a member.' }),
    upToSeq: t.int({
      required: true,
      description:
        'The `seq` of the newest message read. Beyond the newest that there is, it means that one.',
    }),
  }),
});

const MarkReadPayload = builder
  .objectRef<{ conversation: Conversation }>('MarkReadPayload')
  .implement({
    description: 'The conversation, with what is left unread.',
    fields: (t) => ({
      conversation: t.field({
        type: ConversationInterface,
        description: 'The conversation, with what is left unread.',
        resolve: ({ conversation }) => conversation,
      }),
    }),
  });

builder.mutationField('markRead', (t) =>
  t.field({
    type: MarkReadPayload,
    description: "Moves the viewer's read marker. Never back: an earlier `seq` changes nothing.",
    args: {
      input: t.arg({
        type: MarkReadInput,
        required: true,
        description: 'How far the viewer has read.',
      }),
    },
    resolve: async (_root, { input: { conversationId, upToSeq } }, { scope }) => ({
      conversation: await markRead(scope, conversationId, upToSeq),
    }),
  }),
);
