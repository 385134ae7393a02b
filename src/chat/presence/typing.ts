import type { Channel, Notice } from '../../events/channel.ts';
import type { FreshEvent } from '../../events/event.ts';
import type { Facts } from '../../events/facts.ts';
import { requireViewer, type Node, type Scope } from '../../scope.ts';
import { muted, requireMember } from '../conversations/access.ts';
import { kindOf } from '../conversations/kinds.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';

const nameOf = (conversationId: string) => `typing:${conversationId}`;

/** Notifies the other members that the viewer is typing, or no longer typing on this device. The signal expires by itself. For members who may write. */
export async function setTyping(
  scope: Scope,
  conversationId: string,
  isTyping: boolean,
): Promise<void> {
  const viewer = requireViewer(scope);
  const { conversation, member } = await requireMember(scope, conversationId);
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
    // Another node may know of a start that has not arrived here. A stop that ends a known start is always accepted.
    const isKnown = signals.current(signal.channel).some(({ key }) => key === signal.key);
    if (!isKnown) await spend(scope, 'stop-typing');
    return typingThrottle.stop(signal);
  }
  if (conversation.archivedAt) throw kindOf(scope.node, conversation).readOnly();
  if (member.mutedUntil && member.mutedUntil > new Date()) throw muted(member.mutedUntil);
  if (typingThrottle.isFresh(signal)) return;
  await spend(scope, 'start-typing');
  const user = await users.load(scope, viewer.id);
  typingThrottle.start({ ...signal, facts: { user: { [viewer.id]: user } } });
}

/**
 * The users typing in a conversation. A user on several devices counts once, and is typing until the last device stops. Users receive no notices about
 * themselves.
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

/** Ends a user's typing when they send a message, leave, or disconnect completely. Sends and departures reach every node as events. */
export function endTyping({ watch, presence, signals, services: { typingThrottle } }: Node): void {
  watch((fresh) => {
    for (const { userId, conversationId } of fresh.flatMap(endedBy)) {
      typingThrottle.cancel(userId, nameOf(conversationId));
      signals.endHere(userId, nameOf(conversationId));
    }
  });
  presence.onDisconnect((userId) => {
    typingThrottle.cancel(userId);
    signals.end(userId);
  });
}

function endedBy({ event, facts }: FreshEvent): { userId: string; conversationId: string }[] {
  if (event.type === 'MemberLeft') return [event.data];
  if (event.type !== 'MessageSent') return [];
  const message = facts?.message?.[event.data.messageId];
  return message ? [{ userId: message.authorId, conversationId: event.data.conversationId }] : [];
}
