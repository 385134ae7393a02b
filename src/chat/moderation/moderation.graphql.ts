import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { Member, MemberRole } from '../conversations/conversations.graphql.ts';
import type { Member as MemberRow } from '../conversations/conversations.ts';
import { messageById } from '../messages/message-row.ts';
import { Message } from '../messages/messages.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { banMember, unbanMember } from './bans.ts';
import { listEntries, type ModerationEntry as EntryRow } from './moderation-log.ts';
import { muteMember } from './mutes.ts';
import { kickMember } from './removals.ts';
import { setMemberRole } from './roles.ts';

const ModerationEntry = builder.objectRef<EntryRow>('ModerationEntry').implement({
  description: 'Something that a moderator did.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    action: t.exposeString('action', {
      description:
        'What: `kick`, `ban`, `unban`, `mute`, `unmute`, `set_role`, `delete_message` or `resolve_report`; more may follow.',
    }),
    moderator: t.field({
      type: User,
      description: 'Who did it.',
      resolve: async ({ moderatorId }, _args, { scope }) => (await users.load(scope, moderatorId))!,
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'To whom.',
      resolve: ({ userId }, _args, { scope }) =>
        userId === null ? null : users.load(scope, userId),
    }),
    message: t.field({
      type: Message,
      nullable: true,
      description: 'Because of which message.',
      resolve: ({ messageId }, _args, { scope }) =>
        messageId === null ? null : messageById.load(scope, messageId),
    }),
    role: t.expose('role', {
      type: MemberRole,
      nullable: true,
      description: 'The role that was given.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, in the words of the moderator.',
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'Its end; null where it has none, or none of its own.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

const ModerationEntryConnection = builder.connectionObject(
  {
    type: ModerationEntry,
    name: 'ModerationEntryConnection',
    description: 'A page of what moderators did.',
  },
  { description: 'Something that was done, and its place in the list.' },
);

builder.queryField('moderationLog', (t) =>
  t.connection(
    {
      type: ModerationEntry,
      description:
        'Who did what to whom in a room, and why, newest first. For its moderators and owners, and admins.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: { roomId: t.arg.id({ required: true, description: 'The id of the room.' }) },
      resolve: (_root, { roomId, ...page }, { scope }) => listEntries(scope, roomId, page),
    },
    ModerationEntryConnection,
  ),
);

const SetMemberRoleInput = builder.inputType('SetMemberRoleInput', {
  description: 'Who gets which role.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The room.' }),
    userId: t.id({ required: true, description: 'A member of it.' }),
    role: t.field({ type: MemberRole, required: true, description: 'The role from now on.' }),
  }),
});

const KickMemberInput = builder.inputType('KickMemberInput', {
  description: 'Whom to show out.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The room.' }),
    userId: t.id({ required: true, description: 'A member of it.' }),
    reason: t.string({ description: 'Why, for the moderation log; up to 500 characters.' }),
  }),
});

const BanMemberInput = builder.inputType('BanMemberInput', {
  description: 'Whom to keep out.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The room.' }),
    userId: t.id({ required: true, description: 'Who, whether they are a member or not.' }),
    reason: t.string({
      description: 'Why, for the moderation log, and for who is banned; up to 500 characters.',
    }),
    until: t.field({ type: 'DateTime', description: 'Its end; null or left out: for ever.' }),
  }),
});

const UnbanMemberInput = builder.inputType('UnbanMemberInput', {
  description: 'Whom to let in again.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The room.' }),
    userId: t.id({ required: true, description: 'Who is banned from it.' }),
  }),
});

const MuteMemberInput = builder.inputType('MuteMemberInput', {
  description: '`until: null` lifts it.',
  fields: (t) => ({
    roomId: t.id({ required: true, description: 'The room.' }),
    userId: t.id({ required: true, description: 'A member of it.' }),
    reason: t.string({ description: 'Why, for the moderation log; up to 500 characters.' }),
    until: t.field({ type: 'DateTime', description: 'Its end; null or left out: it is lifted.' }),
  }),
});

const MemberPayload = builder.objectRef<{ member: MemberRow }>('MemberPayload').implement({
  description: 'A member, as changed.',
  fields: (t) => ({
    member: t.field({
      type: Member,
      description: 'The member, as changed.',
      resolve: ({ member }) => member,
    }),
  }),
});

const ModerationPayload = builder.objectRef<{ entry: EntryRow }>('ModerationPayload').implement({
  description: 'What was done.',
  fields: (t) => ({
    entry: t.field({
      type: ModerationEntry,
      description: 'What was done, as the log has it.',
      resolve: ({ entry }) => entry,
    }),
  }),
});

builder.mutationFields((t) => ({
  setMemberRole: t.field({
    type: MemberPayload,
    description:
      'Gives a member a role. For owners, and admins; another owner is demoted by admins only. CONFLICT where the last owner would be gone: make another one first.',
    args: {
      input: t.arg({
        type: SetMemberRoleInput,
        required: true,
        description: 'Who gets which role.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({ member: await setMemberRole(scope, input) }),
  }),
  kickMember: t.field({
    type: ModerationPayload,
    description:
      'Ends a membership; they may come back. For moderators, owners and admins, to those with a lower role.',
    args: {
      input: t.arg({ type: KickMemberInput, required: true, description: 'Whom to show out.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({ entry: await kickMember(scope, input) }),
  }),
  banMember: t.field({
    type: ModerationPayload,
    description:
      'Ends a membership, and refuses joining and being invited until it ends or is lifted. For moderators, owners and admins, to those with a lower role.',
    args: {
      input: t.arg({ type: BanMemberInput, required: true, description: 'Whom to keep out.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({ entry: await banMember(scope, input) }),
  }),
  unbanMember: t.field({
    type: ModerationPayload,
    description: 'Lifts a ban. CONFLICT where none holds. For moderators, owners and admins.',
    args: {
      input: t.arg({
        type: UnbanMemberInput,
        required: true,
        description: 'Whom to let in again.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({ entry: await unbanMember(scope, input) }),
  }),
  muteMember: t.field({
    type: ModerationPayload,
    description:
      'Lets a member read but not write until it ends, also when they leave and come back. For moderators, owners and admins, to those with a lower role.',
    args: {
      input: t.arg({
        type: MuteMemberInput,
        required: true,
        description: 'Whom to mute, and until when.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({ entry: await muteMember(scope, input) }),
  }),
}));
