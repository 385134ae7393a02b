import type { Broadcast } from '../../events/broadcast.ts';
import type { Channel, Notice } from '../../events/channel.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';

export const ofConversation = (conversationId: string): string => `conversation:${conversationId}`;
export const ofUser = (userId: string): string => `user:${userId}`;
export const ofEveryone = 'everyone';

/** The signals to the members of a conversation. */
export const conversationSignals = (node: Node, conversationId: string): Channel =>
  channelOf(node, [ofConversation(conversationId)]);

/** The signals to the viewer, and to everyone. */
export const ownSignals = (scope: Scope): Channel =>
  channelOf(scope.node, [ofUser(requireViewer(scope).id), ofEveryone]);

/**
 * A channel whose snapshot has the latest signals of the last seconds: a client that reads too
 * slowly receives these, instead of all that it missed [P5] [P7].
 */
function channelOf({ broadcasts }: Node, names: readonly string[]): Channel {
  const name = `signals:${names.join(' ')}`;
  return {
    name,
    keptMs: broadcasts.lifeMs,
    listen(listener) {
      const stops = names.map((one) =>
        broadcasts.listen(one, (broadcast) => listener([noticeOf(broadcast)])),
      );
      return () => {
        for (const stop of stops) stop();
      };
    },
    snapshot: () => ({
      key: name,
      notices: () => names.flatMap((one) => broadcasts.latest(one).map(noticeOf)),
    }),
  };
}

const noticeOf = ({ type, data, senderId, conversationId, sentAt, facts }: Broadcast): Notice => ({
  type: 'Signal',
  data: { type, data, senderId, conversationId, sentAt },
  facts,
});
