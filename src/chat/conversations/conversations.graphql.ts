import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { findVisibleConversation } from './access.ts';
import { viewerMembership, type Conversation, type Member as MemberRow } from './conversations.ts';
import { kindOf } from './kinds.ts';
import { listMembers } from './members.ts';
import { shownReadMarker, unreadCount, unreadMentionCount } from './read-state.ts';

export const MemberRole = builder.enumType('MemberRole', {
  description: 'The permissions of a member in one conversation.',
  values: {
    MEMBER: { description: 'The member can read and send messages.' },
    MODERATOR: {
      description:
        'The member can also change the room, and remove, ban and mute users with a lower role.',
    },
    OWNER: {
      description: 'The member can also assign roles, archive the room and change its visibility.',
    },
  } as const,
});

export const Member = builder.objectRef<MemberRow>('Member').implement({
  description: 'The membership of a user in a conversation.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'The permanent id of the membership. It stays the same if the user rejoins.',
      resolve: ({ conversationId, userId }) => `${conversationId}:${userId}`,
    }),
    user: t.field({
      type: User,
      description: 'The user with this membership.',
      resolve: rowOf(users, ({ userId }) => userId),
    }),
    role: t.expose('role', {
      type: MemberRole,
      description: 'The permissions of the member in this conversation.',
    }),
    joinedAt: t.expose('joinedAt', {
      type: 'DateTime',
      description: 'The time at which the membership began.',
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The end of the mute. Until then the member can read but not write. Null if the member is not muted.',
      resolve: ({ mutedUntil }) => (mutedUntil && mutedUntil > new Date() ? mutedUntil : null),
    }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'The data of the application about the membership, for everyone who sees the conversation; up to 8 KiB. Backends set it with `setMemberMetadata`.',
      resolve: ({ metadata }) => metadata as Record<string, unknown>,
    }),
    lastReadSeq: t.int({
      nullable: true,
      description:
        "The `seq` of the newest message that the member has read. Null for other members of a room; there only the viewer's own is shown.",
      extensions: viewerDependent,
      resolve: (member, _args, { scope }) => shownReadMarker(scope, member),
    }),
  }),
});

export const MemberPayload = builder.objectRef<{ member: MemberRow }>('MemberPayload').implement({
  description: 'The result of changing a member.',
  fields: (t) => ({
    member: t.expose('member', { type: Member, description: 'The member after the change.' }),
  }),
});

const MemberConnection = builder.connectionObject(
  { type: Member, name: 'MemberConnection', description: 'A page of members.' },
  { description: 'A member with its cursor.' },
);

export const ConversationInterface = builder.interfaceRef<Conversation>('Conversation').implement({
  description: 'A room, a direct conversation or a support conversation.',
  interfaces: [NodeInterface],
  resolveType: (conversation, { scope }) => kindOf(scope.node, conversation).typeName,
  fields: (t) => ({
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time at which the conversation was created.',
    }),
    members: t.connection(
      {
        type: Member,
        description:
          'The members, in the order in which they joined. Empty if the viewer may not see them.',
        extensions: viewerDependent,
        complexity: pageCost,
        resolve: ({ id }, page, { scope }) => listMembers(scope, id, page),
      },
      MemberConnection,
    ),
    unreadCount: t.int({
      description:
        "The number of messages by others after the viewer's read marker, without deleted ones. 0 if the viewer is not a member.",
      extensions: viewerDependent,
      resolve: ({ id }, _args, { scope }) => unreadCount.load(scope, id),
    }),
    unreadMentionCount: t.int({
      description:
        "The number of these messages that mention the viewer or reply to the viewer's messages. 0 if the viewer is not a member.",
      extensions: viewerDependent,
      resolve: ({ id }, _args, { scope }) => unreadMentionCount.load(scope, id),
    }),
    viewerMember: t.field({
      type: Member,
      nullable: true,
      description: "The viewer's membership. Null if the viewer is not a member.",
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
      'The conversation with this id, of any kind. Null if it does not exist or the viewer may not see it.',
    extensions: viewerDependent,
    args: { id: t.arg.id({ required: true, description: 'The id of the conversation.' }) },
    resolve: (_root, { id }, { scope }) => findVisibleConversation(scope, id),
  }),
);
