import { builder, NodeInterface, viewerDependent, type ApiTypes } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { atMost, pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { subscription } from '../../graphql/subscription.ts';
import { NotificationEvent, type EventOf } from '../conversations/events.graphql.ts';
import { announce } from './announcements.ts';
import {
  listNotifications,
  idsMax,
  markNotificationsRead,
  notificationById,
  notificationsTopic,
  requireNotifications,
  unreadNotificationCount,
  type NotificationRow,
} from './notifications.ts';
import { notify } from './notify.ts';
import { titleOf, textOf } from './display-text.ts';

const Notification = builder.objectRef<NotificationRow>('Notification').implement({
  description: 'A notification to one user, stored until its retention period ends.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    type: t.string({
      description:
        'The kind of event. Messages: `message_received`, `mention` (in rooms, also replies), `support_reply`. Reports: `message_reported`, `user_reported`. Others: `room_invitation`, `announcement`, or a type of the application.',
      resolve: ({ content }) => content.type,
    }),
    title: t.string({
      description: "The title to show. For a notification of a message: the author's display name.",
      extensions: viewerDependent,
      resolve: (row, _args, { scope }) => titleOf(scope, row),
    }),
    message: t.string({
      description:
        'The text to show. For a notification of a message: the beginning of its current text.',
      extensions: viewerDependent,
      resolve: (row, _args, { scope }) => textOf(scope, row),
    }),
    data: t.field({
      type: 'JSONObject',
      description:
        'The data that an application needs to react. Messages: `conversationId`, `messageId`, `seq` and `authorId`. Invitations: `conversationId` and `invitedById`, and `invitationId` if it is to be answered. Reports: `reportId`, `messageId`, and the conversation as `reportedIn`.',
      resolve: ({ content }) => content.data as Record<string, unknown>,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time at which the notification was stored.',
    }),
    readAt: t.expose('readAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time at which the notification was marked as read. Null while unread.',
    }),
  }),
});

const NotificationConnection = builder.connectionObject(
  { type: Notification, name: 'NotificationConnection', description: 'A page of notifications.' },
  { description: 'A notification with its cursor.' },
);

builder.queryFields((t) => ({
  notifications: t.connection(
    {
      type: Notification,
      description: "The viewer's notifications, with the newest first. Not for guests.",
      args: {
        unreadOnly: t.arg.boolean({
          description: 'Whether to return unread notifications only.',
        }),
      },
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, args, { scope }) => listNotifications(scope, args),
    },
    NotificationConnection,
  ),
  unreadNotificationCount: t.int({
    description: "The number of the viewer's unread notifications.",
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => unreadNotificationCount(scope),
  }),
}));

builder.objectRef<EventOf<'NotificationReceived'>>('NotificationReceived').implement({
  description:
    'The viewer received a notification. It is unread until a `NotificationsRead` contains its id.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    notification: t.field({
      type: Notification,
      description: 'The notification, as of now.',
      resolve: rowOf(notificationById, ({ data }) => data.notificationId),
    }),
  }),
});

builder.objectRef<EventOf<'NotificationsRead'>>('NotificationsRead').implement({
  description:
    'The viewer read notifications, by marking them or by reading the messages behind them. Each id is sent once.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    ids: t.idList({
      description: 'The ids of the notifications that are read from now on.',
      complexity: atMost(idsMax),
      resolve: ({ data }) => data.ids,
    }),
  }),
});

subscription('notifications', {
  type: NotificationEvent,
  description:
    "The viewer's new and newly read notifications, the viewer's `MessagesRead` in rooms, and changes of the viewer's profile, on every device. Not for guests.",
  args: (arg) => ({
    after: arg({ type: 'Cursor', description: 'The cursor from which to resume.' }),
  }),
  live: { topic: notificationsTopic, authorize: requireNotifications },
});

const MarkNotificationsReadInput = builder.inputType('MarkNotificationsReadInput', {
  description: 'The notifications to mark as read: exactly one of `ids` and `all`.',
  isOneOf: true,
  fields: (t) => ({
    ids: t.idList({
      description:
        "The ids of the notifications, at most 1000. Ids of other users' notifications are ignored.",
    }),
    all: t.boolean({
      description: "Whether to mark all the viewer's notifications as read. Only `true` is valid.",
    }),
  }),
});

const MarkNotificationsReadPayload = builder
  .objectRef<object>('MarkNotificationsReadPayload')
  .implement({
    description: 'The result of marking notifications as read.',
    fields: (t) => ({
      unreadNotificationCount: t.int({
        description: 'The number of notifications that are still unread.',
        resolve: (_payload, _args, { scope }) => unreadNotificationCount(scope),
      }),
    }),
  });

mutation('markNotificationsRead', {
  description: 'Marks notifications of the viewer as read.',
  input: MarkNotificationsReadInput,
  payload: MarkNotificationsReadPayload,
  resolve: async (input, { scope }) => {
    await markNotificationsRead(scope, input);
    return {};
  },
});

const contentFields = (t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) => ({
  title: t.string({ required: true, description: 'The title, 1–200 characters on one line.' }),
  message: t.string({ required: true, description: 'The text, 1–2000 characters.' }),
  data: t.field({
    type: 'JSONObject',
    description: 'Data for the application that shows the notification, at most 8 KiB as JSON.',
  }),
});

const NotifyInput = builder.inputType('NotifyInput', {
  description: 'The users to notify, and the notification.',
  fields: (t) => ({
    userIds: t.idList({
      required: true,
      description:
        'The ids of 1–1000 users. Unknown users, deleted users and guests are skipped. Duplicates count once.',
    }),
    type: t.string({
      required: true,
      description:
        "The type in snake_case, at most 64 characters, such as `payment_completed`. `INVALID` for the server's own types.",
    }),
    ...contentFields(t),
  }),
});

const AnnounceInput = builder.inputType('AnnounceInput', {
  description: 'The announcement to all users.',
  fields: contentFields,
});

const NotifyPayload = builder.objectRef<{ recipientCount: number }>('NotifyPayload').implement({
  description: 'The result of notifying users.',
  fields: (t) => ({
    recipientCount: t.exposeInt('recipientCount', {
      description: 'The number of users who receive the notification.',
    }),
  }),
});

mutation('notify', {
  description:
    'Notifies users. For admins, and for backends with a service token that has the scope `notify`.',
  input: NotifyInput,
  payload: NotifyPayload,
  resolve: async (input, { scope }) => ({ recipientCount: await notify(scope, input) }),
});

mutation('announce', {
  description:
    'Notifies all current users except guests. The announcement is stored before the answer, and delivered in the background. For admins.',
  input: AnnounceInput,
  payload: NotifyPayload,
  resolve: async (input, { scope }) => ({ recipientCount: await announce(scope, input) }),
});
