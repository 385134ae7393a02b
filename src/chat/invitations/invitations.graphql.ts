import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { conversationById } from '../conversations/conversations.ts';
import type { Invitation as InvitationRow } from '../conversations/invitation-rows.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { Room, RoomPayload } from '../rooms/rooms.graphql.ts';
import { acceptInvitation, declineInvitation, listInvitations } from './invitations.ts';

const Invitation = builder.objectRef<InvitationRow>('Invitation').implement({
  description: 'An invitation to a room that the viewer has not answered.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    room: t.field({
      type: Room,
      description: 'The room. Its members and messages are open to the viewer after accepting.',
      resolve: rowOf(conversationById, ({ conversationId }) => conversationId),
    }),
    invitedBy: t.field({
      type: User,
      description: 'The user who invited the viewer.',
      resolve: rowOf(users, ({ invitedById }) => invitedById),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time of the invitation.',
    }),
  }),
});

const InvitationConnection = builder.connectionObject(
  { type: Invitation, name: 'InvitationConnection', description: 'A page of invitations.' },
  { description: 'An invitation with its cursor.' },
);

builder.queryField('invitations', (t) =>
  t.connection(
    {
      type: Invitation,
      description: "The viewer's open invitations, with the newest first.",
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listInvitations(scope, page),
    },
    InvitationConnection,
  ),
);

const InvitationInput = builder.inputType('InvitationInput', {
  description: 'The invitation to answer.',
  fields: (t) => ({
    invitationId: t.id({
      required: true,
      description:
        'The id of an open invitation of the viewer. `NOT_FOUND` for any other, and if the inviter may no longer invite.',
    }),
  }),
});

mutation('acceptInvitation', {
  description:
    'Makes the viewer a member of the room of an invitation. `FORBIDDEN` if the viewer is banned or the room is archived.',
  input: InvitationInput,
  payload: RoomPayload,
  resolve: async ({ invitationId }, { scope }) => ({
    room: await acceptInvitation(scope, invitationId),
  }),
});

mutation('declineInvitation', {
  description: 'Deletes an invitation. The inviter is not informed.',
  input: InvitationInput,
  payload: okPayload('InvitationPayload', 'The result of declining an invitation.'),
  resolve: async ({ invitationId }, { scope }) => {
    await declineInvitation(scope, invitationId);
    return { ok: true };
  },
});
