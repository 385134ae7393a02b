import { requireViewer } from '../../scope.ts';
import { conversationTopic } from '../../events/topics.ts';
import { builder } from '../../graphql/builder.ts';
import { mutation, okPayload } from '../../graphql/mutation.ts';
import { subscription } from '../../graphql/subscription.ts';
import { isId } from '../../ids.ts';
import type { LiveNotice } from '../../live/live-field.ts';
import { noSuchConversation, requireMember } from '../conversations/access.ts';
import { userOf } from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { setTyping, typingChannel } from './typing.ts';

type Typing = Extract<LiveNotice, { type: 'Typing' }>;

const TypingEvent = builder.objectRef<Typing>('TypingEvent').implement({
  description:
    'A user started, continues or stopped typing. It is not stored; only the latest event of each user counts.',
  fields: (t) => ({
    conversationId: t.id({
      description: 'The id of the conversation in which the user types.',
      resolve: ({ data }) => data.conversationId,
    }),
    user: t.field({ type: User, description: 'The user who types or typed.', resolve: userOf }),
    isTyping: t.boolean({
      description: 'Whether the user is typing now.',
      resolve: ({ data }) => data.isTyping,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description:
        "The time at which the event expires, even if no further event arrives. It is the server's time: see `serverInfo.time`.",
      resolve: ({ data }) => new Date(data.expiresAt),
    }),
  }),
});

const SetTypingInput = builder.inputType('SetTypingInput', {
  description: "The conversation, and the viewer's typing state in it.",
  fields: (t) => ({
    conversationId: t.id({
      required: true,
      description:
        'The id of a conversation of which the viewer is a member. `FORBIDDEN` or `NOT_FOUND` for others.',
    }),
    isTyping: t.boolean({
      required: true,
      description:
        'Whether the viewer is typing. While they are, repeat `true` before `typingTtlMs` have passed. Sending a message also ends typing.',
    }),
  }),
});

mutation('setTyping', {
  description:
    'Notifies the other members that the viewer is typing or has stopped. Repeats within `typingResendMs` are not sent on.',
  input: SetTypingInput,
  payload: okPayload('SetTypingPayload', 'The result of setting the typing state.'),
  async resolve({ conversationId, isTyping }, { scope }) {
    await setTyping(scope, conversationId, isTyping);
    return { ok: true };
  },
});

subscription('typing', {
  type: TypingEvent,
  description:
    'The typing states of the other members, beginning with those who are typing already. Typing ends when the user stops, sends, leaves or disconnects. For members.',
  args: (arg) => ({
    conversationId: arg.id({
      required: true,
      description: 'The id of a conversation of any kind.',
    }),
  }),
  live: {
    channel: async ({ node }, { conversationId }) =>
      typingChannel(node, conversationId.toLowerCase()),
    permissions(_scope, { conversationId }) {
      if (!isId(conversationId)) throw noSuchConversation();
      return conversationTopic(conversationId.toLowerCase());
    },
    async authorize(scope, { conversationId }) {
      await requireMember(scope, conversationId);
      await scope.node.services.silences.load(requireViewer(scope).id);
    },
  },
});
