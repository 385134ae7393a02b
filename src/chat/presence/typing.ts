import type { Channel, Notice } from '../../events/channel.ts';
import type { FreshEvent } from '../../events/event.ts';
import { memberKey, type Facts } from '../../events/facts.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { forgetPermission, requireMember, requireWriter } from '../conversations/access.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';

const nameOf = (conversationId: string) => `typing:${conversationId}`;

/**
 * Notifies the other members that the viewer is typing, or no longer typing on this device. The
 * signal expires by itself. For members who may write.
 *
 * The event that withdraws this permission also ends typing. It may arrive between the check and
 * the signal, so the rule is asked again once the signal is published.
 */
export async function setTyping(
  scope: Scope,
  conversationId: string,
  isTyping: boolean,
): Promise<void> {
  const viewer = requireViewer(scope);
  const { conversation } = await requireMember(scope, conversationId);
  const {
    signals,
    services: { typingThrottle },
  } = scope.node;
  const signal = {
    channel: nameOf(conversation.id),
    key: `${viewer.id} ${viewer.sessionId ?? ''}`,
    userId: viewer.id,
  };
  if (!isTyping) {
    // Another node may know of a start that has not arrived here. A stop that ends a known start is
    // always accepted.
    const isKnown = signals.current(signal.channel).some(({ key }) => key === signal.key);
    if (!isKnown) await spend(scope, 'stop-typing');
    return typingThrottle.stop(signal);
  }
  await requireWriter(scope, conversation.id);
  if (typingThrottle.isFresh(signal)) return;
  await spend(scope, 'start-typing');
  const user = await users.load(scope, viewer.id);
  typingThrottle.start({ ...signal, facts: { user: { [viewer.id]: user } } });
  forgetPermission(scope, conversation.id);
  await requireWriter(scope, conversation.id).catch((refusal: unknown) => {
    typingThrottle.stop(signal);
    throw refusal;
  });
}

/**
 * The users typing in a conversation. A user on several devices counts once, and is typing until
 * the last device stops. Users receive no notices about themselves.
 */
export function typingChannel({ signals }: Node, conversationId: string): Channel {
  const name = nameOf(conversationId);
  const expiryOf = (typist: string) =>
    Math.max(
      0,
      ...signals
        .current(name)
        .flatMap(({ userId, expiresAt }) => (userId === typist ? [expiresAt] : [])),
    );
  const notice = (
    userId: string,
    expiresAt: number,
    isTyping: boolean,
    facts: Facts | undefined,
  ): Notice => ({
    type: 'Typing',
    data: { conversationId, userId, isTyping, expiresAt },
    facts,
    isFor: (viewerId) => viewerId !== userId,
  });
  return {
    name,
    listen: (listener) =>
      signals.listen(name, ({ userId, facts }, isOver) => {
        const expiresAt = expiryOf(userId);
        if (!isOver) listener([notice(userId, expiresAt, true, facts)]);
        else if (expiresAt === 0) listener([notice(userId, Date.now(), false, facts)]);
      }),
    snapshot: () => ({
      key: name,
      notices: () =>
        [...new Set(signals.current(name).map(({ userId }) => userId))].map((userId) =>
          notice(userId, expiryOf(userId), true, undefined),
        ),
    }),
  };
}

/**
 * Ends a user's typing when they send a message, disconnect completely, or may no longer write:
 * because they left, are muted, or the conversation is archived. All but the disconnection reach
 * every node as events.
 */
export function endTyping({ watch, presence, signals, services: { typingThrottle } }: Node): void {
  watch((fresh) => {
    for (const one of fresh) {
      const ended = endedBy(one);
      if (!ended) continue;
      const channel = nameOf(ended.conversationId);
      typingThrottle.cancel({ channel, userId: ended.userId });
      const userIds =
        ended.userId === undefined
          ? signals.current(channel).map(({ userId }) => userId)
          : [ended.userId];
      for (const userId of userIds) signals.endHere(userId, channel);
    }
  });
  presence.onDisconnect((userId) => {
    typingThrottle.cancel({ userId });
    signals.end(userId);
  });
}

interface EndedTyping {
  readonly conversationId: string;
  /** Undefined: everybody in the conversation. */
  readonly userId?: string;
}

function endedBy({ event, facts }: FreshEvent): EndedTyping | undefined {
  switch (event.type) {
    case 'MemberLeft':
    case 'RoomDeleted':
      return event.data;
    case 'MemberUpdated': {
      const { conversationId, userId } = event.data;
      const mutedUntil = facts?.member?.[memberKey(conversationId, userId)]?.mutedUntil;
      return mutedUntil && mutedUntil > new Date() ? event.data : undefined;
    }
    case 'RoomUpdated': {
      const { conversationId } = event.data;
      const isArchived = facts?.conversation?.[conversationId]?.archivedAt != null;
      return isArchived ? { conversationId } : undefined;
    }
    case 'MessageSent': {
      const message = facts?.message?.[event.data.messageId];
      return message ? { ...event.data, userId: message.authorId } : undefined;
    }
  }
  return undefined;
}
