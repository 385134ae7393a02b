import { builder, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { Member, MemberPayload } from './conversations.graphql.ts';
import { memberOf, type Member as MemberRow } from './conversations.ts';
import { formerMember, NotificationEvent, type EventOf } from './events.graphql.ts';
import { setNotificationLevel, shownLevel } from './notification-level.ts';

const NotificationLevel = builder.enumType('NotificationLevel', {
  description: 'The messages of a conversation that notify a member.',
  values: {
    ALL: { description: 'Every message notifies the member.' },
    MENTIONS: {
      description: 'Messages that mention the member or reply to them notify the member.',
    },
    NOTHING: { description: 'No message notifies the member.' },
  } as const,
});

builder.objectFields(Member, (t) => ({
  notificationLevel: t.field({
    type: NotificationLevel,
    description:
      'The messages that notify the viewer. For other members, the default: `MENTIONS` in rooms, `ALL` elsewhere, `NOTHING` for the support desk.',
    extensions: viewerDependent,
    resolve: async (member, _args, { scope }) => (await shownLevel(scope, member)).level,
  }),
  notificationLevelUntil: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'The time at which the default applies again. Null if the viewer set no end.',
    extensions: viewerDependent,
    resolve: async (member, _args, { scope }) => (await shownLevel(scope, member)).until,
  }),
}));

builder.objectRef<EventOf<'NotificationLevelChanged'>>('NotificationLevelChanged').implement({
  description:
    'The viewer changed the notification level of a conversation. Its scheduled end causes no event.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    member: t.field({
      type: Member,
      description: "The viewer's membership, as of now.",
      resolve: async (event, _args, { scope }): Promise<MemberRow> =>
        (await memberOf(scope, event.data.conversationId, event.data.userId)) ??
        formerMember(event),
    }),
  }),
});

const SetNotificationLevelInput = builder.inputType('SetNotificationLevelInput', {
  description: 'A conversation, and the messages that notify the viewer from now on.',
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description:
        'The id of a conversation of which the viewer is a member. `FORBIDDEN` or `NOT_FOUND` for others.',
    }),
    level: t.field({
      type: NotificationLevel,
      required: true,
      description: 'The new level. `CONFLICT` for `ALL` if 200 members of the room have chosen it.',
    }),
    until: t.field({
      type: 'DateTime',
      description: 'The time at which the default applies again. If omitted, never.',
    }),
  }),
});

mutation('setNotificationLevel', {
  description:
    "Sets which messages of a conversation notify the viewer. The viewer's other devices receive `NotificationLevelChanged`.",
  input: SetNotificationLevelInput,
  payload: MemberPayload,
  resolve: async (input, { scope }) => ({ member: await setNotificationLevel(scope, input) }),
});
