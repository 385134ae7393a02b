import { builder } from '../../graphql/builder.ts';
import { MessagePayload } from '../messages/message-changes.graphql.ts';
import { deleteMessage } from './delete-message.ts';

const DeleteMessageInput = builder.inputType('DeleteMessageInput', {
  description: 'Which message goes.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'The message.' }),
    reason: t.string({
      description:
        'Why, for the moderation log, where it is of somebody else; up to 500 characters.',
    }),
  }),
});

builder.mutationFields((t) => ({
  deleteMessage: t.field({
    type: MessagePayload,
    description:
      'Takes the text, the mentions and the reactions of a message away, for everybody and for good; its place and number stay. For its author, and in rooms for moderators, owners and admins where the author has a lower role. Deleted again, it stays as it is.',
    args: {
      input: t.arg({ type: DeleteMessageInput, required: true, description: 'Which message.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      message: await deleteMessage(scope, input),
    }),
  }),
}));
