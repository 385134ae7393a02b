import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import type { EventField, Heard } from '../../live/live-field.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { ConversationEvent } from '../conversations/events.graphql.ts';
import { Message } from '../messages/messages.graphql.ts';
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
    'What two users write to each other. There is one for any two, from their first message on; for everybody else it does not exist.',
  interfaces: [ConversationInterface, NodeInterface],
  fields: (t) => ({
    peer: t.field({
      type: User,
      description: 'The other one of the two, who may be a deleted user.',
      extensions: viewerDependent,
      resolve: (conversation, _args, { scope }) => peerOf(scope, conversation),
    }),
    archivedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when it can only be read, because one of the two has deleted their account; null while both can write.',
      resolve: ({ archivedAt }) => archivedAt && new Date(archivedAt),
    }),
  }),
});

const DirectConversationConnection = builder.connectionObject(
  {
    type: DirectConversation,
    name: 'DirectConversationConnection',
    description: 'A page of direct conversations.',
  },
  { description: 'A direct conversation and its place in the list.' },
);

builder.queryField('directConversations', (t) =>
  t.connection(
    {
      type: DirectConversation,
      description: "The viewer's direct conversations, the one with the newest message first.",
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listDirectConversations(scope, page),
    },
    DirectConversationConnection,
  ),
);

const SendPrivateMessageInput = builder.inputType('SendPrivateMessageInput', {
  description: 'A message to one user.',
  fields: (t) => ({
    toUserId: t.id({
      required: true,
      description:
        'To whom. Not oneself (INVALID), no guest (FORBIDDEN), nobody who deleted their account (NOT_FOUND; FORBIDDEN where there is a conversation with them).',
    }),
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

const SendPrivateMessagePayload = builder
  .objectRef<SentPrivately>('SendPrivateMessagePayload')
  .implement({
    description: 'A message, as stored.',
    fields: (t) => ({
      message: t.field({
        type: Message,
        description: 'The message, as stored.',
        resolve: ({ message }) => message,
      }),
      conversation: t.field({
        type: DirectConversation,
        description: 'Where it stands: the one direct conversation of the two.',
        resolve: ({ conversation }) => conversation,
      }),
      duplicate: t.exposeBoolean('duplicate', {
        description: 'Whether this repeats an earlier send, whose message it is.',
      }),
      delivered: t.exposeBoolean('delivered', {
        description:
          'Whether the receiver was connected, to whichever node (`User.isOnline`). If not, they find the message when they come back.',
      }),
    }),
  });

builder.mutationField('sendPrivateMessage', (t) =>
  t.field({
    type: SendPrivateMessagePayload,
    description:
      'Sends a message to one user, connected or not. The first one begins the direct conversation. Not for guests.',
    args: {
      input: t.arg({
        type: SendPrivateMessageInput,
        required: true,
        description: 'What to send to whom.',
      }),
    },
    resolve: (_root, { input }, { scope }) => sendPrivateMessage(scope, input),
  }),
);

const privateMessages: EventField<{ withUserId?: string | null }> = {
  topic: (scope, { withUserId }) => privateTopic(scope, withUserId),
  authorize: (scope, { withUserId }) => requirePrivateMessages(scope, withUserId),
};

builder.subscriptionField('privateMessages', (t) =>
  t.field({
    type: ConversationEvent,
    description:
      "Everything that happens in the viewer's direct conversations, those that are yet to begin too: what they write themselves on any device, and what is written to them. Not for guests.",
    args: {
      after: t.arg({
        type: 'Cursor',
        description: 'Goes on after this event. A cursor counts for the same `withUserId` only.',
      }),
      withUserId: t.arg.id({ description: 'Only what is between the viewer and this user.' }),
    },
    extensions: { live: privateMessages },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) => heard as Heard,
  }),
);
