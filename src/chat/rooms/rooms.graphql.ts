import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import { memberCount, type Conversation } from '../conversations/conversations.ts';
import { listRooms } from './room-list.ts';
import { createRoom, findRoom } from './rooms.ts';
import { updateRoom } from './update-room.ts';

export const Visibility = builder.enumType('Visibility', {
  description: 'The access to a room for users who are not members.',
  values: {
    PUBLIC: { description: 'All signed-in users can read the room and join it.' },
    PRIVATE: {
      description: 'Only members can access the room. For everybody else it does not exist.',
    },
  } as const,
});

export const Room = builder.objectRef<Conversation>('Room').implement({
  description: 'A named conversation of any number of members.',
  interfaces: [ConversationInterface, NodeInterface],
  fields: (t) => ({
    name: t.string({
      description:
        'The name, 1–64 characters. It is unique among public rooms, regardless of case.',
      resolve: ({ name }) => name!,
    }),
    topic: t.exposeString('topic', {
      nullable: true,
      description: 'The subject of the room, up to 1024 characters. Null if there is none.',
    }),
    visibility: t.field({
      type: Visibility,
      description: 'The access to the room for users who are not members.',
      resolve: ({ visibility }) => visibility!,
    }),
    memberCount: t.int({
      description: 'The number of members.',
      resolve: ({ id }, _args, { scope }) => memberCount.load(scope, id),
    }),
    slowModeSeconds: t.exposeInt('slowModeSeconds', {
      description:
        'The minimum time between two messages of a member, 0–21600 s. 0 if slow mode is off.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id of the room in the application. Null if the application gave it none.',
    }),
    metadata: t.field({
      type: 'JSONObject',
      description:
        'The data of the application about the room, for everyone who sees the room; up to 8 KiB. Backends set it with `upsertRooms`.',
      resolve: ({ metadata }) => metadata as Record<string, unknown>,
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time since which the room is read-only. Null while it is active.',
    }),
  }),
});

const RoomConnection = builder.connectionObject(
  { type: Room, name: 'RoomConnection', description: 'A page of rooms.' },
  { description: 'A room with its cursor.' },
);

export const RoomPayload = builder.objectRef<{ room: Conversation }>('RoomPayload').implement({
  description: 'The result of creating, changing, joining or leaving a room.',
  fields: (t) => ({
    room: t.expose('room', { type: Room, description: 'The room after the change.' }),
  }),
});

builder.queryField('room', (t) =>
  t.field({
    type: Room,
    nullable: true,
    description:
      'The room with this `id` or `name`. Null if it does not exist or the viewer may not see it. `INVALID` unless exactly one of the two is given.',
    extensions: viewerDependent,
    args: {
      id: t.arg.id({ description: 'The id of the room.' }),
      name: t.arg.string({
        description: 'The name, in any case. A public room takes precedence over private ones.',
      }),
    },
    resolve: (_root, reference, { scope }) => findRoom(scope, reference),
  }),
);

builder.queryField('rooms', (t) =>
  t.connection(
    {
      type: Room,
      description:
        "All public rooms, and the viewer's private rooms, in the order of their names. A service with the scope `rooms` receives all rooms; it passes only `metadata`.",
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        search: t.arg.string({
          description: 'A part of the name or the topic, in any case; at most 64 characters.',
        }),
        metadata: t.arg({
          type: 'JSONObject',
          description:
            'Only rooms whose metadata contains this, at any depth: `{orderId: "42"}`. At most 8 KiB.',
        }),
        joined: t.arg.boolean({
          description:
            "Whether to return only the viewer's rooms (`true`) or only other rooms (`false`). If omitted, both.",
        }),
      },
      resolve: (_root, args, { scope }) => listRooms(scope, args),
    },
    RoomConnection,
  ),
);

const CreateRoomInput = builder.inputType('CreateRoomInput', {
  description: 'The properties of the new room.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        "The name, 1–64 characters after trimming, on one line. `CONFLICT` if a public room or one of the viewer's private rooms has it.",
    }),
    topic: t.string({ description: 'The subject of the room, up to 1024 characters.' }),
    visibility: t.field({
      type: Visibility,
      description: 'The access for users who are not members. The default is `PUBLIC`.',
    }),
  }),
});

mutation('createRoom', {
  description: 'Creates a room with the viewer as its owner. Not for guests.',
  input: CreateRoomInput,
  payload: RoomPayload,
  resolve: async (input, { scope }) => ({ room: await createRoom(scope, input) }),
});

const UpdateRoomInput = builder.inputType('UpdateRoomInput', {
  description: 'The room, and the properties to change. Omitted fields keep their value.',
  fields: (t) => ({
    roomId: t.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
    name: t.string({
      description:
        'The new name, 1–64 characters after trimming, on one line. `CONFLICT` if it is taken.',
    }),
    topic: t.string({
      description: 'The new subject, up to 1024 characters. Null removes it.',
    }),
    visibility: t.field({
      type: Visibility,
      description:
        'The new visibility. For owners and admins. A room that becomes private loses its guests.',
    }),
    slowModeSeconds: t.int({
      description:
        'The new minimum time between two messages of a member, 0–21600 s. 0 turns slow mode off.',
    }),
    archived: t.boolean({
      description:
        'Whether the room is read-only from now on (`true`) or active again (`false`). For owners and admins.',
    }),
  }),
});

mutation('updateRoom', {
  description: 'Changes a room. For its owners and moderators, and for admins.',
  input: UpdateRoomInput,
  payload: RoomPayload,
  resolve: async ({ roomId, ...changes }, { scope }) => ({
    room: await updateRoom(scope, roomId, changes),
  }),
});
