import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf, rowOrNull } from '../../graphql/rows.ts';
import { MemberRole } from '../conversations/conversations.graphql.ts';
import { messageById } from '../messages/message-row.ts';
import { Message } from '../messages/messages.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { listEntries, type ModerationEntry as EntryRow } from './moderation-log.ts';

export const ModerationEntry = builder.objectRef<EntryRow>('ModerationEntry').implement({
  description: 'An entry of a moderation log: one action of a moderator.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    action: t.exposeString('action', {
      description:
        'One of `kick`, `ban`, `unban`, `mute`, `unmute`, `set_role`, `delete_message` and `resolve_report`. More values may follow.',
    }),
    moderator: t.field({
      type: User,
      description: 'The user who acted.',
      resolve: rowOf(users, ({ moderatorId }) => moderatorId),
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user concerned. Null if the action concerns no user.',
      resolve: rowOrNull(users, ({ userId }) => userId),
    }),
    message: t.field({
      type: Message,
      nullable: true,
      description: 'The message concerned. Null if the action concerns no message.',
      resolve: rowOrNull(messageById, ({ messageId }) => messageId),
    }),
    role: t.expose('role', {
      type: MemberRole,
      nullable: true,
      description: 'The new role of the user, for `set_role`. Otherwise null.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'The reason that the moderator gave. Null if none was given.',
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'The time at which the ban or mute ends. Null if there is no such time.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time of the action.',
    }),
  }),
});

const ModerationEntryConnection = builder.connectionObject(
  {
    type: ModerationEntry,
    name: 'ModerationEntryConnection',
    description: 'A page of a moderation log.',
  },
  { description: 'A log entry with its cursor.' },
);

builder.queryField('moderationLog', (t) =>
  t.connection(
    {
      type: ModerationEntry,
      description:
        'The moderation log of a room, with the newest entry first. For its moderators and owners, and admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        roomId: t.arg.id({
          required: true,
          description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
        }),
      },
      resolve: (_root, { roomId, ...page }, { scope }) => listEntries(scope, roomId, page),
    },
    ModerationEntryConnection,
  ),
);
