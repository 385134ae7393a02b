import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { atMost, pageCost } from '../../graphql/pages.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import { conversationById } from '../conversations/conversations.ts';
import { User } from '../people/users.graphql.ts';
import { users, type UserRow } from '../people/users.ts';
import { lastMessage, listMessages } from './history.ts';
import { mentionsMax } from './mentions.ts';
import { messageById, type MessageRow } from './message-row.ts';
import { isRead } from './read-receipts.ts';
import { sendMessage } from './send.ts';

export const Message = builder.objectRef<MessageRow>('Message');

Message.implement({
  description: 'What somebody wrote in a conversation.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where it was sent.',
      resolve: async ({ conversationId }, _args, { scope }) =>
        (await conversationById.load(scope, conversationId))!,
    }),
    seq: t.exposeInt('seq', {
      description: '1, 2, 3 … within the conversation, without holes, in the order everybody sees.',
    }),
    author: t.field({
      type: User,
      description: 'Who wrote it.',
      resolve: async ({ authorId }, _args, { scope }) => (await users.load(scope, authorId))!,
    }),
    body: t.exposeString('body', {
      nullable: true,
      description: 'The text, 1-4000 characters; null once it is deleted.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was stored.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    editedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the text was last changed; null when it is as it was sent.',
      resolve: ({ editedAt }) => (editedAt ? new Date(editedAt) : null),
    }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When it was deleted: since then it has no body, no mentions and no reactions. Null when it was not.',
      resolve: ({ deletedAt }) => (deletedAt ? new Date(deletedAt) : null),
    }),
    replyTo: t.field({
      type: Message,
      nullable: true,
      description: 'The message of the same conversation that this one answers.',
      resolve: ({ replyToId }, _args, { scope }) =>
        replyToId === null ? null : messageById.load(scope, replyToId),
    }),
    mentions: t.field({
      type: [User],
      description: 'Those whom the body names as @username, in its order, at most 50.',
      complexity: atMost(mentionsMax),
      resolve: async ({ mentionedUserIds }, _args, { scope }) => {
        const mentioned = await Promise.all(mentionedUserIds.map((id) => users.load(scope, id)));
        return mentioned.filter((user): user is UserRow => user !== null);
      },
    }),
    isMine: t.boolean({
      description: 'Whether the viewer wrote it.',
      extensions: viewerDependent,
      resolve: ({ authorId }, _args, { scope }) => authorId === scope.viewer?.id,
    }),
    isRead: t.boolean({
      description:
        'Whether the other of the two has read it, which they have also by sending something later. In rooms it is not told: always false.',
      resolve: (message, _args, { scope }) => isRead(scope, message),
    }),
  }),
});

export const MessageConnection = builder.connectionObject(
  { type: Message, name: 'MessageConnection', description: 'A page of messages.' },
  { description: 'A message and its place in the list.' },
);

builder.interfaceFields(ConversationInterface, (t) => ({
  messages: t.connection(
    {
      type: Message,
      description:
        'Oldest first, whichever way they are paged: without arguments the first 50; `last: 50` gives the newest, and `before` goes back from there.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: ({ id }, page, { scope }) => listMessages(scope, id, page),
    },
    MessageConnection,
  ),
  lastMessage: t.field({
    type: Message,
    nullable: true,
    description: 'The newest message, null when there is none that the viewer may see.',
    extensions: viewerDependent,
    resolve: ({ id }, _args, { scope }) => lastMessage(scope, id),
  }),
}));

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message to be sent.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Where; the viewer must be a member.' }),
    body: t.string({
      required: true,
      description:
        '1-4000 characters after trimming, counted as code points; no control characters but newline and tab.',
    }),
    replyToId: t.id({ description: 'A message of the same conversation that this one answers.' }),
    idempotencyKey: t.string({
      description:
        '1-128 characters, another for each message. When it is not known whether a send succeeded, send it again with the same key: it will not be there twice.',
    }),
  }),
});

const SendMessagePayload = builder
  .objectRef<{ message: MessageRow; duplicate: boolean }>('SendMessagePayload')
  .implement({
    description: 'A message, as stored.',
    fields: (t) => ({
      message: t.field({
        type: Message,
        description: 'The message, as stored.',
        resolve: ({ message }) => message,
      }),
      duplicate: t.exposeBoolean('duplicate', {
        description: 'Whether this repeats an earlier send, whose message it is.',
      }),
    }),
  });

builder.mutationField('sendMessage', (t) =>
  t.field({
    type: SendMessagePayload,
    description: 'Sends a message. It is answered after the message is stored.',
    args: {
      input: t.arg({ type: SendMessageInput, required: true, description: 'What to send.' }),
    },
    resolve: (_root, { input }, { scope }) => sendMessage(scope, input),
  }),
);
