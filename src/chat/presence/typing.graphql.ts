import { notFound } from '../../errors.ts';
import { conversationTopic } from '../../events/topics.ts';
import { builder } from '../../graphql/builder.ts';
import { isId } from '../../ids.ts';
import type { HeardNotice, NoticeField } from '../../live/live-field.ts';
import { requireMember } from '../conversations/access.ts';
import { User } from '../people/users.graphql.ts';
import { users } from '../people/users.ts';
import { setTyping, typingChannel } from './typing.ts';

type Typing = Extract<HeardNotice, { type: 'Typing' }>;

const TypingEvent = builder.objectRef<Typing>('TypingEvent').implement({
  description: 'Somebody types, or no longer does. It is not stored; the latest of a user counts.',
  fields: (t) => ({
    conversationId: t.id({ description: 'Where.', resolve: ({ data }) => data.conversationId }),
    user: t.field({
      type: User,
      description: 'Who.',
      resolve: async ({ data }, _args, { scope }) => (await users.load(scope, data.userId))!,
    }),
    isTyping: t.boolean({
      description: 'Whether they type now.',
      resolve: ({ data }) => data.isTyping,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        'Until when this holds, if nothing else is heard. Compare with `serverInfo.time`.',
      resolve: ({ data }) => new Date(data.expiresAt),
    }),
  }),
});

const SetTypingInput = builder.inputType('SetTypingInput', {
  description: 'Whether the viewer types.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Where; the viewer must be a member.' }),
    isTyping: t.boolean({
      required: true,
      description:
        'true while they do: repeat it every few seconds, before `typingTtlMs` are over. false when they stop; sending ends it, too.',
    }),
  }),
});

const SetTypingPayload = builder.objectRef<{ ok: boolean }>('SetTypingPayload').implement({
  description: 'Done.',
  fields: (t) => ({ ok: t.exposeBoolean('ok', { description: 'true.' }) }),
});

builder.mutationField('setTyping', (t) =>
  t.field({
    type: SetTypingPayload,
    description:
      'Tells the other members that the viewer types, or no longer does. Repeats within `typingResendMs` are not told again.',
    args: {
      input: t.arg({
        type: SetTypingInput,
        required: true,
        description: 'Whether the viewer types.',
      }),
    },
    resolve: async (_root, { input: { conversationId, isTyping } }, { scope }) => {
      await setTyping(scope, conversationId, isTyping);
      return { ok: true };
    },
  }),
);

const typing: NoticeField<{ conversationId: string }> = {
  channel: async ({ node }, { conversationId }) =>
    typingChannel(node, conversationId.toLowerCase()),
  permissions(_scope, { conversationId }) {
    if (!isId(conversationId))
      throw notFound(
        'There is no such conversation, or it is not open to you. Check the id, or ask a member to invite you.',
      );
    return conversationTopic(conversationId.toLowerCase());
  },
  authorize: async (scope, { conversationId }) => void (await requireMember(scope, conversationId)),
};

builder.subscriptionField('typing', (t) =>
  t.field({
    type: TypingEvent,
    description:
      'Who is typing, the viewer excepted; first those who type already. Ends by itself when the typist stops, sends, leaves or disconnects. For members.',
    args: {
      conversationId: t.arg.id({
        required: true,
        description: 'The id of a conversation of any kind.',
      }),
    },
    extensions: { live: typing },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) => heard as Typing,
  }),
);
