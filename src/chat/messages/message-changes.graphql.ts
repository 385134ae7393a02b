import { builder } from '../../graphql/builder.ts';
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
}));
