import { conversationTopic } from '../../events/topics.ts';
import { builder } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { rowOrNull } from '../../graphql/rows.ts';
import { subscription } from '../../graphql/subscription.ts';
import { isId } from '../../ids.ts';
import type { LiveNotice } from '../../live/live-field.ts';
import { requireViewer } from '../../scope.ts';
import { noSuchConversation, requireMember } from '../conversations/access.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { recipientsMax, recipientsMaxOfBackends, sendSignal } from './send-signal.ts';
import { conversationSignals, ownSignals } from './signals.ts';

const SendSignalInput = builder.inputType('SendSignalInput', {
  description:
    'A signal, and its recipients: exactly one of `conversationId`, `userIds` and `toEveryone`.',
  fields: (t) => ({
    conversationId: t.id({
      description:
        'The conversation whose members receive the signal. `FORBIDDEN` if the viewer may not write there.',
    }),
    userIds: t.idList({
      description: `The recipients, 1–${recipientsMax}; 1–${recipientsMaxOfBackends} for admins and backends. \`FORBIDDEN\` for users other than the viewer who have not written to the viewer in their direct conversation.`,
    }),
    toEveryone: t.boolean({
      description: 'Whether all connected users receive the signal. For admins and backends.',
    }),
    type: t.string({
      required: true,
      description: 'The kind of signal, such as `call.ringing`: 1–64 letters, digits, and `_.:-`.',
    }),
    data: t.field({
      type: 'JSONObject',
      description: 'The content, at most 8 KiB as JSON and 10 levels. The default is `{}`.',
    }),
  }),
});

mutation('sendSignal', {
  description:
    'Sends data to connected clients, such as a ringing call or a position on a map. It is not stored and may be lost. For backends with the scope `notify`, too.',
  input: SendSignalInput,
  payload: okPayload('SendSignalPayload', 'The result of sending a signal.'),
  async resolve(input, { scope }) {
    await sendSignal(scope, input);
    return { ok: true };
  },
});

type SignalNotice = Extract<LiveNotice, { type: 'Signal' }>;

const Signal = builder.objectRef<SignalNotice>('Signal').implement({
  description:
    'A value that a user or a backend sends to connected clients. It is not stored, and only the latest one of each sender and type counts.',
  fields: (t) => ({
    type: t.string({
      description: 'The kind of signal, as the sender named it.',
      resolve: ({ data }) => data.type,
    }),
    data: t.field({
      type: 'JSONObject',
      description: 'The content of the signal.',
      resolve: ({ data }) => data.data,
    }),
    sender: t.field({
      type: User,
      nullable: true,
      description: 'The user who sent the signal. Null if a backend did.',
      resolve: rowOrNull(users, ({ data }) => data.senderId),
    }),
    conversationId: t.id({
      nullable: true,
      description:
        'The conversation whose members receive the signal. Null for a signal to users or to everyone.',
      resolve: ({ data }) => data.conversationId,
    }),
    sentAt: t.field({
      type: 'DateTime',
      description: "The time at which the signal was sent, by the server's clock.",
      resolve: ({ data }) => new Date(data.sentAt),
    }),
  }),
});

subscription('signals', {
  type: Signal,
  description:
    'The signals to the members of a conversation; without an id, those to the viewer and to everyone. It begins with the latest ones of the last seconds, if another client follows them already.',
  args: (arg) => ({
    conversationId: arg.id({
      description:
        'The id of a conversation of any kind of which the viewer is a member. Omit it for the signals to the viewer and to everyone.',
    }),
  }),
  live: {
    channel: async (scope, { conversationId }) =>
      conversationId == null
        ? ownSignals(scope)
        : conversationSignals(scope.node, conversationId.toLowerCase()),
    permissions(_scope, { conversationId }) {
      if (conversationId == null) return undefined;
      if (!isId(conversationId)) throw noSuchConversation();
      return conversationTopic(conversationId.toLowerCase());
    },
    async authorize(scope, { conversationId }) {
      if (conversationId == null) requireViewer(scope);
      else await requireMember(scope, conversationId);
    },
  },
});
