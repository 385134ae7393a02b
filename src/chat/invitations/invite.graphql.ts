import { builder } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { RoomPayload } from '../rooms/rooms.graphql.ts';
import { inviteToRoom } from './invite.ts';

const InviteToRoomInput = builder.inputType('InviteToRoomInput', {
  description: 'The room, and the users to invite.',
  fields: (t) => ({
    roomId: t.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
    userIds: t.idList({
      required: true,
      description:
        'The ids of 1–100 users. `FORBIDDEN` if one is banned, or is a guest and the room is private.',
    }),
  }),
});

mutation('inviteToRoom', {
  description:
    'Makes users members of a room, or invites them if `invitationsAreAsked`: all of them, or none. For members of public rooms, and for owners and moderators of private ones; not for guests. The users are notified.',
  input: InviteToRoomInput,
  payload: RoomPayload,
  resolve: async ({ roomId, userIds }, { scope }) => ({
    room: await inviteToRoom(scope, roomId, userIds),
  }),
});
