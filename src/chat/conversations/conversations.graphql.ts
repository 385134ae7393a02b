import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { findVisibleConversation } from './access.ts';
import { viewerMembership, type Conversation, type Member as MemberRow } from './conversations.ts';
import { kindOf } from './kinds.ts';
import { listMembers } from './members.ts';
import { unreadCount } from './read-state.ts';

export const MemberRole = builder.enumType('MemberRole', {
  description: 'What a member may do in one conversation.',
  values: {
    MEMBER: { description: 'Takes part.' },
    MODERATOR: { description: 'Keeps order.' },
    OWNER: { description: 'Decides everything.' },
  } as const,
});

export const Member = builder.objectRef<MemberRow>('Member').implement({
  description: 'Somebody in a conversation.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who it is.',
      resolve: async (member, _args, { scope }) => (await users.load(scope, member.userId))!,
    }),
    role: t.expose('role', { type: MemberRole, description: 'What they may do here.' }),
    joinedAt: t.field({
      type: 'DateTime',
      description: 'Since when.',
      resolve: (member) => new Date(member.joinedAt),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until then they can read, but not write; null when they may write.',
      resolve: ({ mutedUntil }) =>
        mutedUntil && new Date(mutedUntil) > new Date() ? new Date(mutedUntil) : null,
    }),
    lastReadSeq: t.exposeInt('lastReadSeq', {
      description: 'The `seq` of the newest message they have read.',
    }),
  }),
});

const MemberConnection = builder.connectionObject(
  { type: Member, name: 'MemberConnection', description: 'A page of members.' },
  { description: 'A member and their place in the list.' },
);

export const ConversationInterface = builder.interfaceRef<Conversation>('Conversation').implement({
  description: 'Where people talk.',
  interfaces: [NodeInterface],
  resolveType: (conversation, { scope }) => kindOf(scope.node, conversation).typeName,
  fields: (t) => ({
    createdAt: t.field({
      type: 'DateTime',
      description: 'Since when there is this conversation.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    members: t.connection(
      {
        type: Member,
        description: 'Everyone in it, in the order in which they came.',
        extensions: viewerDependent,
        complexity: pageCost,
        resolve: ({ id }, page, { scope }) => listMembers(scope, id, page),
      },
      MemberConnection,
    ),
    unreadCount: t.int({
      description: "Messages by others after the viewer's read marker; 0 when not a member.",
      extensions: viewerDependent,
      resolve: ({ id }, _args, { scope }) => unreadCount.load(scope, id),
    }),
    viewerMember: t.field({
      type: Member,
      nullable: true,
      description: "The viewer's membership, null when not a member.",
      extensions: viewerDependent,
      resolve: ({ id }, _args, { scope }) => viewerMembership.load(scope, id),
    }),
  }),
});

builder.queryField('conversation', (t) =>
  t.field({
    type: ConversationInterface,
    nullable: true,
    description:
      'One conversation of any kind; null when there is none of that id that the viewer may see.',
    extensions: viewerDependent,
    args: { id: t.arg.id({ required: true, description: 'The id of the conversation.' }) },
    resolve: (_root, { id }, { scope }) => findVisibleConversation(scope, id),
  }),
);
