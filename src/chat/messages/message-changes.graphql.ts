import { builder } from '../../graphql/builder.ts';
import { deleteMessage } from './delete.ts';
import { editMessage } from './edit.ts';
import type { MessageRow } from './message-row.ts';
import { Message } from './messages.graphql.ts';

const EditMessageInput = builder.inputType('EditMessageInput', {
  description: 'Another text for a message.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'A message of the viewer.' }),
    body: t.string({
      required: true,
      description: 'The text from now on, under the rules of `sendMessage`.',
    }),
  }),
});

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

export const MessagePayload = builder
  .objectRef<{ message: MessageRow }>('MessagePayload')
  .implement({
    description: 'A message, as changed.',
    fields: (t) => ({
      message: t.field({
        type: Message,
        description: 'The message, as changed.',
        resolve: ({ message }) => message,
      }),
    }),
  });

builder.mutationFields((t) => ({
  editMessage: t.field({
    type: MessagePayload,
    description:
      'Changes the text of a message, and its mentions with it. For its author, while they can write there. With the text that it has, nothing happens; CONFLICT when it was deleted.',
    args: {
      input: t.arg({
        type: EditMessageInput,
        required: true,
        description: 'Which message, and its text from now on.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({ message: await editMessage(scope, input) }),
  }),
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
