import { conversationTopic } from '../../events/topics.ts';
import { builder, viewerDependent } from '../../graphql/builder.ts';
import { snapshotType } from '../../graphql/cost.ts';
import { atMost, pageCost } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import type { HeardNotice, NoticeField } from '../../live/live-field.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { noSuchRoom, requireRoomMember } from '../rooms/rooms.ts';
import { lastSeenAt } from './last-seen.ts';
import {
  connectionStats,
  knownUsers,
  onlineCount,
  onlineUsers,
  presentMax,
  roomPresenceChannel,
  type ConnectionStats,
} from './presence.ts';

builder.objectFields(User, (t) => ({
  isOnline: t.boolean({
    description:
      'Whether they hold a connection, to whichever node; for 10 s after the last one ended they still count.',
    resolve: ({ id }, _args, { scope }) => scope.node.presence.isOnline(id),
  }),
  lastSeenAt: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When their last connection ended; null before the first one did. Of somebody who is online it is an earlier one.',
    resolve: ({ id }, _args, { scope }) => lastSeenAt.load(scope, id),
  }),
}));

builder.objectFields(Room, (t) => ({
  onlineCount: t.int({
    description: 'How many of its members are online.',
    resolve: ({ id }, _args, { scope }) => onlineCount(scope, id),
  }),
  onlineUsers: t.field({
    type: [User],
    description: 'Its members who are online, in the order of their usernames.',
    extensions: viewerDependent,
    complexity: pageCost,
    args: { first: t.arg.int({ description: 'How many, at most 100; 50 when left out.' }) },
    resolve: ({ id }, { first }, { scope }) => onlineUsers(scope, id, first),
  }),
}));

type NoticeOf<Type extends HeardNotice['type']> = Extract<HeardNotice, { type: Type }>;

const PresenceSnapshot = builder
  .objectRef<NoticeOf<'PresenceSnapshot'>>('PresenceSnapshot')
  .implement({
    description:
      'The members who are online. Comes first, and again after the reader did not keep up: it replaces what was known.',
    extensions: snapshotType,
    fields: (t) => ({
      users: t.field({
        type: [User],
        description:
          'In the order of their usernames, the first 2000. `Room.onlineCount` counts all of them.',
        complexity: atMost(presentMax),
        resolve: ({ data }, _args, { scope }) => knownUsers(scope, data.userIds),
      }),
    }),
  });

const UserCameOnline = builder.objectRef<NoticeOf<'UserCameOnline'>>('UserCameOnline').implement({
  description: 'A member came online, or somebody who is online became a member.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Who.',
      resolve: async ({ data }, _args, { scope }) => (await users.load(scope, data.userId))!,
    }),
  }),
});

const UserWentOffline = builder
  .objectRef<NoticeOf<'UserWentOffline'>>('UserWentOffline')
  .implement({
    description: 'A member went offline, or is no longer one.',
    fields: (t) => ({
      user: t.field({
        type: User,
        description: 'Who.',
        resolve: async ({ data }, _args, { scope }) => (await users.load(scope, data.userId))!,
      }),
      lastSeenAt: t.field({
        type: 'DateTime',
        description: 'When their last connection ended, or they left.',
        resolve: ({ data }) => new Date(data.lastSeenAt),
      }),
    }),
  });

const PresenceEvent = builder.unionType('PresenceEvent', {
  description: 'Who is online now, then who comes and goes.',
  types: [PresenceSnapshot, UserCameOnline, UserWentOffline],
  resolveType: ({ type }) => type,
});

const roomPresence: NoticeField<{ roomId: string }> = {
  channel: ({ node }, { roomId }) => roomPresenceChannel(node, roomId.toLowerCase()),
  permissions(_scope, { roomId }) {
    if (!isId(roomId)) throw noSuchRoom();
    return conversationTopic(roomId.toLowerCase());
  },
  authorize: (scope, { roomId }) => requireRoomMember(scope, roomId),
};

builder.subscriptionField('roomPresence', (t) =>
  t.field({
    type: PresenceEvent,
    description:
      'Which members of a room are online: all of them first, then who comes and goes. For members.',
    args: { roomId: t.arg.id({ required: true, description: 'The id of the room.' }) },
    extensions: { live: roomPresence },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) =>
      heard as NoticeOf<'PresenceSnapshot' | 'UserCameOnline' | 'UserWentOffline'>,
  }),
);

const ConnectionStatsType = builder.objectRef<ConnectionStats>('ConnectionStats').implement({
  description: 'Over all nodes.',
  fields: (t) => ({
    connections: t.exposeInt('connections', {
      description:
        'What clients hold open, anonymous ones too; of other nodes as of a few seconds ago.',
    }),
    onlineUsers: t.exposeInt('onlineUsers', { description: 'Users who are online.' }),
    nodes: t.exposeInt('nodes', { description: 'Nodes that run.' }),
  }),
});

builder.queryField('connectionStats', (t) =>
  t.field({
    type: ConnectionStatsType,
    description: 'How many are connected. For admins.',
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => connectionStats(scope),
  }),
);
