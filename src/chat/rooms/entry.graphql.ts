import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { joinOrCreateRoom, joinRoom, leaveRoom } from './entry.ts';
import { RoomPayload } from './rooms.graphql.ts';

const JoinRoomInput = builder.inputType('JoinRoomInput', {
  description: 'The room to join: exactly one of `roomId` and `name`.',
  fields: (t) => ({
    roomId: t.id({ description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.' }),
    name: t.string({
      description:
        'The name of the room, in any case. `NOT_FOUND` if there is no such room, unless `createIfMissing` is true.',
    }),
    createIfMissing: t.boolean({
      description:
        'Whether to create a public room of this `name`, with the viewer as its owner, if there is none. `INVALID` without a `name`, `FORBIDDEN` for guests.',
    }),
  }),
});

mutation('joinRoom', {
  description:
    'Makes the viewer a member of a public room. Succeeds for members. `FORBIDDEN` for banned users and archived rooms.',
  input: JoinRoomInput,
  payload: RoomPayload,
  resolve: async ({ roomId, name, createIfMissing }, { scope }) => ({
    room: await (createIfMissing
      ? joinOrCreateRoom(scope, { id: roomId, name })
      : joinRoom(scope, { id: roomId, name })),
  }),
});

const LeaveRoomInput = builder.inputType('LeaveRoomInput', {
  description: 'The room to leave.',
  fields: (t) => ({
    roomId: t.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
  }),
});

mutation('leaveRoom', {
  description:
    "Ends the viewer's membership of a room. `CONFLICT` if the viewer is not a member, or is the last owner while others stay.",
  input: LeaveRoomInput,
  payload: RoomPayload,
  resolve: async ({ roomId }, { scope }) => ({ room: await leaveRoom(scope, roomId) }),
});
