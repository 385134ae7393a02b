import type { EventType } from '../../events/catalogue.ts';
import type { Event } from '../../events/event.ts';
import { builder } from '../../graphql/builder.ts';
import { rowOf } from '../../graphql/rows.ts';
import type { FollowerNote, LiveEvent } from '../../live/live-field.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { ConversationInterface, Member } from './conversations.graphql.ts';
import { conversationById, memberOf, type Member as MemberRow } from './conversations.ts';

export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;
type NoteOf<Type extends FollowerNote['type']> = Extract<LiveEvent, { type: Type }>;

/** Resolves a field of an event to the conversation in which it happened. */
export const conversationOf = rowOf(
  conversationById,
  ({ data }: { data: { conversationId: string } }) => data.conversationId,
);

/** Resolves a field of an event to the user concerned. */
export const userOf = rowOf(users, ({ data }: { data: { userId: string } }) => data.userId);

const eventInterface = (name: string, description: string) =>
  builder.interfaceRef<LiveEvent>(name).implement({
    description,
    resolveType: ({ type }) => (type === 'push.wanted' ? 'PushWanted' : type),
    fields: (t) => ({
      cursor: t.field({
        type: 'Cursor',
        description:
          'The position of the event. Pass the cursor of the last event as `after` to resume from there.',
        resolve: (event, _args, { scope }) => scope.node.cursors.encode(event),
      }),
      occurredAt: t.field({
        type: 'DateTime',
        description: 'The time of the event.',
        resolve: ({ occurredAt }) => new Date(occurredAt),
      }),
    }),
  });

export const ConversationEvent = eventInterface(
  'ConversationEvent',
  'An event in a conversation, or in `appEvents`. All subscribers receive events in the same order.',
);
export const NotificationEvent = eventInterface(
  'NotificationEvent',
  "An event that concerns the viewer alone: about notifications, the viewer's profile, or the viewer's read markers in rooms.",
);

builder.objectRef<EventOf<'MessagesRead'>>('MessagesRead').implement({
  description:
    "A user has read a conversation up to a message. In rooms, only the user's own devices receive it. Sending a message also counts as reading, without this event.",
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation that was read.',
      resolve: conversationOf,
    }),
    user: t.field({ type: User, description: 'The user who has read it.', resolve: userOf }),
    upToSeq: t.int({
      description: 'The `seq` of the newest message that the user has read.',
      resolve: ({ data }) => data.upToSeq,
    }),
  }),
});

builder.objectRef<EventOf<'MemberJoined'>>('MemberJoined').implement({
  description: 'A user became a member.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation with the new member.',
      resolve: conversationOf,
    }),
    user: t.field({ type: User, description: 'The new member.', resolve: userOf }),
  }),
});

const LeaveReason = builder.enumType('LeaveReason', {
  description: 'The way in which a membership ended.',
  values: {
    LEFT: { description: 'The user left, or the account was deleted.' },
    KICKED: { description: 'The user was removed and can join again.' },
    BANNED: { description: 'The user was banned and cannot join again until the ban ends.' },
  } as const,
});

builder.objectRef<EventOf<'MemberLeft'>>('MemberLeft').implement({
  description:
    'A membership ended. For the user concerned it is the last event of the conversation.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation of the former member.',
      resolve: conversationOf,
    }),
    user: t.field({ type: User, description: 'The former member.', resolve: userOf }),
    leaveReason: t.field({
      type: LeaveReason,
      description: 'The way in which the membership ended.',
      resolve: ({ data }) => data.reason,
    }),
    reason: t.field({
      type: LeaveReason,
      description: 'The former name of `leaveReason`.',
      deprecationReason:
        'Use `leaveReason`. `StreamReset.reason` has another type, so one selection cannot have both.',
      resolve: ({ data }) => data.reason,
    }),
  }),
});

builder.objectRef<EventOf<'MemberUpdated'>>('MemberUpdated').implement({
  description:
    'The role or the metadata of a member changed, or the member was muted or unmuted. The scheduled end of a mute causes no event.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation of the member.',
      resolve: conversationOf,
    }),
    member: t.field({
      type: Member,
      description:
        'The member, as of now. If the user has left since, only `user` has a meaningful value.',
      resolve: async (event, _args, { scope }) =>
        (await memberOf(scope, event.data.conversationId, event.data.userId)) ??
        formerMember(event),
    }),
  }),
});

builder.objectRef<EventOf<'UserUpdated'>>('UserUpdated').implement({
  description:
    "The names, the picture or the metadata of a user changed, or whether the user is a bot. The user's own devices receive it in `notifications`, and backends in `appEvents`.",
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user with the current profile.',
      resolve: userOf,
    }),
  }),
});

builder.objectRef<EventOf<'BlockChanged'>>('BlockChanged').implement({
  description: 'The viewer blocked or unblocked a user.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    user: t.field({
      type: User,
      description: 'The user who was blocked or unblocked.',
      resolve: rowOf(users, ({ data }) => data.blockedId),
    }),
    isBlocked: t.boolean({
      description: 'Whether the user was blocked. If `false`, they were unblocked.',
      resolve: ({ data }) => data.isBlocked,
    }),
  }),
});

export const formerMember = ({
  data,
  occurredAt,
}: EventOf<'MemberUpdated' | 'NotificationLevelChanged'>): MemberRow => ({
  ...data,
  role: 'MEMBER',
  joinedAt: new Date(occurredAt),
  lastReadSeq: 0,
  mutedUntil: null,
  lastSentAt: null,
  notifiedSeq: 0,
  notificationLevel: null,
  notificationLevelUntil: null,
  metadata: {},
});

builder.objectRef<NoteOf<'CaughtUp'>>('CaughtUp').implement({
  description:
    'The end of the replay: all stored events have been sent, and live events follow. Each subscription receives it exactly once, even if there is nothing to replay.',
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    replayed: t.int({
      description: 'The number of events that were replayed.',
      resolve: ({ data }) => data.replayed,
    }),
  }),
});

const ResetReason = builder.enumType('ResetReason', {
  description: 'The cause of a `StreamReset`.',
  values: {
    LOG_TRIMMED: { description: 'The events after the cursor are no longer stored.' },
    TOO_FAR_BEHIND: { description: 'More events followed the cursor than are replayed.' },
    UNKNOWN_CURSOR: {
      description:
        'The cursor is malformed, or belongs to another topic, another database, or a history that the database no longer has.',
    },
  } as const,
});

builder.objectRef<NoteOf<'StreamReset'>>('StreamReset').implement({
  description:
    'The stream cannot resume from the last cursor, and the missing events are not replayed. Reload the history, then resume from `cursor`.',
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    resetReason: t.field({
      type: ResetReason,
      description: 'The cause of the reset.',
      resolve: ({ data }) => data.reason,
    }),
    reason: t.field({
      type: ResetReason,
      description: 'The former name of `resetReason`.',
      deprecationReason:
        'Use `resetReason`. `MemberLeft.reason` has another type, so one selection cannot have both.',
      resolve: ({ data }) => data.reason,
    }),
  }),
});
