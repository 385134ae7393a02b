import { builder, NodeInterface, viewerDependent, type ApiTypes } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { atMost, pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import { conversationById } from '../conversations/conversations.ts';
import { User } from '../people/users.graphql.ts';
import { users, type UserRow } from '../people/users.ts';
import { lastMessage, listMessages } from './history.ts';
import { mentionsMax } from './mentions.ts';
import { messageById, type MessageRow } from './message-row.ts';
import { isRead } from './read-receipts.ts';
import { sendMessage } from './send.ts';
import { findVisibleMessage } from './visible-message.ts';

const MessageKind = builder.enumType('MessageKind', {
  description: 'The origin of a message: its author, or an event in the application.',
  values: {
    TEXT: { description: 'A message that its author wrote.' },
    SYSTEM: {
      description:
        'A line about the conversation, by a backend. It neither counts as unread nor notifies anyone.',
    },
  } as const,
});

export const Message = builder.objectRef<MessageRow>('Message');

Message.implement({
  description: 'A message in a conversation.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation that contains the message.',
      resolve: rowOf(conversationById, ({ conversationId }) => conversationId),
    }),
    seq: t.exposeInt('seq', {
      description:
        'The number of the message in its conversation: 1, 2, 3 … without gaps, in the same order for everybody.',
    }),
    author: t.field({
      type: User,
      description: 'The user who sent the message.',
      resolve: rowOf(users, ({ authorId }) => authorId),
    }),
    body: t.exposeString('body', {
      nullable: true,
      description:
        'The text, up to 4000 characters. Empty only if the message has attachments. Null after the message was deleted.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description:
        'The time at which the message was stored; of an imported message, the time that the application gave.',
    }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the last edit of the text. Null if the text was never edited.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time of the deletion. A deleted message has no body, mentions or reactions. Null if the message was not deleted.',
    }),
    replyTo: t.field({
      type: Message,
      nullable: true,
      description:
        'The message of the same conversation to which this one replies. Null if it is not a reply.',
      resolve: async ({ replyToId, hiddenFromId }, _args, { scope }) => {
        const target = replyToId === null ? null : await messageById.load(scope, replyToId);
        // A visible message does not lead to a hidden one.
        return target?.hiddenFromId && !hiddenFromId ? null : target;
      },
    }),
    mentions: t.field({
      type: [User],
      description:
        'The users that the body mentions as `@username`, in the order of their mentions, at most 50.',
      complexity: atMost(mentionsMax),
      resolve: async ({ mentionedUserIds }, _args, { scope }) => {
        const mentioned = await Promise.all(mentionedUserIds.map((id) => users.load(scope, id)));
        return mentioned.filter((user): user is UserRow => user !== null);
      },
    }),
    kind: t.expose('kind', { type: MessageKind, description: 'The kind of the message.' }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'The data that the sender or the application added, for everyone who sees the message; up to 8 KiB. Empty after the message was deleted.',
      resolve: ({ metadata }) => metadata as Record<string, unknown>,
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id of an imported message in the application. Null for other messages.',
    }),
    sentBy: t.exposeString('sentBy', {
      nullable: true,
      description:
        'The backend that sent, imported or edited the text in the name of the author: the `sub` of its service token. Null if no backend did.',
    }),
    importedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The time at which a backend imported the message. It does not count as unread. Null for messages that were sent here.',
      resolve: ({ importedAt }) => (importedAt ? new Date(importedAt) : null),
    }),
    isMine: t.boolean({
      description: 'Whether the viewer sent the message.',
      extensions: viewerDependent,
      resolve: ({ authorId }, _args, { scope }) => authorId === scope.viewer?.id,
    }),
    isRead: t.boolean({
      description:
        'Whether the other side has read the message. Sending a later message counts as reading. Always `false` in rooms.',
      resolve: (message, _args, { scope }) => isRead(scope, message),
    }),
  }),
});

export const MessageConnection = builder.connectionObject(
  { type: Message, name: 'MessageConnection', description: 'A page of messages.' },
  { description: 'A message with its cursor.' },
);

builder.interfaceFields(ConversationInterface, (t) => ({
  messages: t.connection(
    {
      type: Message,
      description:
        'The messages, always with the oldest first. `last: 50` returns the newest 50; `before` then pages back. Empty if the viewer may not see them.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: ({ id }, page, { scope }) => listMessages(scope, id, page),
    },
    MessageConnection,
  ),
  lastMessage: t.field({
    type: Message,
    nullable: true,
    description: 'The newest message. Null if there is none, or the viewer may not see it.',
    extensions: viewerDependent,
    resolve: ({ id }, _args, { scope }) => lastMessage(scope, id),
  }),
}));

builder.queryField('message', (t) =>
  t.field({
    type: Message,
    nullable: true,
    description:
      'The message with this id. Null if it does not exist or the viewer may not see it.',
    extensions: viewerDependent,
    args: { id: t.arg.id({ required: true, description: 'The id of the message.' }) },
    resolve: async (_root, { id }, { scope }) =>
      (await findVisibleMessage(scope, id))?.message ?? null,
  }),
);

/** The fields of an input that sends a message, besides its destination. */
export const contentFields = (t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) => ({
  body: t.string({
    required: true,
    description:
      'The text, 1–4000 Unicode code points after trimming. Newline and tab are the only control characters allowed. May be empty if the message has attachments.',
  }),
  attachmentIds: t.idList({
    description:
      'The ids of up to 10 attachments of the author, from `completeUpload`, in the order in which they are shown. Each can be sent once. `NOT_FOUND` for any other.',
  }),
  replyToId: t.id({
    description:
      'The id of the message of the same conversation to reply to. `NOT_FOUND` for any other.',
  }),
  idempotencyKey: t.string({
    description:
      'A key of 1–128 characters, new for each message. After an uncertain send, send again with the same key: nothing is duplicated. `CONFLICT` if it belongs to another message.',
  }),
  metadata: t.field({
    type: 'JSONObject',
    description:
      'Data to store with the message, at most 8 KiB as JSON and 10 levels. Everyone who sees the message can read it.',
  }),
});

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'The conversation, and the message to send to it.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description:
        'The id of a conversation of which the author is a member. `FORBIDDEN` or `NOT_FOUND` for others. A backend can pass `external:` and the external id of a room.',
    }),
    ...contentFields(t),
    authorId: t.id({
      description:
        'For backends with the scope `messages`, which must pass it: the user or bot in whose name the message is sent. An id, or `external:` and an external id.',
    }),
    kind: t.field({
      type: MessageKind,
      description: 'For backends: the kind of the message. The default is `TEXT`.',
    }),
  }),
});

const SendMessagePayload = builder
  .objectRef<{ message: MessageRow; duplicate: boolean }>('SendMessagePayload')
  .implement({
    description: 'The result of sending a message.',
    fields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The message as stored.' }),
      duplicate: t.exposeBoolean('duplicate', {
        description:
          'Whether an earlier send with the same `idempotencyKey` had already stored the message.',
      }),
    }),
  });

mutation('sendMessage', {
  description:
    'Sends a message to a conversation. The answer arrives after the message is stored. For members, and for backends with the scope `messages`.',
  input: SendMessageInput,
  payload: SendMessagePayload,
  resolve: (input, { scope }) => sendMessage(scope, input),
});
