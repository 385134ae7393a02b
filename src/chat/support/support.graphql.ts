import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf, rowOrNull } from '../../graphql/rows.ts';
import { subscription } from '../../graphql/subscription.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import type { Conversation } from '../conversations/conversations.ts';
import {
  ConversationEvent,
  conversationOf,
  userOf,
  type EventOf,
} from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import type { JsonObject } from '../policy/json.ts';
import {
  assignSupport,
  listSupportConversations,
  mySupportConversation,
  requireSupportMessages,
  resolveSupport,
  statusOf,
  supportMessagesTopic,
} from './support-conversations.ts';

const SupportStatus = builder.enumType('SupportStatus', {
  description: 'The state of a support conversation.',
  values: {
    OPEN: { description: 'The conversation waits for the support desk.' },
    RESOLVED: {
      description: 'The request is resolved. A new message by the customer reopens it.',
    },
  } as const,
});

const SupportConversation = builder.objectRef<Conversation>('SupportConversation').implement({
  description:
    'The conversation of a customer with the support desk: all admins. Each user has exactly one. Its members are the customer, and the admins who have read or written in it.',
  interfaces: [ConversationInterface, NodeInterface],
  fields: (t) => ({
    customer: t.field({
      type: User,
      description: 'The user who asks for support, possibly a deleted user.',
      resolve: rowOf(users, ({ customerId }) => customerId!),
    }),
    assignee: t.field({
      type: User,
      nullable: true,
      description: 'The admin who is responsible for the conversation. Null if it is unassigned.',
      resolve: rowOrNull(users, ({ assigneeId }) => assigneeId),
    }),
    status: t.field({
      type: SupportStatus,
      description: 'The state of the conversation.',
      resolve: statusOf,
    }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'The data that the client of the customer passed, such as the page they came from and their language. Do not trust it. Empty after the customer deleted their account.',
      resolve: ({ metadata }) => metadata as JsonObject,
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time since which the conversation is read-only, because the customer deleted their account. Otherwise null.',
    }),
  }),
});

const SupportConversationConnection = builder.connectionObject(
  {
    type: SupportConversation,
    name: 'SupportConversationConnection',
    description: 'A page of support conversations.',
  },
  { description: 'A support conversation with its cursor.' },
);

builder.queryFields((t) => ({
  mySupportConversation: t.field({
    type: SupportConversation,
    description:
      "The viewer's own support conversation, created on first use. Messages sent to it with `sendMessage` reach all admins. For guests only with `GUEST_SUPPORT=on`.",
    extensions: viewerDependent,
    args: {
      metadata: t.arg({
        type: 'JSONObject',
        description:
          'Data for the support desk, such as the page and the language: up to 8 KiB of JSON. It replaces the former data.',
      }),
    },
    resolve: (_root, { metadata }, { scope }) => mySupportConversation(scope, metadata),
  }),
  supportConversations: t.connection(
    {
      type: SupportConversation,
      description:
        'All support conversations with messages, the one with the newest message first: in the order of the events of `supportMessages`. For admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        status: t.arg({
          type: SupportStatus,
          description: 'A state. If given, only conversations in this state are returned.',
        }),
      },
      resolve: (_root, args, { scope }) => listSupportConversations(scope, args),
    },
    SupportConversationConnection,
  ),
}));

const SupportPayload = builder
  .objectRef<{ conversation: Conversation }>('SupportPayload')
  .implement({
    description: 'The result of changing a support conversation.',
    fields: (t) => ({
      conversation: t.expose('conversation', {
        type: SupportConversation,
        description: 'The support conversation after the change.',
      }),
    }),
  });

const AssignSupportInput = builder.inputType('AssignSupportInput', {
  description: 'The support conversation, and the admin to assign.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description: 'The id of the support conversation.',
    }),
    assigneeId: t.id({
      description:
        'The id of an admin; `INVALID` for other users. If null or omitted, the assignment is removed.',
    }),
  }),
});

mutation('assignSupport', {
  description: 'Assigns an admin to a support conversation. For admins.',
  input: AssignSupportInput,
  payload: SupportPayload,
  resolve: async ({ conversationId, assigneeId }, { scope }) => ({
    conversation: await assignSupport(scope, conversationId, assigneeId ?? null),
  }),
});

const ResolveSupportInput = builder.inputType('ResolveSupportInput', {
  description: 'The support conversation to resolve.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description: 'The id of the support conversation.',
    }),
  }),
});

mutation('resolveSupport', {
  description:
    'Marks a support conversation as resolved. A new message by the customer reopens it. For admins.',
  input: ResolveSupportInput,
  payload: SupportPayload,
  resolve: async ({ conversationId }, { scope }) => ({
    conversation: await resolveSupport(scope, conversationId),
  }),
});

builder.objectRef<EventOf<'SupportUpdated'>>('SupportUpdated').implement({
  description: 'The assignee or the state of a support conversation changed.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: SupportConversation,
      description: 'The support conversation, as of now.',
      resolve: conversationOf,
    }),
  }),
});

builder.objectRef<EventOf<'DeskChanged'>>('DeskChanged').implement({
  description:
    'A user gained or lost the admin role. Sent to subscriptions to all support conversations. For a user who lost the role, it is the last event.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user with the new role.',
      resolve: userOf,
    }),
  }),
});

subscription('supportMessages', {
  type: ConversationEvent,
  description:
    "The events of support conversations: for admins of all of them or of one, for others of their own. When a user's role changes, their connections are closed, and clients reconnect with the new role. Not for guests.",
  args: (arg) => ({
    conversationId: arg.id({
      description:
        'The id of a support conversation. If given, only its events are sent. If omitted, an admin receives those of all.',
    }),
    after: arg({
      type: 'Cursor',
      description: 'The cursor from which to resume. It is valid only with the same arguments.',
    }),
  }),
  live: {
    topic: (scope, { conversationId }) => supportMessagesTopic(scope, conversationId),
    authorize: (scope, { conversationId }) => requireSupportMessages(scope, conversationId),
  },
});
