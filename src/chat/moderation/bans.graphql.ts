import { builder, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { viewerBan, type Ban as BanRow } from '../rooms/bans.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { listBans } from './bans.ts';

const Ban = builder.objectRef<BanRow>('Ban').implement({
  description: 'Keeps somebody out of a room.',
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'Whom.',
      resolve: async ({ userId }, _args, { scope }) => (await users.load(scope, userId))!,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, in the words of the moderator.',
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'Its end; null: it has none.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'Since when.',
      resolve: ({ bannedAt }) => bannedAt,
    }),
  }),
});

const BanConnection = builder.connectionObject(
  { type: Ban, name: 'BanConnection', description: 'A page of bans.' },
  { description: 'A ban and its place in the list.' },
);

builder.objectField(Room, 'viewerBan', (t) =>
  t.field({
    type: Ban,
    nullable: true,
    description: "The viewer's ban from it that holds now; null where there is none.",
    extensions: viewerDependent,
    resolve: ({ id }, _args, { scope }) => viewerBan.load(scope, id),
  }),
);

builder.queryField('bans', (t) =>
  t.connection(
    {
      type: Ban,
      description:
        'Who is banned from a room now, the latest first. For its moderators and owners, and admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: { roomId: t.arg.id({ required: true, description: 'The id of the room.' }) },
      resolve: (_root, { roomId, ...page }, { scope }) => listBans(scope, roomId, page),
    },
    BanConnection,
  ),
);
