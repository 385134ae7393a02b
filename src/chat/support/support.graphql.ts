import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import type { EventField, Heard } from '../../live/live-field.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { ConversationEvent } from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
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
  description: 'Whether a support conversation waits for the desk.',
  values: {
    OPEN: { description: 'It is not dealt with yet, or the customer has written again.' },
    RESOLVED: { description: 'It is dealt with. A new message of the customer opens it again.' },
  } as const,
});

const SupportConversation = builder.objectRef<Conversation>('SupportConversation').implement({
  description:
    'What a user and the support desk write to each other. Each user has one, for ever. Its members are the customer and those of the desk who have written or read in it.',
  interfaces: [ConversationInterface, NodeInterface],
  fields: (t) => ({
    customer: t.field({
      type: User,
      description: 'Whose it is; may be a deleted user.',
      resolve: async ({ customerId }, _args, { scope }) => (await users.load(scope, customerId!))!,
    }),
    assignee: t.field({
      type: User,
      nullable: true,
      description: 'Who on the desk looks after it; null when nobody does.',
      resolve: ({ assigneeId }, _args, { scope }) =>
        assigneeId === null ? null : users.load(scope, assigneeId),
    }),
    status: t.field({
      type: SupportStatus,
      description: 'Whether it waits for the desk.',
      resolve: statusOf,
    }),
    archivedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when it can only be read, because the customer has deleted their account; null before.',
      resolve: ({ archivedAt }) => archivedAt && new Date(archivedAt),
    }),
  }),
});

const SupportConversationConnection = builder.connectionObject(
  {
    type: SupportConversation,
    name: 'SupportConversationConnection',
    description: 'A page of support conversations.',
  },
  { description: 'A support conversation and its place in the list.' },
);

builder.queryFields((t) => ({
  mySupportConversation: t.field({
    type: SupportConversation,
    description:
      "The viewer's own, made on first use. Write to it with sendMessage: every admin hears it. Not for guests.",
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => mySupportConversation(scope),
  }),
  supportConversations: t.connection(
    {
      type: SupportConversation,
      description:
        'All in which somebody has written, the one with the newest message first. For admins; `unreadCount` is of each by themselves.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: { status: t.arg({ type: SupportStatus, description: 'Only those that are so.' }) },
      resolve: (_root, args, { scope }) => listSupportConversations(scope, args),
    },
    SupportConversationConnection,
  ),
}));

const AssignSupportInput = builder.inputType('AssignSupportInput', {
  description: 'Who looks after a support conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The support conversation.' }),
    assigneeId: t.id({ description: 'An admin; null or left out: nobody.' }),
  }),
});

const ResolveSupportInput = builder.inputType('ResolveSupportInput', {
  description: 'What is dealt with.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The support conversation.' }),
  }),
});

const SupportPayload = builder
  .objectRef<{ conversation: Conversation }>('SupportPayload')
  .implement({
    description: 'A support conversation, as it is now.',
    fields: (t) => ({
      conversation: t.field({
        type: SupportConversation,
        description: 'The support conversation, as it is now.',
        resolve: ({ conversation }) => conversation,
      }),
    }),
  });

builder.mutationFields((t) => ({
  assignSupport: t.field({
    type: SupportPayload,
    description: 'Says who of the desk looks after a support conversation. For admins.',
    args: {
      input: t.arg({
        type: AssignSupportInput,
        required: true,
        description: 'Who looks after what.',
      }),
    },
    resolve: async (_root, { input: { conversationId, assigneeId } }, { scope }) => ({
      conversation: await assignSupport(scope, conversationId, assigneeId ?? null),
    }),
  }),
  resolveSupport: t.field({
    type: SupportPayload,
    description:
      'Says that a support conversation is dealt with; a new message of the customer opens it again. For admins.',
    args: {
      input: t.arg({
        type: ResolveSupportInput,
        required: true,
        description: 'What is dealt with.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      conversation: await resolveSupport(scope, input.conversationId),
    }),
  }),
}));

builder.objectRef<Extract<Heard, { type: 'SupportUpdated' }>>('SupportUpdated').implement({
  description: 'A support conversation has another assignee or status.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: SupportConversation,
      description: 'As it is now.',
      resolve: async ({ data }, _args, { scope }) =>
        (await conversationById.load(scope, data.conversationId))!,
    }),
  }),
});

builder.objectRef<Extract<Heard, { type: 'DeskChanged' }>>('DeskChanged').implement({
  description:
    'Somebody has gained or lost the admin role. Heard by those who follow all support conversations; to who has lost it, it is the last that they hear.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who, with the role they have now.',
      resolve: async ({ data }, _args, { scope }) => (await users.load(scope, data.userId))!,
    }),
  }),
});

const supportMessages: EventField<{ conversationId?: string | null }> = {
  topic: (scope, { conversationId }) => supportMessagesTopic(scope, conversationId),
  authorize: (scope, { conversationId }) => requireSupportMessages(scope, conversationId),
};

builder.subscriptionField('supportMessages', (t) =>
  t.field({
    type: ConversationEvent,
    description:
      "Everything that happens in support: to a user in their own support conversation, to an admin in every one, or in the one given. A connection ends when its user's role changes, and the subscription begins anew with that. Not for guests.",
    args: {
      conversationId: t.arg.id({ description: 'Only this one.' }),
      after: t.arg({
        type: 'Cursor',
        description:
          'Goes on after this event. A cursor of all of them, and one of a single one, count for that only.',
      }),
    },
    extensions: { live: supportMessages },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) => heard as Heard,
  }),
);
