import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { importMessages, type Imported } from './import-messages.ts';
import { itemsMax } from './upserts.ts';

const MessageImport = builder.inputType('MessageImport', {
  description: 'A message of the history of the application.',
  fields: (t) => ({
    externalId: t.string({
      required: true,
      description:
        'The id of the message in the application, 1–255 characters on one line, unique among all messages. A message with this id that is stored already is skipped.',
    }),
    authorId: t.id({
      required: true,
      description:
        'The user who wrote it: an id, or `external:` and an external id. `NOT_FOUND` for unknown users; they need not be members.',
    }),
    body: t.string({
      required: true,
      description: 'The text, with the same limits as in `sendMessage`.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'The time at which it was written, not in the future.',
    }),
    replyToExternalId: t.string({
      description:
        'The `externalId` of the message of the same conversation to which it replies: stored, or in the same call. `NOT_FOUND` for others.',
    }),
    metadata: t.field({
      type: 'JSONObject',
      description: 'Data to store with the message, at most 8 KiB as JSON and 10 levels.',
    }),
  }),
});

const ImportMessagesInput = builder.inputType('ImportMessagesInput', {
  description: 'A conversation, and the messages to add to it.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description: 'The conversation: an id, or `external:` and the external id of a room.',
    }),
    messages: t.field({
      type: [MessageImport],
      required: true,
      description: `The messages, 1–${itemsMax}, in the order in which they follow the stored ones. \`INVALID\` if one of them is not valid; then nothing changes.`,
    }),
  }),
});

const ImportMessagesPayload = builder.objectRef<Imported>('ImportMessagesPayload').implement({
  description: 'The result of importing messages.',
  fields: (t) => ({
    importedCount: t.exposeInt('importedCount', {
      description: 'The number of messages that were added.',
    }),
    skippedCount: t.exposeInt('skippedCount', {
      description: 'The number of messages that were stored already.',
    }),
  }),
});

mutation('importMessages', {
  description:
    'Adds messages of the history of the application to the end of a conversation. A repeat changes nothing. They cause no notifications and do not count as unread; followers receive one `MessagesImported`. For backends with the scope `messages`.',
  input: ImportMessagesInput,
  payload: ImportMessagesPayload,
  resolve: (input, { scope }) => importMessages(scope, input),
});
