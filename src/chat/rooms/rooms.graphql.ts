import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import { memberCount, type Conversation } from '../conversations/conversations.ts';
import { createRoom, findRoom, listRooms } from './rooms.ts';
import { updateRoom } from './update-room.ts';

const Visibility = builder.enumType('Visibility', {
  description: 'Who sees a room.',
  values: {
    PUBLIC: { description: 'Everybody who is signed in may look at it and join.' },
    PRIVATE: { description: 'Its members only. For everybody else it does not exist.' },
  } as const,
});

export const Room = builder.objectRef<Conversation>('Room').implement({
  description: 'A conversation with a name, for many.',
  interfaces: [ConversationInterface, NodeInterface],
  fields: (t) => ({
    name: t.string({
      description:
        '1-64 characters. Unique among public rooms, upper and lower case being the same.',
      resolve: ({ name }) => name!,
    }),
    topic: t.exposeString('topic', {
      nullable: true,
      description: 'What it is about, up to 1024 characters.',
    }),
    visibility: t.field({
      type: Visibility,
      description: 'Who sees it.',
      resolve: ({ visibility }) => visibility!,
    }),
    memberCount: t.int({
      description: 'How many members it has.',
      resolve: ({ id }, _args, { scope }) => memberCount.load(scope, id),
    }),
    slowModeSeconds: t.exposeInt('slowModeSeconds', {
      description: 'How long a member waits between two messages; 0 = off, up to 21600.',
    }),
    archivedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it can only be read; null while it is in use.',
      resolve: ({ archivedAt }) => archivedAt && new Date(archivedAt),
    }),
  }),
});

const RoomConnection = builder.connectionObject(
  { type: Room, name: 'RoomConnection', description: 'A page of rooms.' },
  { description: 'A room and its place in the list.' },
);

export const RoomPayload = builder.objectRef<{ room: Conversation }>('RoomPayload').implement({
  description: 'A room, as it is now.',
  fields: (t) => ({
    room: t.field({
      type: Room,
      description: 'The room, as it is now.',
      resolve: ({ room }) => room,
    }),
  }),
});

builder.queryField('room', (t) =>
  t.field({
    type: Room,
    nullable: true,
    description:
      'One room, by `id` or by `name`; null when there is none that the viewer may see. A name means the public room before a private one.',
    extensions: viewerDependent,
    args: {
      id: t.arg.id({ description: 'The id of the room.' }),
      name: t.arg.string({ description: 'Upper and lower case are the same.' }),
    },
    resolve: (_root, reference, { scope }) => findRoom(scope, reference),
  }),
);

builder.queryField('rooms', (t) =>
  t.connection(
    {
      type: Room,
      description:
        'The public rooms and the private ones of the viewer, in the order of their names.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        search: t.arg.string({
          description:
            'A part of the name or of the topic, in upper or lower case. At most 64 characters.',
        }),
        joined: t.arg.boolean({
          description: 'true: only rooms the viewer is a member of; false: only the others.',
        }),
      },
      resolve: (_root, args, { scope }) => listRooms(scope, args),
    },
    RoomConnection,
  ),
);

const CreateRoomInput = builder.inputType('CreateRoomInput', {
  description: 'A new room.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        '1-64 characters after trimming, on one line. CONFLICT when another public room, or another private one of yours, has it.',
    }),
    topic: t.string({ description: 'What it is about, up to 1024 characters.' }),
    visibility: t.field({ type: Visibility, description: 'Who sees it. PUBLIC when left out.' }),
  }),
});

const UpdateRoomInput = builder.inputType('UpdateRoomInput', {
  description: 'What is left out stays as it is. Only `topic` may be null.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The room to change.' }),
    name: t.string({
      description: '1-64 characters after trimming, on one line. CONFLICT when it is taken.',
    }),
    topic: t.string({ description: 'Up to 1024 characters; null removes it.' }),
    visibility: t.field({
      type: Visibility,
      description: 'Who sees it. For owners. Guests leave a room that becomes private.',
    }),
    slowModeSeconds: t.int({
      description: 'How long a member waits between two messages: 0 (off) to 21600.',
    }),
    archived: t.boolean({
      description: 'true: from now on it can only be read; false: it is in use again. For owners.',
    }),
  }),
});

builder.mutationField('createRoom', (t) =>
  t.field({
    type: RoomPayload,
    description: 'Makes a room, with the viewer as its owner. Not for guests.',
    args: { input: t.arg({ type: CreateRoomInput, required: true, description: 'The new room.' }) },
    resolve: async (_root, { input }, { scope }) => ({ room: await createRoom(scope, input) }),
  }),
);

builder.mutationField('updateRoom', (t) =>
  t.field({
    type: RoomPayload,
    description: 'Changes a room. For its owners and moderators, and for admins.',
    args: {
      input: t.arg({ type: UpdateRoomInput, required: true, description: 'What to change.' }),
    },
    resolve: async (_root, { input: { roomId, ...changes } }, { scope }) => ({
      room: await updateRoom(scope, roomId, changes),
    }),
  }),
);
