import { builder } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { ServerInfo } from '../../graphql/server-info.graphql.ts';
import type { Scope } from '../../scope.ts';
import { ConversationEvent, userOf, type EventOf } from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { registerPushSubscription, removePushSubscription } from './push-subscriptions.ts';
import { wantedPush, type WantedPush as WantedPushRow } from './wanted-push.ts';

builder.objectField(ServerInfo, 'vapidPublicKey', (t) =>
  t.string({
    nullable: true,
    description:
      'The key that browsers need to subscribe to pushes: the `applicationServerKey` of `PushManager.subscribe`, in base64url.',
    resolve: (_config, _args, { scope }) => scope.node.pushPublicKey,
  }),
);

const PushPayload = okPayload('PushPayload', 'The result of a change of a push subscription.');

const PushSubscriptionInput = builder.inputType('PushSubscriptionInput', {
  description: 'A push subscription of a browser, as `PushSubscription.toJSON()` shows it.',
  fields: (t) => ({
    endpoint: t.string({
      required: true,
      description:
        'The URL of the push service. `INVALID` unless it is a public `https` address of at most 2048 characters.',
    }),
    p256dh: t.string({
      required: true,
      description: 'The public key of the browser, in base64url.',
    }),
    auth: t.string({
      required: true,
      description: 'The secret of the browser, in base64url.',
    }),
    language: t.string({
      description:
        'The language for the texts of this server, such as `fr` or `en-GB`. There are English and French texts; all other languages get the English ones.',
    }),
  }),
});

const RemovePushSubscriptionInput = builder.inputType('RemovePushSubscriptionInput', {
  description: 'The push subscription to remove.',
  fields: (t) => ({
    endpoint: t.string({ required: true, description: 'The endpoint of the subscription.' }),
  }),
});

mutation('registerPushSubscription', {
  description:
    'Registers a browser for pushes of unread notifications, until the session ends. Registering it again changes its language, or moves it to the viewer. Each user has at most 20 subscriptions; a further one replaces the oldest. `FORBIDDEN` for guests. `CONFLICT` if the endpoint is registered with other keys.',
  input: PushSubscriptionInput,
  payload: PushPayload,
  async resolve(input, { scope }) {
    await registerPushSubscription(scope, input);
    return { ok: true };
  },
});

mutation('removePushSubscription', {
  description:
    'Removes a push subscription of the viewer. Nothing changes if the viewer has none with this endpoint.',
  input: RemovePushSubscriptionInput,
  payload: PushPayload,
  async resolve(input, { scope }) {
    await removePushSubscription(scope, input);
    return { ok: true };
  },
});

const WantedPush = builder.objectRef<WantedPushRow>('WantedPush').implement({
  description: 'A notification to push to the devices of a user.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        'The id of the notification. Use it to replace a notification that is already shown.',
    }),
    type: t.exposeString('type', { description: 'The type of the notification.' }),
    title: t.exposeString('title', {
      description: 'The title to show, as the setting `PUSH_CONTENT` permits.',
    }),
    message: t.exposeString('message', {
      description: 'The text to show, as the setting `PUSH_CONTENT` permits.',
    }),
    data: t.expose('data', {
      type: 'JSONObject',
      description: 'The data of the notification.',
    }),
  }),
});

const wantedPushOf = ({ data }: EventOf<'push.wanted'>, scope: Scope) =>
  wantedPush.load(scope, data.notificationId);

builder.objectRef<EventOf<'push.wanted'>>('PushWanted').implement({
  description:
    'A notification is still unread after a moment, so the application may push it to the devices of the user. In `appEvents` and webhooks, its type is `push.wanted`.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    user: t.field({ type: User, description: 'The user to notify.', resolve: userOf }),
    notification: t.field({
      type: WantedPush,
      nullable: true,
      description:
        'The notification. Null if it was read or deleted meanwhile, or its message is no longer visible to the user.',
      resolve: (event, _args, { scope }) => wantedPushOf(event, scope),
    }),
  }),
});
