import { invalid } from '../../errors.ts';
import { conversationTopic } from '../../events/topics.ts';
import { builder } from '../../graphql/builder.ts';
import { isId } from '../../ids.ts';
import type { Heard, LiveField } from '../../live/live-field.ts';
import { ConversationEvent } from '../conversations/events.graphql.ts';
import { recentMessages } from '../messages/history.ts';
import { noSuchRoom, requireRoomMember } from './rooms.ts';

interface RoomMessagesArguments {
  readonly roomId: string;
  readonly last?: number | null;
}

const roomMessages: LiveField<RoomMessagesArguments> = {
  topic(_scope, { roomId }) {
    if (!isId(roomId)) throw noSuchRoom();
    return conversationTopic(roomId.toLowerCase());
  },
  async authorize(scope, { roomId, last }) {
    const { pageMax } = scope.node.config.limits;
    await requireRoomMember(scope, roomId);
    if (last != null && (last < 0 || last > pageMax))
      throw invalid(
        `\`last\` must be between 0 and ${pageMax}. Read the history for more.`,
        'last',
      );
  },
  recent: (scope, { roomId }, count) => recentMessages(scope, roomId.toLowerCase(), count),
};

builder.subscriptionField('roomMessages', (t) =>
  t.field({
    type: ConversationEvent,
    description:
      'Everything that happens in one room, for its members. Ends with FORBIDDEN for who is no longer one.',
    args: {
      roomId: t.arg.id({ required: true, description: 'The id of the room.' }),
      after: t.arg({
        type: 'Cursor',
        description:
          'Goes on after this event. Before `last`, if both are given, so that a client can resume with the variables it began with.',
      }),
      last: t.arg.int({ description: 'Begins with so many of the newest messages, at most 100.' }),
    },
    // Each message that it begins with is executed like an event.
    complexity: ({ last }) => ({ field: 1, multiplier: Math.max(1, last ?? 1) }),
    extensions: { live: roomMessages },
    subscribe: () => {
      throw new Error('run by live/');
    },
    resolve: (heard) => heard as Heard,
  }),
);
