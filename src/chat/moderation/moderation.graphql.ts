import { builder, type ApiTypes } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { MemberPayload, MemberRole } from '../conversations/conversations.graphql.ts';
import { banMember, unbanMember } from './bans.ts';
import { ModerationEntry } from './moderation-log.graphql.ts';
import type { ModerationEntry as EntryRow } from './moderation-log.ts';
import { muteMember } from './mutes.ts';
import { kickMember } from './removals.ts';
import { setMemberRole } from './roles.ts';

type InputFields = PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>;

const memberFields = (t: InputFields) => ({
  roomId: t.id({
    required: true,
    description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
  }),
  userId: t.id({
    required: true,
    description: 'The id of the member. `NOT_FOUND` if the user is not a member.',
  }),
});

const reasonField = (t: InputFields) => ({
  reason: t.string({
    description: 'The reason for the moderation log, at most 500 characters.',
  }),
});

const ModerationPayload = builder.objectRef<{ entry: EntryRow }>('ModerationPayload').implement({
  description: 'The result of a moderation action.',
  fields: (t) => ({
    entry: t.expose('entry', {
      type: ModerationEntry,
      description: 'The new entry of the moderation log.',
    }),
  }),
});

const SetMemberRoleInput = builder.inputType('SetMemberRoleInput', {
  description: 'The member, and the new role.',
  fields: (t) => ({
    ...memberFields(t),
    role: t.field({
      type: MemberRole,
      required: true,
      description: 'The new role. `FORBIDDEN` for guests, except for `MEMBER`.',
    }),
  }),
});

mutation('setMemberRole', {
  description:
    'Changes the role of a member. For owners and admins; only admins can change the role of another owner. `CONFLICT` for the last owner: make another member an owner first.',
  input: SetMemberRoleInput,
  payload: MemberPayload,
  resolve: async (input, { scope }) => ({ member: await setMemberRole(scope, input) }),
});

const KickMemberInput = builder.inputType('KickMemberInput', {
  description: 'The member to remove, and the reason.',
  fields: (t) => ({ ...memberFields(t), ...reasonField(t) }),
});

mutation('kickMember', {
  description:
    'Removes a member from a room; they can join again. For moderators, owners and admins, if the member has a lower role.',
  input: KickMemberInput,
  payload: ModerationPayload,
  resolve: async (input, { scope }) => ({ entry: await kickMember(scope, input) }),
});

const BanMemberInput = builder.inputType('BanMemberInput', {
  description: 'The user to ban, the reason, and the end of the ban.',
  fields: (t) => ({
    roomId: t.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
    userId: t.id({
      required: true,
      description: 'The id of the user, who need not be a member.',
    }),
    reason: t.string({
      description:
        'The reason, at most 500 characters. The banned user and the moderation log show it.',
    }),
    until: t.field({
      type: 'DateTime',
      description: 'The end of the ban, in the future. If null or omitted, the ban is permanent.',
    }),
  }),
});

mutation('banMember', {
  description:
    'Removes a user from a room and prevents joining and invitations until the ban ends or is lifted. For moderators, owners and admins, if the user has a lower role.',
  input: BanMemberInput,
  payload: ModerationPayload,
  resolve: async (input, { scope }) => ({ entry: await banMember(scope, input) }),
});

const UnbanMemberInput = builder.inputType('UnbanMemberInput', {
  description: 'The room, and the user whose ban to lift.',
  fields: (t) => ({
    roomId: t.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
    userId: t.id({ required: true, description: 'The id of the banned user.' }),
  }),
});

mutation('unbanMember', {
  description:
    'Lifts a ban from a room. `CONFLICT` if the user is not banned. For moderators, owners and admins.',
  input: UnbanMemberInput,
  payload: ModerationPayload,
  resolve: async (input, { scope }) => ({ entry: await unbanMember(scope, input) }),
});

const MuteMemberInput = builder.inputType('MuteMemberInput', {
  description: 'The member to mute or unmute, the reason, and the end of the mute.',
  fields: (t) => ({
    ...memberFields(t),
    ...reasonField(t),
    until: t.field({
      type: 'DateTime',
      description:
        'The end of the mute, in the future. If null or omitted, the mute is lifted; `CONFLICT` if there is none.',
    }),
  }),
});

mutation('muteMember', {
  description:
    'Prevents a member from writing until the mute ends, even after leaving and rejoining; or lifts the mute. For moderators, owners and admins, if the member has a lower role.',
  input: MuteMemberInput,
  payload: ModerationPayload,
  resolve: async (input, { scope }) => ({ entry: await muteMember(scope, input) }),
});
