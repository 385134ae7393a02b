import { builder, NodeInterface, viewerDependent } from '../../graphql/builder.ts';
import { atMost, pageCost } from '../../graphql/pages.ts';
import type { EventField, Heard } from '../../live/live-field.ts';
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
import { titleOf, wordsOf } from './words.ts';

const asDate = (date: Date | string | null) => (date === null ? null : new Date(date));

const Notification = builder.objectRef<NotificationRow>('Notification').implement({
  description: 'Something that a user is told, wherever they are, and finds when they come back.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    type: t.string({
      description:
        '`message_received` (a private message), `mention` (in a room), `support_reply` (the desk has answered), `message_reported` (to those who keep order), `announcement` (of an admin, to everybody), or a type of the application, in snake_case.',
      resolve: ({ content }) => content.type,
    }),
    title: t.string({
      description: "What to show as its title. Of a message, its author's display name.",
      extensions: viewerDependent,
      resolve: (row, _args, { scope }) => titleOf(scope, row),
    }),
    message: t.string({
      description: 'What to show as its text. Of a message, how that begins, as it is now.',
      extensions: viewerDependent,
      resolve: (row, _args, { scope }) => wordsOf(scope, row),
    }),
    data: t.field({
      type: 'JSONObject',
      description:
        'What an application needs to act on it. Of a message: `conversationId`, `messageId`, `seq` and `authorId`; of a report: `reportId`, `reportedIn` (the id of the conversation) and `messageId`.',
      resolve: ({ content }) => content.data as Record<string, unknown>,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the user was told.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    readAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When they read it; null while they have not.',
      resolve: ({ readAt }) => asDate(readAt),
    }),
  }),
});

const NotificationConnection = builder.connectionObject(
  { type: Notification, name: 'NotificationConnection', description: 'A page of notifications.' },
  { description: 'A notification and its place in the list.' },
);

builder.queryFields((t) => ({
  notifications: t.connection(
    {
      type: Notification,
      description: "The viewer's notifications, the newest first. Guests have none.",
      args: { unreadOnly: t.arg.boolean({ description: 'Only those that are not read.' }) },
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, args, { scope }) => listNotifications(scope, args),
    },
    NotificationConnection,
  ),
  unreadNotificationCount: t.int({
    description: 'How many notifications of the viewer are not read.',
    extensions: viewerDependent,
    resolve: (_root, _args, { scope }) => unreadNotificationCount(scope),
  }),
}));

builder.objectRef<EventOf<'NotificationReceived'>>('NotificationReceived').implement({
  description:
    'The viewer has a notification. It is unread, unless a NotificationsRead says otherwise.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    notification: t.field({
      type: Notification,
      description: 'The notification, as it is now.',
      resolve: async ({ data }, _args, { scope }) =>
        (await notificationById.load(scope, data.notificationId))!,
    }),
  }),
});

builder.objectRef<EventOf<'NotificationsRead'>>('NotificationsRead').implement({
  description:
    'The viewer has read notifications: they were marked, or the messages that they are of were read. Each is named once, in one event.',
  interfaces: [NotificationEvent],
  fields: (t) => ({
    ids: t.idList({
      description: 'Which.',
      complexity: atMost(idsMax),
      resolve: ({ data }) => data.ids,
    }),
  }),
});

const notifications: EventField<unknown> = {
  topic: notificationsTopic,
  authorize: requireNotifications,
};

builder.subscriptionField('notifications', (t) =>
  t.field({
    type: NotificationEvent,
    description:
      "The viewer's notifications as they come and are read, on every device; and how far the viewer has read in rooms (MessagesRead). Not for guests.",
    args: { after: t.arg({ type: 'Cursor', description: 'Goes on after this event.' }) },
    extensions: { live: notifications },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) => heard as Heard,
  }),
);

const MarkNotificationsReadInput = builder.inputType('MarkNotificationsReadInput', {
  description: 'Which notifications are read: exactly one of the two.',
  fields: (t) => ({
    ids: t.idList({
      description: 'These, at most 1000. Ids of others change nothing, as if they did not exist.',
    }),
    all: t.boolean({ description: '`true`: all that there are by now.' }),
  }),
});

const MarkNotificationsReadPayload = builder
  .objectRef<object>('MarkNotificationsReadPayload')
  .implement({
    description: 'What is left.',
    fields: (t) => ({
      unreadNotificationCount: t.int({
        description: 'How many are not read.',
        resolve: (_payload, _args, { scope }) => unreadNotificationCount(scope),
      }),
    }),
  });

const NotifyInput = builder.inputType('NotifyInput', {
  description: 'What to tell whom.',
  fields: (t) => ({
    userIds: t.idList({
      required: true,
      description:
        '1 to 1000. Who does not exist, has gone or is a guest is left out; who is named twice is told once.',
    }),
    type: t.string({
      required: true,
      description:
        'snake_case, at most 64 characters, e.g. `payment_completed`; not one that this server gives itself.',
    }),
    title: t.string({ required: true, description: '1-200 characters, on one line.' }),
    message: t.string({ required: true, description: '1-2000 characters.' }),
    data: t.field({ type: 'JSONObject', description: 'At most 8 KiB as JSON.' }),
  }),
});

const AnnounceInput = builder.inputType('AnnounceInput', {
  description: 'What to tell everybody.',
  fields: (t) => ({
    title: t.string({ required: true, description: '1-200 characters, on one line.' }),
    message: t.string({ required: true, description: '1-2000 characters.' }),
    data: t.field({ type: 'JSONObject', description: 'At most 8 KiB as JSON.' }),
  }),
});

const NotifyPayload = builder.objectRef<{ recipientCount: number }>('NotifyPayload').implement({
  description: 'Whom it reaches.',
  fields: (t) => ({
    recipientCount: t.exposeInt('recipientCount', { description: 'How many users.' }),
  }),
});

builder.mutationFields((t) => ({
  markNotificationsRead: t.field({
    type: MarkNotificationsReadPayload,
    description: 'Marks notifications of the viewer as read.',
    args: {
      input: t.arg({ type: MarkNotificationsReadInput, required: true, description: 'Which.' }),
    },
    resolve: async (_root, { input }, { scope }) => {
      await markNotificationsRead(scope, input);
      return {};
    },
  }),
  notify: t.field({
    type: NotifyPayload,
    description:
      'Notifies users. For admins, and for backends with a service token: one of scope `notify`.',
    args: {
      input: t.arg({ type: NotifyInput, required: true, description: 'What to tell whom.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      recipientCount: await notify(scope, input),
    }),
  }),
  announce: t.field({
    type: NotifyPayload,
    description:
      'Notifies everybody who is a user by now, guests left out, from the background: it is stored when this is answered. For admins.',
    args: {
      input: t.arg({ type: AnnounceInput, required: true, description: 'What to tell everybody.' }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      recipientCount: await announce(scope, input),
    }),
  }),
}));
