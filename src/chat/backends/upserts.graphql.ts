import { builder, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { atMost } from '../../graphql/pages.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { User } from '../people/users.graphql.ts';
import type { UserRow } from '../people/users.ts';
import { Room, Visibility } from '../rooms/rooms.graphql.ts';
import { roomByExternalId, userByExternalId } from './external-ids.ts';
import { upsertRooms } from './upsert-rooms.ts';
import { upsertUsers } from './upsert-users.ts';
import { itemsMax } from './upserts.ts';

builder.queryField('userByExternalId', (t) =>
  t.field({
    type: User,
    nullable: true,
    description:
      'The user with this id in the application. Null if there is none. For admins, and for backends with the scope `users`.',
    extensions: viewerDependent,
    args: {
      externalId: t.arg.string({
        required: true,
        description: "The id of the user in the application: the `sub` of the user's tokens.",
      }),
    },
    resolve: (_root, { externalId }, { scope }) => userByExternalId(scope, externalId),
  }),
);

builder.queryField('roomByExternalId', (t) =>
  t.field({
    type: Room,
    nullable: true,
    description:
      'The room with this id in the application. Null if there is none. For admins, who do not see the private rooms of others, and for backends with the scope `rooms`.',
    extensions: viewerDependent,
    args: {
      externalId: t.arg.string({
        required: true,
        description: 'The id of the room in the application.',
      }),
    },
    resolve: (_root, { externalId }, { scope }) => roomByExternalId(scope, externalId),
  }),
);

const externalIdDescription =
  'The id in the application, 1–255 characters on one line. Each item has another one.';
const metadataDescription =
  'Data of the application, at most 8 KiB as JSON and 10 levels. It replaces the earlier data.';

const UserUpsert = builder.inputType('UserUpsert', {
  description: 'A user of the application. Omitted fields keep their value.',
  fields: (t) => ({
    externalId: t.string({
      required: true,
      description: `${externalIdDescription} It is the \`sub\` of the user's tokens.`,
    }),
    username: t.string({
      description:
        'The username, 2–32 of `[a-z0-9_.-]`. `CONFLICT` if it is taken. A new user without one gets one that follows from `externalId`.',
    }),
    displayName: t.string({
      description:
        'The display name, 1–64 characters after trimming. The default for a new user is the username.',
    }),
    avatarUrl: t.string({
      description:
        'The http or https URL of a picture, at most 2048 characters. Null removes the picture.',
    }),
    isBot: t.boolean({
      description:
        'Whether the user is a bot: never online, with rates ten times those of users. The default for a new user is `false`.',
    }),
    metadata: t.field({ type: 'JSONObject', description: metadataDescription }),
  }),
});

const UpsertUsersInput = builder.inputType('UpsertUsersInput', {
  description: 'The users to create or update.',
  fields: (t) => ({
    users: t.field({
      type: [UserUpsert],
      required: true,
      description: `The users, 1–${itemsMax}. \`INVALID\` if one of them is not valid; then nothing changes.`,
    }),
  }),
});

const UpsertUsersPayload = builder
  .objectRef<{ users: UserRow[]; createdCount: number }>('UpsertUsersPayload')
  .implement({
    description: 'The result of creating and updating users.',
    fields: (t) => ({
      users: t.expose('users', {
        type: [User],
        complexity: atMost(itemsMax),
        description: 'The users after the change, in the order of the input.',
      }),
      createdCount: t.exposeInt('createdCount', {
        description: 'The number of users that did not exist before.',
      }),
    }),
  });

mutation('upsertUsers', {
  description:
    'Creates users of the application, or updates those that exist: all of them, or none. A repeat changes nothing. For backends with the scope `users`.',
  input: UpsertUsersInput,
  payload: UpsertUsersPayload,
  resolve: ({ users }, { scope }) => upsertUsers(scope, users),
});

const RoomUpsert = builder.inputType('RoomUpsert', {
  description: 'A room of the application. Omitted fields keep their value.',
  fields: (t) => ({
    externalId: t.string({ required: true, description: externalIdDescription }),
    name: t.string({
      description:
        'The name, 1–64 characters after trimming, on one line. `CONFLICT` if another public room has it. The default for a new room is the beginning of `externalId`.',
    }),
    topic: t.string({
      description: 'The subject of the room, up to 1024 characters. Null removes it.',
    }),
    visibility: t.field({
      type: Visibility,
      description:
        'The access for users who are not members. The default for a new room is `PUBLIC`. A room that becomes private loses its guests.',
    }),
    metadata: t.field({ type: 'JSONObject', description: metadataDescription }),
    ownerId: t.id({
      description:
        'A user who becomes an owner of the room: an id, or `external:` and an external id. Other owners stay. `NOT_FOUND` for unknown users and guests.',
    }),
  }),
});

const UpsertRoomsInput = builder.inputType('UpsertRoomsInput', {
  description: 'The rooms to create or update.',
  fields: (t) => ({
    rooms: t.field({
      type: [RoomUpsert],
      required: true,
      description: `The rooms, 1–${itemsMax}. \`INVALID\` if one of them is not valid; then nothing changes.`,
    }),
  }),
});

const UpsertRoomsPayload = builder
  .objectRef<{ rooms: Conversation[]; createdCount: number }>('UpsertRoomsPayload')
  .implement({
    description: 'The result of creating and updating rooms.',
    fields: (t) => ({
      rooms: t.expose('rooms', {
        type: [Room],
        complexity: atMost(itemsMax),
        description: 'The rooms after the change, in the order of the input.',
      }),
      createdCount: t.exposeInt('createdCount', {
        description: 'The number of rooms that did not exist before.',
      }),
    }),
  });

mutation('upsertRooms', {
  description:
    'Creates rooms of the application, or updates those that exist: all of them, or none. A repeat changes nothing. For backends with the scope `rooms`.',
  input: UpsertRoomsInput,
  payload: UpsertRoomsPayload,
  resolve: ({ rooms }, { scope }) => upsertRooms(scope, rooms),
});
