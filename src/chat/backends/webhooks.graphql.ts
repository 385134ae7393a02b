import { builder, NodeInterface, viewerDependent, type ApiTypes } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import {
  backlogOf,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  replayWebhook,
  rotateWebhookSecret,
  updateWebhook,
  webhookById,
  type Webhook as WebhookRow,
} from './webhooks.ts';

const WebhookStatus = builder.enumType('WebhookStatus', {
  description: 'The state of the deliveries of a webhook.',
  values: {
    ACTIVE: { description: 'Events are delivered.' },
    PAUSED: { description: 'An admin or a backend has paused the webhook. Events wait.' },
    FAILING: {
      description:
        'The receiver does not accept some or all events. They are retried for three days, at growing intervals.',
    },
    DISABLED: {
      description:
        'The receiver answered 410, or accepted nothing for three days. `updateWebhook` with `paused: false` continues.',
    },
  } as const,
});

const Webhook = builder.objectRef<WebhookRow>('Webhook').implement({
  description: 'A URL of the application to which events are sent.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The URL that receives the requests.' }),
    types: t.exposeStringList('types', {
      complexity: { field: 1, multiplier: 1 },
      description: 'The types of events that are sent. Empty: all.',
    }),
    status: t.expose('status', {
      type: WebhookStatus,
      description: 'The state of the deliveries.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'The time at which the webhook was created.',
    }),
    lastDeliveredAt: t.expose('lastDeliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the last accepted request. Null before the first one.',
    }),
    backlog: t.int({
      description: 'The number of events that wait, of any type.',
      resolve: ({ id }, _args, { scope }) => backlogOf.load(scope, id),
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'The cause of the last failure. Null if everything is delivered.',
    }),
  }),
});

const WebhookConnection = builder.connectionObject(
  { type: Webhook, name: 'WebhookConnection', description: 'A page of webhooks.' },
  { description: 'A webhook with its cursor.' },
);

const audience = 'For admins, and for backends with the scope `webhooks`.';

builder.queryFields((t) => ({
  webhooks: t.connection(
    {
      type: Webhook,
      description: `The webhooks, with the newest first. ${audience}`,
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listWebhooks(scope, page),
    },
    WebhookConnection,
  ),
  webhook: t.field({
    type: Webhook,
    nullable: true,
    description: `The webhook with this id. Null if there is none. ${audience}`,
    extensions: viewerDependent,
    args: { id: t.arg.id({ required: true, description: 'The id of the webhook.' }) },
    resolve: (_root, { id }, { scope }) => webhookById(scope, id),
  }),
}));

const webhookId = (t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) =>
  t.id({ required: true, description: 'The id of the webhook. `NOT_FOUND` if there is none.' });

const typesDescription =
  'The types of events to send, as in `appEvents`; empty for all. `INVALID` if one of them does not exist.';
const urlDescription =
  'The URL, with https. `INVALID` if it is in a private network, unless the settings allow that.';

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'The webhook to create.',
  fields: (t) => ({
    url: t.string({ required: true, description: urlDescription }),
    types: t.stringList({ description: typesDescription }),
  }),
});
const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'The changes of a webhook. Omitted fields keep their value.',
  fields: (t) => ({
    webhookId: webhookId(t),
    url: t.string({ description: urlDescription }),
    types: t.stringList({ description: typesDescription }),
    paused: t.boolean({
      description:
        'Whether the deliveries pause. `false` also continues a webhook that is disabled. Events that wait are then delivered.',
    }),
  }),
});
const WebhookInput = builder.inputType('WebhookInput', {
  description: 'The webhook that is meant.',
  fields: (t) => ({ webhookId: webhookId(t) }),
});
const ReplayWebhookInput = builder.inputType('ReplayWebhookInput', {
  description: 'The webhook, and where to begin.',
  fields: (t) => ({
    webhookId: webhookId(t),
    after: t.field({
      type: 'Cursor',
      required: true,
      description:
        'A cursor of `appEvents`, or the `cursor` of a delivered event. Everything after it is delivered again. `INVALID` if its events are no longer kept.',
    }),
  }),
});

const CreateWebhookPayload = builder.objectRef<WebhookRow>('CreateWebhookPayload').implement({
  description: 'A webhook with a new secret.',
  fields: (t) => ({
    webhook: t.field({
      type: Webhook,
      description: 'The webhook as stored.',
      resolve: (webhook) => webhook,
    }),
    secret: t.exposeString('secret', {
      description:
        'The secret that verifies the signatures (`whsec_…`). It is shown only here. Keep it where the receiver reads it.',
    }),
  }),
});
const WebhookPayload = builder.objectRef<{ webhook: WebhookRow }>('WebhookPayload').implement({
  description: 'The result of changing a webhook.',
  fields: (t) => ({
    webhook: t.expose('webhook', { type: Webhook, description: 'The webhook after the change.' }),
  }),
});
const DeleteWebhookPayload = okPayload('DeleteWebhookPayload', 'The result of deleting a webhook.');

mutation('createWebhook', {
  description: `Sends events to a URL from now on. ${audience}`,
  input: CreateWebhookInput,
  payload: CreateWebhookPayload,
  resolve: (input, { scope }) => createWebhook(scope, input),
});
mutation('updateWebhook', {
  description: `Updates a webhook, or pauses or continues it. ${audience}`,
  input: UpdateWebhookInput,
  payload: WebhookPayload,
  resolve: async (input, { scope }) => ({ webhook: await updateWebhook(scope, input) }),
});
mutation('deleteWebhook', {
  description: `Deletes a webhook. Events that wait are not delivered. ${audience}`,
  input: WebhookInput,
  payload: DeleteWebhookPayload,
  async resolve(input, { scope }) {
    await deleteWebhook(scope, input);
    return { ok: true };
  },
});
mutation('rotateWebhookSecret', {
  description: `Gives a webhook a new secret. For 24 hours, requests are signed with the former one, too. ${audience}`,
  input: WebhookInput,
  payload: CreateWebhookPayload,
  resolve: (input, { scope }) => rotateWebhookSecret(scope, input),
});
mutation('replayWebhook', {
  description: `Delivers the events after a cursor again. ${audience}`,
  input: ReplayWebhookInput,
  payload: WebhookPayload,
  resolve: async (input, { scope }) => ({ webhook: await replayWebhook(scope, input) }),
});
