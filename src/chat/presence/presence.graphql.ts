import { conversationTopic } from '../../events/topics.ts';
import { builder, viewerDependent } from '../../graphql/builder.ts';
import { snapshotType } from '../../graphql/cost.ts';
import { atMost, pageCost } from '../../graphql/pages.ts';
import { subscription } from '../../graphql/subscription.ts';
import { isId } from '../../ids.ts';
import type { LiveNotice } from '../../live/live-field.ts';
import { userOf } from '../conversations/events.graphql.ts';
import { User, UserConnection } from '../people/users.graphql.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { noSuchRoom, requireRoomMember } from '../rooms/rooms.ts';
import { lastSeenAt } from './last-seen.ts';
import { listOnlineUsers } from './online-users.ts';
import {
  connectionStats,
  existingUsers,
  onlineCount,
  onlineUsers,
  presentMax,
  roomPresenceChannel,
  type ConnectionStats as ConnectionStatsData,
} from './presence.ts';

builder.objectFields(User, (t) => ({
  isOnline: t.boolean({
    description:
      'Whether the user is connected to any node. A user still counts as online for 10 s after the last connection ended.',
    resolve: ({ id }, _args, { scope }) => scope.node.presence.isOnline(id),
  }),
  lastSeenAt: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      "The time at which the user's last connection ended. Null if none has ended yet. For an online user: an earlier connection.",
    resolve: ({ id }, _args, { scope }) => lastSeenAt.load(scope, id),
  }),
}));

builder.objectFields(Room, (t) => ({
  onlineCount: t.int({
    description: 'The number of online members.',
    resolve: ({ id }, _args, { scope }) => onlineCount(scope, id),
  }),
  onlineUsers: t.field({
    type: [User],
    description:
      'The online members, in the order of their usernames. Empty if the viewer may not see them.',
    extensions: viewerDependent,
    complexity: pageCost,
    args: {
      first: t.arg.int({ description: 'The number of users, 0–100. The default is 50.' }),
    },
    resolve: ({ id }, { first }, { scope }) => onlineUsers(scope, id, first),
  }),
}));

type NoticeOf<Type extends LiveNotice['type']> = Extract<LiveNotice, { type: Type }>;

const PresenceSnapshot = builder
  .objectRef<NoticeOf<'PresenceSnapshot'>>('PresenceSnapshot')
  .implement({
    description:
      'All online members. It comes first, and again after a slow client missed changes; then it replaces everything received before.',
    extensions: snapshotType,
    fields: (t) => ({
      users: t.field({
        type: [User],
        description:
          'The online members in the order of their usernames, at most 2000. `Room.onlineCount` counts all.',
        complexity: atMost(presentMax),
        resolve: ({ data }, _args, { scope }) => existingUsers(scope, data.userIds),
      }),
    }),
  });

const UserCameOnline = builder.objectRef<NoticeOf<'UserCameOnline'>>('UserCameOnline').implement({
  description: 'A member came online, or an online user became a member.',
  fields: (t) => ({
    user: t.field({ type: User, description: 'The user who is online now.', resolve: userOf }),
  }),
});

const UserWentOffline = builder
  .objectRef<NoticeOf<'UserWentOffline'>>('UserWentOffline')
  .implement({
    description: 'A member went offline, or an online user is no longer a member.',
    fields: (t) => ({
      user: t.field({
        type: User,
        description: 'The user who went offline or left.',
        resolve: userOf,
      }),
      lastSeenAt: t.field({
        type: 'DateTime',
        description: "The time at which the user's last connection ended, or the user left.",
        resolve: ({ data }) => new Date(data.lastSeenAt),
      }),
    }),
  });

const PresenceEvent = builder.unionType('PresenceEvent', {
  description: 'The online members of a room, or a change of them.',
  types: [PresenceSnapshot, UserCameOnline, UserWentOffline],
  resolveType: ({ type }) => type,
});

subscription('roomPresence', {
  type: PresenceEvent,
  description:
    'The online members of a room: first a snapshot, then changes. For members of the room.',
  args: (arg) => ({
    roomId: arg.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
  }),
  live: {
    channel: ({ node }, { roomId }) => roomPresenceChannel(node, roomId.toLowerCase()),
    permissions(_scope, { roomId }) {
      if (!isId(roomId)) throw noSuchRoom();
      return conversationTopic(roomId.toLowerCase());
    },
    authorize: (scope, { roomId }) => requireRoomMember(scope, roomId),
  },
});

const ConnectionStats = builder.objectRef<ConnectionStatsData>('ConnectionStats').implement({
  description: 'The number of connections, online users and nodes, over all nodes.',
  fields: (t) => ({
    connections: t.exposeInt('connections', {
      description:
        'The number of open connections, including those without a token. Figures of other nodes are a few seconds old.',
    }),
    onlineUsers: t.exposeInt('onlineUsers', { description: 'The number of online users.' }),
    nodes: t.exposeInt('nodes', { description: 'The number of running nodes.' }),
  }),
});

builder.queryField('connectionStats', (t) =>
  t.field({
    type: ConnectionStats,
    description: 'The current load of the whole cluster. For admins.',
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => connectionStats(scope),
  }),
);

builder.queryField('onlineUsers', (t) =>
  t.connection(
    {
      type: User,
      description:
        'The users who are connected to any node, in the order of their ids. For admins, and for backends with the scope `users`.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listOnlineUsers(scope, page),
    },
    UserConnection,
  ),
);
