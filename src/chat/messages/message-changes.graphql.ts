import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { editMessage } from './edit.ts';
import type { MessageRow } from './message-row.ts';
import { Message } from './messages.graphql.ts';

const EditMessageInput = builder.inputType('EditMessageInput', {
  description: 'The message to edit, and what to change. Omitted fields keep their value.',
  fields: (t) => ({
    messageId: t.id({
      required: true,
      description:
        'The id of a message by the viewer. `FORBIDDEN` for messages by others. A backend can pass the id of any message, or `external:` and the external id of an imported one.',
    }),
    body: t.string({ description: 'The new text, with the same limits as in `sendMessage`.' }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'The new metadata, which replaces the old one as a whole, with the same limits as in `sendMessage`. `FORBIDDEN` for the author if a backend sent the message.',
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
    'Changes the text of a message, and with it the mentions, or its metadata, or both. For its author, while they may write in the conversation, and for backends with the scope `messages`. The same values change nothing. `CONFLICT` if the message was deleted.',
  input: EditMessageInput,
  payload: MessagePayload,
  resolve: async (input, { scope }) => ({ message: await editMessage(scope, input) }),
});
