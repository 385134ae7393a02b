import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { editMessage } from './edit.ts';
import type { MessageRow } from './message-row.ts';
import { Message } from './messages.graphql.ts';

const EditMessageInput = builder.inputType('EditMessageInput', {
  description: 'The message to edit, and its new text.',
  fields: (t) => ({
    messageId: t.id({
      required: true,
      description: 'The id of a message by the viewer. `FORBIDDEN` for messages by others.',
    }),
    body: t.string({
      required: true,
      description: 'The new text, with the same limits as in `sendMessage`.',
    }),
  }),
});

export const MessagePayload = builder
  .objectRef<{ message: MessageRow }>('MessagePayload')
  .implement({
    description: 'The result of changing a message.',
    fields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The message after the change.' }),
    }),
  });

mutation('editMessage', {
  description:
    'Changes the text of a message, and with it the mentions. For its author, while they may write in the conversation. The same text changes nothing. `CONFLICT` if the message was deleted.',
  input: EditMessageInput,
  payload: MessagePayload,
  resolve: async (input, { scope }) => ({ message: await editMessage(scope, input) }),
});
