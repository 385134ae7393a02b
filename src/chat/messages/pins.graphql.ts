import { builder, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { rowOf } from '../../graphql/rows.ts';
import { ConversationInterface } from '../conversations/conversations.graphql.ts';
import { ConversationEvent, userOf, type EventOf } from '../conversations/events.graphql.ts';
import { User } from '../people/users.graphql.ts';
import { MessagePayload } from './message-changes.graphql.ts';
import { messageById } from './message-row.ts';
import { Message, MessageConnection } from './messages.graphql.ts';
import { listPinned, pinMessage, unpinMessage } from './pins.ts';

builder.objectField(Message, 'pinnedAt', (t) =>
  t.field({
    type: 'DateTime',
    nullable: true,
    description: 'The time at which the message was pinned. Null if it is not pinned.',
    resolve: ({ pinnedAt }) => (pinnedAt ? new Date(pinnedAt) : null),
  }),
);

builder.interfaceField(ConversationInterface, 'pinnedMessages', (t) =>
  t.connection(
    {
      type: Message,
      description:
        'The pinned messages, with the latest pin first; at most 50. Empty if the viewer may not see them.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: ({ id }, page, { scope }) => listPinned(scope, id, page),
    },
    MessageConnection,
  ),
);

builder.objectRef<EventOf<'PinChanged'>>('PinChanged').implement({
  description:
    'A message was pinned or unpinned. The deletion of a message also unpins it, without this event.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The message, as of now.',
      resolve: rowOf(messageById, ({ data }) => data.messageId),
    }),
    isPinned: t.boolean({
      description: 'Whether the message was pinned. If `false`, it was unpinned.',
      resolve: ({ data }) => data.isPinned,
    }),
    user: t.field({
      type: User,
      description: 'The user who pinned or unpinned the message.',
      resolve: userOf,
    }),
  }),
});

const PinInput = builder.inputType('PinInput', {
  description: 'The message to pin or unpin.',
  fields: (t) => ({
    messageId: t.id({
      required: true,
      description: 'The id of the message. `NOT_FOUND` if the viewer may not see it.',
    }),
  }),
});

mutation('pinMessage', {
  description:
    'Pins a message: in rooms for moderators, owners and admins, elsewhere for all participants. A pinned message stays as it is. `CONFLICT` if the message was deleted, or 50 others are pinned.',
  input: PinInput,
  payload: MessagePayload,
  resolve: async ({ messageId }, { scope }) => ({ message: await pinMessage(scope, messageId) }),
});

mutation('unpinMessage', {
  description:
    'Unpins a message: in rooms for moderators, owners and admins, elsewhere for all participants. A message that is not pinned stays as it is.',
  input: PinInput,
  payload: MessagePayload,
  resolve: async ({ messageId }, { scope }) => ({ message: await unpinMessage(scope, messageId) }),
});
