import { builder, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { viewerBan, type Ban as BanRow } from '../rooms/bans.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { listBans } from './bans.ts';

const Ban = builder.objectRef<BanRow>('Ban').implement({
  description: 'A ban that excludes a user from a room.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The banned user.',
      resolve: rowOf(users, ({ userId }) => userId),
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'The reason that the moderator gave. Null if none was given.',
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'The time at which the ban ends. Null if it is permanent.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'The time at which the ban began.',
      resolve: ({ bannedAt }) => bannedAt,
    }),
  }),
});

const BanConnection = builder.connectionObject(
  { type: Ban, name: 'BanConnection', description: 'A page of bans.' },
  { description: 'A ban with its cursor.' },
);

builder.objectField(Room, 'viewerBan', (t) =>
  t.field({
    type: Ban,
    nullable: true,
    description: "The viewer's current ban from the room. Null if there is none.",
    extensions: viewerDependent,
    resolve: ({ id }, _args, { scope }) => viewerBan.load(scope, id),
  }),
);

builder.queryField('bans', (t) =>
  t.connection(
    {
      type: Ban,
      description:
        'The current bans of a room, with the newest first. For its moderators and owners, and admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        roomId: t.arg.id({
          required: true,
          description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
        }),
      },
      resolve: (_root, { roomId, ...page }, { scope }) => listBans(scope, roomId, page),
    },
    BanConnection,
  ),
);
