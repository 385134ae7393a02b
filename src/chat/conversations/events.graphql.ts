import type { EventType } from '../../events/catalogue.ts';
import type { Event } from '../../events/event.ts';
import { builder } from '../../graphql/builder.ts';
import type { Context } from '../../graphql/context.ts';
import type { FollowerNote, Heard } from '../../live/live-field.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { ConversationInterface, Member } from './conversations.graphql.ts';
import { conversationById, memberOf, type Member as MemberRow } from './conversations.ts';

export type EventOf<Type extends EventType> = Extract<Event, { type: Type }>;
type NoteOf<Type extends FollowerNote['type']> = Extract<Heard, { type: Type }>;

const LeaveReason = builder.enumType('LeaveReason', {
  description: 'Why somebody is no longer a member.',
  values: {
    LEFT: { description: 'They left.' },
    KICKED: { description: 'They were removed, and may come back.' },
    BANNED: { description: 'They were removed, and may not come back.' },
  } as const,
});

const ResetReason = builder.enumType('ResetReason', {
  description: 'Why the log cannot bridge.',
  values: {
    LOG_TRIMMED: { description: 'What followed the cursor is no longer kept.' },
    TOO_FAR_BEHIND: { description: 'More happened than is replayed.' },
    UNKNOWN_CURSOR: {
      description:
        'The cursor belongs to another topic, another database, or a history that the database no longer has.',
    },
  } as const,
});

/** For the field of an event that shows its conversation. */
export const conversationOf = async (
  { data }: { data: { conversationId: string } },
  _args: unknown,
  { scope }: Context,
) => (await conversationById.load(scope, data.conversationId))!;
const userOf = async ({ data }: { data: { userId: string } }, _args: unknown, { scope }: Context) =>
  (await users.load(scope, data.userId))!;

const eventInterface = (name: string, description: string) =>
  builder.interfaceRef<Heard>(name).implement({
    description,
    resolveType: ({ type }) => type,
    fields: (t) => ({
      cursor: t.field({
        type: 'Cursor',
        description:
          'The place of this event. Pass the last one seen as `after` to go on from there.',
        resolve: (heard, _args, { scope }) => scope.node.cursors.encode(heard),
      }),
      occurredAt: t.field({
        type: 'DateTime',
        description: 'When it happened.',
        resolve: ({ occurredAt }) => new Date(occurredAt),
      }),
    }),
  });

export const ConversationEvent = eventInterface(
  'ConversationEvent',
  'What happened in a conversation, at its place in the order.',
);
export const NotificationEvent = eventInterface(
  'NotificationEvent',
  'What concerns the viewer alone, at its place in the order: their notifications, and what they have read in rooms.',
);

builder.objectRef<EventOf<'MessagesRead'>>('MessagesRead').implement({
  description:
    'Somebody has read a conversation up to a message: one of the two of a direct conversation, or the viewer on another device. Who sends has read everything before, and that is not told apart.',
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where.',
      resolve: conversationOf,
    }),
    user: t.field({ type: User, description: 'Who.', resolve: userOf }),
    upToSeq: t.int({
      description: 'The `seq` of the newest message that they have read.',
      resolve: ({ data }) => data.upToSeq,
    }),
  }),
});

builder.objectRef<EventOf<'MemberJoined'>>('MemberJoined').implement({
  description: 'Somebody became a member.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where.',
      resolve: conversationOf,
    }),
    user: t.field({ type: User, description: 'Who.', resolve: userOf }),
  }),
});

builder.objectRef<EventOf<'MemberLeft'>>('MemberLeft').implement({
  description: 'Somebody is no longer a member. It is the last thing that they hear themselves.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where.',
      resolve: conversationOf,
    }),
    user: t.field({ type: User, description: 'Who.', resolve: userOf }),
    reason: t.field({ type: LeaveReason, description: 'Why.', resolve: ({ data }) => data.reason }),
  }),
});

builder.objectRef<EventOf<'MemberUpdated'>>('MemberUpdated').implement({
  description:
    'A member has another role, is muted, or may write again before a mute came to its end.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where.',
      resolve: async ({ data }, _args, { scope }) =>
        (await conversationById.load(scope, data.conversationId))!,
    }),
    member: t.field({
      type: Member,
      description: 'The member, as they are now; of who has left since, nothing but who it was.',
      resolve: async (event, _args, { scope }) =>
        (await memberOf(scope, event.data.conversationId, event.data.userId)) ??
        formerMember(event),
    }),
  }),
});

const formerMember = ({ data, occurredAt }: EventOf<'MemberUpdated'>): MemberRow => ({
  ...data,
  role: 'MEMBER',
  joinedAt: new Date(occurredAt),
  lastReadSeq: 0,
  mutedUntil: null,
  lastSentAt: null,
  notifiedSeq: 0,
});

builder.objectRef<NoteOf<'CaughtUp'>>('CaughtUp').implement({
  description:
    'Everything stored has been replayed; what follows is live. Sent once, first after the replay (at once when there is nothing to replay): from here on nothing can be missed.',
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    replayed: t.int({
      description: 'How many events were replayed.',
      resolve: ({ data }) => data.replayed,
    }),
  }),
});

builder.objectRef<NoteOf<'StreamReset'>>('StreamReset').implement({
  description:
    'The log cannot bridge from `after` to now. Nothing is replayed: reload the history, go on from `cursor`.',
  interfaces: [ConversationEvent, NotificationEvent],
  fields: (t) => ({
    reason: t.field({
      type: ResetReason,
      description: 'Why the log cannot bridge.',
      resolve: ({ data }) => data.reason,
    }),
  }),
});
