import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { subscription } from '../../graphql/subscription.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { ConversationEvent } from '../conversations/events.graphql.ts';
import { contentFields, Message } from '../messages/messages.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { listDirectConversations, peerOf } from './direct-conversations.ts';
import {
  privateTopic,
  requirePrivateMessages,
  sendPrivateMessage,
  type SentPrivately,
} from './private-messages.ts';

const DirectConversation = builder.objectRef<Conversation>('DirectConversation').implement({
  description:
    'The private conversation of two users. Each pair of users has one, created with the first message. For everybody else it does not exist.',
  interfaces: [ConversationInterface, NodeInterface],
  fields: (t) => ({
    peer: t.field({
      type: User,
      description: 'The other participant, possibly a deleted user.',
      extensions: viewerDependent,
      resolve: (conversation, _args, { scope }) => peerOf(scope, conversation),
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time since which the conversation is read-only, because a participant deleted their account. Null while both can write.',
    }),
  }),
});

const DirectConversationConnection = builder.connectionObject(
  {
    type: DirectConversation,
    name: 'DirectConversationConnection',
    description: 'A page of direct conversations.',
  },
  { description: 'A direct conversation with its cursor.' },
);

builder.queryField('directConversations', (t) =>
  t.connection(
    {
      type: DirectConversation,
      description:
        "The viewer's direct conversations, the one with the newest message first: in the order of the events of `privateMessages`.",
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listDirectConversations(scope, page),
    },
    DirectConversationConnection,
  ),
);

const SendPrivateMessageInput = builder.inputType('SendPrivateMessageInput', {
  description: 'The receiver, and the message to send.',
  fields: (t) => ({
    toUserId: t.id({
      required: true,
      description:
        'The id of the receiver. `INVALID` for the viewer, `FORBIDDEN` for guests, `NOT_FOUND` for deleted users, or `FORBIDDEN` if there is a conversation with them.',
    }),
    ...contentFields(t),
  }),
});

const SendPrivateMessagePayload = builder
  .objectRef<SentPrivately>('SendPrivateMessagePayload')
  .implement({
    description: 'The result of sending a private message.',
    fields: (t) => ({
      message: t.expose('message', { type: Message, description: 'The message as stored.' }),
      conversation: t.expose('conversation', {
        type: DirectConversation,
        description: 'The direct conversation of the two users.',
      }),
      duplicate: t.exposeBoolean('duplicate', {
        description:
          'Whether an earlier send with the same `idempotencyKey` had already stored the message.',
      }),
      delivered: t.exposeBoolean('delivered', {
        description:
          'Whether the receiver was online. If `false`, they receive the message when they reconnect.',
      }),
    }),
  });

mutation('sendPrivateMessage', {
  description:
    'Sends a message to one user, online or not. The first message creates their direct conversation. Not for guests.',
  input: SendPrivateMessageInput,
  payload: SendPrivateMessagePayload,
  resolve: (input, { scope }) => sendPrivateMessage(scope, input),
});

subscription('privateMessages', {
  type: ConversationEvent,
  description:
    "The events of all the viewer's direct conversations, future ones included, on every device. Not for guests.",
  args: (arg) => ({
    after: arg({
      type: 'Cursor',
      description: 'The cursor from which to resume. It is valid only with the same `withUserId`.',
    }),
    withUserId: arg.id({
      description: 'The id of a user. Only events of the conversation with this user are sent.',
    }),
  }),
  live: {
    topic: (scope, { withUserId }) => privateTopic(scope, withUserId),
    authorize: (scope, { withUserId }) => requirePrivateMessages(scope, withUserId),
  },
});
