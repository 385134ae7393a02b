import { builder } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { MemberPayload, MemberRole } from '../conversations/conversations.graphql.ts';
import { Room } from '../rooms/rooms.graphql.ts';
import { deleteRoom } from './delete-room.ts';
import { addMembers, removeMembers, setMemberMetadata, type MembersChange } from './members.ts';
import { itemsMax } from './upserts.ts';

const roomDescription = 'The room: an id, or `external:` and an external id.';
const usersDescription = `The users, 1–${itemsMax}: ids, or \`external:\` and external ids. \`NOT_FOUND\` if one does not exist; then nothing changes.`;

const AddMembersInput = builder.inputType('AddMembersInput', {
  description: 'The room, and the users to add to it.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: roomDescription }),
    userIds: t.idList({ required: true, description: usersDescription }),
    role: t.field({
      type: MemberRole,
      description:
        'The role of these users in the room, also of those who are members already. If omitted, new members are `MEMBER`, and the others keep their role.',
    }),
  }),
});

const RemoveMembersInput = builder.inputType('RemoveMembersInput', {
  description: 'The room, and the users to remove from it.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: roomDescription }),
    userIds: t.idList({ required: true, description: usersDescription }),
  }),
});

const MembersPayload = builder.objectRef<MembersChange>('MembersPayload').implement({
  description: 'The result of adding or removing members.',
  fields: (t) => ({
    room: t.expose('room', { type: Room, description: 'The room after the change.' }),
    changedCount: t.exposeInt('changedCount', {
      description: 'The number of memberships that began, changed or ended.',
    }),
  }),
});

mutation('addMembers', {
  description:
    'Makes users members of a room: all of them, or none, without a notification. `CONFLICT` if one is banned, or is a guest and the room is private. For backends with the scope `rooms`.',
  input: AddMembersInput,
  payload: MembersPayload,
  resolve: (input, { scope }) => addMembers(scope, input),
});

mutation('removeMembers', {
  description:
    'Ends memberships in a room, also that of the last owner. Users who are not members stay as they are. For backends with the scope `rooms`.',
  input: RemoveMembersInput,
  payload: MembersPayload,
  resolve: (input, { scope }) => removeMembers(scope, input),
});

const SetMemberMetadataInput = builder.inputType('SetMemberMetadataInput', {
  description: 'A membership, and its new metadata.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description: 'The conversation, of any kind: an id, or `external:` and that of a room.',
    }),
    userId: t.id({
      required: true,
      description: 'The member: an id, or `external:` and an external id.',
    }),
    metadata: t.field({
      type: 'JSONObject',
      required: true,
      description: 'The data, at most 8 KiB as JSON and 10 levels. It replaces the earlier data.',
    }),
  }),
});

mutation('setMemberMetadata', {
  description:
    'Sets the data of the application about a membership. For backends with the scope `rooms`.',
  input: SetMemberMetadataInput,
  payload: MemberPayload,
  resolve: async (input, { scope }) => ({ member: await setMemberMetadata(scope, input) }),
});

const DeleteRoomInput = builder.inputType('DeleteRoomInput', {
  description: 'The room to delete.',
  fields: (t) => ({ roomId: t.id({ required: true, description: roomDescription }) }),
});

mutation('deleteRoom', {
  description:
    'Deletes a room permanently, with its messages, memberships, reports and notifications. Its name is free again. For backends with the scope `rooms`.',
  input: DeleteRoomInput,
  payload: okPayload('DeleteRoomPayload', 'The result of deleting a room.'),
  resolve: async ({ roomId }, { scope }) => {
    await deleteRoom(scope, roomId);
    return { ok: true };
  },
});
