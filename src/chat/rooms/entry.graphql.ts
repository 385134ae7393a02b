import { builder } from '../../graphql/builder.ts';
import { inviteToRoom, joinRoom, leaveRoom } from './entry.ts';
import { RoomPayload } from './rooms.graphql.ts';

const JoinRoomInput = builder.inputType('JoinRoomInput', {
  description: 'Exactly one of the two. A name that does not exist is NOT_FOUND, it makes no room.',
  fields: (t) => ({
    roomId: t.id({ description: 'The id of the room.' }),
    name: t.string({ description: 'The name of the room; upper and lower case are the same.' }),
  }),
});

const LeaveRoomInput = builder.inputType('LeaveRoomInput', {
  description: 'The room to leave.',
  fields: (t) => ({ roomId: t.id({ required: true, description: 'The id of the room.' }) }),
});

const InviteToRoomInput = builder.inputType('InviteToRoomInput', {
  description: 'Whom to make a member of what.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The id of the room.' }),
    userIds: t.idList({
      required: true,
      description: '1 to 100 users. No guests, where the room is private.',
    }),
  }),
});

builder.mutationField('joinRoom', (t) =>
  t.field({
    type: RoomPayload,
    description: 'Makes the viewer a member of a public room. Who is one already stays one.',
    args: {
      input: t.arg({ type: JoinRoomInput, required: true, description: 'The room to join.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      room: await joinRoom(scope, { id: input.roomId, name: input.name }),
    }),
  }),
);

builder.mutationField('leaveRoom', (t) =>
  t.field({
    type: RoomPayload,
    description:
      "Ends the viewer's membership. CONFLICT for who is not a member of a public room, and for the last owner while others stay.",
    args: {
      input: t.arg({ type: LeaveRoomInput, required: true, description: 'The room to leave.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      room: await leaveRoom(scope, input.roomId),
    }),
  }),
);

builder.mutationField('inviteToRoom', (t) =>
  t.field({
    type: RoomPayload,
    description:
      'Makes users members at once, all of them or none. For the members of a public room, and the owners and moderators of a private one; not for guests.',
    args: {
      input: t.arg({ type: InviteToRoomInput, required: true, description: 'Whom to invite.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      room: await inviteToRoom(scope, input.roomId, input.userIds),
    }),
  }),
);
