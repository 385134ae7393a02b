import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { conversationById } from '../conversations/conversations.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { Room, RoomPayload } from '../rooms/rooms.graphql.ts';
import {
  acceptInviteLink,
  createInviteLink,
  listInviteLinks,
  previewInviteLink,
  revokeInviteLink,
  type InviteLink as InviteLinkRow,
} from './invite-links.ts';

const InviteLink = builder.objectRef<InviteLinkRow>('InviteLink').implement({
  description:
    'A link by which users join a room, also a private one. The application makes an address from `code`.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'The secret part of the link. Everybody who has it can join.',
    }),
    room: t.field({
      type: Room,
      description: 'The room to which the link leads.',
      resolve: rowOf(conversationById, ({ conversationId }) => conversationId),
    }),
    createdBy: t.field({
      type: User,
      description: 'The user who created the link.',
      resolve: rowOf(users, ({ createdById }) => createdById),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time at which the link was created.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time at which the link expires. Null if it does not.',
    }),
    maxUses: t.exposeInt('maxUses', {
      nullable: true,
      description: 'The number of users who can join by the link. Null if it is not limited.',
    }),
    useCount: t.exposeInt('useCount', {
      description: 'The number of users who joined by the link.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time at which the link was revoked. Null if it was not.',
    }),
  }),
});

const InviteLinkPreview = builder
  .objectRef<NonNullable<Awaited<ReturnType<typeof previewInviteLink>>>>('InviteLinkPreview')
  .implement({
    description: 'The information about a room that an invite link gives before joining.',
    fields: (t) => ({
      roomName: t.string({
        description: 'The name that the room has now.',
        resolve: ({ room }) => room.name!,
      }),
      memberCount: t.exposeInt('memberCount', {
        description: 'The number of members of the room.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The time at which the link expires. Null if it does not.',
        resolve: ({ link }) => link.expiresAt,
      }),
    }),
  });

const InviteLinkConnection = builder.connectionObject(
  { type: InviteLink, name: 'InviteLinkConnection', description: 'A page of invite links.' },
  { description: 'An invite link with its cursor.' },
);

builder.queryFields((t) => ({
  inviteLink: t.field({
    type: InviteLinkPreview,
    nullable: true,
    description:
      'A preview of the room of an invite link. Null if the link does not work. No token is needed.',
    args: { code: t.arg.string({ required: true, description: 'The code of the link.' }) },
    resolve: (_root, { code }, { scope }) => previewInviteLink(scope, code),
  }),
  inviteLinks: t.connection(
    {
      type: InviteLink,
      description:
        'The invite links of a room, with the newest first. Moderators, owners and admins receive all, other members their own.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        roomId: t.arg.id({
          required: true,
          description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
        }),
      },
      resolve: (_root, { roomId, ...page }, { scope }) => listInviteLinks(scope, roomId, page),
    },
    InviteLinkConnection,
  ),
}));

const InviteLinkPayload = builder
  .objectRef<{ inviteLink: InviteLinkRow }>('InviteLinkPayload')
  .implement({
    description: 'The result of creating or revoking an invite link.',
    fields: (t) => ({
      inviteLink: t.expose('inviteLink', {
        type: InviteLink,
        description: 'The link after the change.',
      }),
    }),
  });

const CreateInviteLinkInput = builder.inputType('CreateInviteLinkInput', {
  description: 'The room, and the limits of the link.',
  fields: (t) => ({
    roomId: t.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'The time at which the link expires. If omitted, it does not.',
    }),
    maxUses: t.int({
      description: 'The number of users who can join by the link, 1–1000000. If omitted, any.',
    }),
  }),
});

mutation('createInviteLink', {
  description:
    'Creates an invite link. For members of public rooms, and for owners and moderators of private ones; not for guests. `CONFLICT` if 100 links of the room work.',
  input: CreateInviteLinkInput,
  payload: InviteLinkPayload,
  resolve: async (input, { scope }) => ({ inviteLink: await createInviteLink(scope, input) }),
});

const InviteLinkInput = builder.inputType('InviteLinkInput', {
  description: 'The code of a link that lets users into a room.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description: 'The code of the link. `NOT_FOUND` if there is no such link.',
    }),
  }),
});

mutation('revokeInviteLink', {
  description:
    "Ends an invite link. For its creator while they are a member, the room's moderators and owners, and admins. A revoked link stays as it is.",
  input: InviteLinkInput,
  payload: InviteLinkPayload,
  resolve: async ({ code }, { scope }) => ({ inviteLink: await revokeInviteLink(scope, code) }),
});

mutation('acceptInviteLink', {
  description:
    'Makes the viewer a member of the room of an invite link, and counts one use. Succeeds for members, without a use. `FORBIDDEN` for banned users, for guests in private rooms, and if the room is archived. `NOT_FOUND` if the link does not work.',
  input: InviteLinkInput,
  payload: RoomPayload,
  resolve: async ({ code }, { scope }) => ({ room: await acceptInviteLink(scope, code) }),
});
