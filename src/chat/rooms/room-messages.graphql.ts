import { invalid } from '../../errors.ts';
import { conversationTopic } from '../../events/topics.ts';
import { atMost, itemsOf } from '../../graphql/pages.ts';
import { subscription } from '../../graphql/subscription.ts';
import { isId } from '../../ids.ts';
import { ConversationEvent } from '../conversations/events.graphql.ts';
import { recentMessages } from '../messages/history.ts';
import { noSuchRoom, requireRoomMember } from './rooms.ts';

subscription('roomMessages', {
  type: ConversationEvent,
  description:
    'All events of one room. For members; ends with `FORBIDDEN` when the membership ends.',
  args: (arg) => ({
    roomId: arg.id({
      required: true,
      description: 'The id of the room. `NOT_FOUND` if the viewer may not see it.',
    }),
    after: arg({
      type: 'Cursor',
      description:
        'The cursor from which to resume. It takes precedence over `last`, so a client can resume with unchanged variables.',
    }),
    last: arg.int({
      description:
        'The number of recent messages to send first, 0–100. If omitted, only later events are sent.',
    }),
  }),
  // Each message sent first is executed like an event.
  complexity: ({ last }) => atMost(itemsOf(last ?? 1)),
  live: {
    topic(_scope, { roomId }) {
      if (!isId(roomId)) throw noSuchRoom();
      return conversationTopic(roomId.toLowerCase());
    },
    async authorize(scope, { roomId, last }) {
      const { pageMax } = scope.node.config.limits;
      await requireRoomMember(scope, roomId);
      if (last != null && (last < 0 || last > pageMax))
        throw invalid(
          `\`last\` must be between 0 and ${pageMax}. Query the history for more.`,
          'last',
        );
    },
    recent: (scope, { roomId }, count, upTo) =>
      recentMessages(scope, roomId.toLowerCase(), count, upTo),
  },
});
