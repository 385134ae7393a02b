import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { MessagePayload } from '../messages/message-changes.graphql.ts';
import { deleteMessage } from './delete-message.ts';

const DeleteMessageInput = builder.inputType('DeleteMessageInput', {
  description: 'The message to delete, and the reason.',
  fields: (t) => ({
    messageId: t.id({
      required: true,
      description:
        'The id of the message. `NOT_FOUND` if the viewer may not see it. A backend can pass `external:` and the external id of an imported message.',
    }),
    reason: t.string({
      description:
        'The reason, at most 500 characters. It is stored in the moderation log if the message is by another user. `INVALID` for backends.',
    }),
  }),
});

mutation('deleteMessage', {
  description:
    'Deletes the text, metadata, attachments, mentions and reactions of a message permanently; its number stays. For its author, and in rooms for moderators, owners and admins if the author has a lower role. Backends with the scope `messages` can delete messages of all authors. A deleted message stays as it is.',
  input: DeleteMessageInput,
  payload: MessagePayload,
  resolve: async (input, { scope }) => ({ message: await deleteMessage(scope, input) }),
});
