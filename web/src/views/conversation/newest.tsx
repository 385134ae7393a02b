import { useRef } from 'preact/hooks';
import { blocked } from '../../state/blocked.ts';
import type { ConversationState } from '../../state/conversation.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { t } from '../../texts/texts.ts';

/**
 * Reads new messages to users of screen readers. The list cannot, because its rows come and go with
 * scrolling.
 */
export function Newest({
  conversation,
  viewer,
}: {
  readonly conversation: ConversationState;
  readonly viewer: User;
}) {
  const message = conversation.timeline.messages.value.at(-1);
  const first = useRef(message?.seq);
  first.current ??= message?.seq;
  const isNew =
    message &&
    message.author.id !== viewer.id &&
    !blocked.value.has(message.author.id) &&
    message.seq > first.current!;
  return (
    <p class="unseen" role="log" aria-label={t('New messages')} aria-live="polite">
      {isNew && `${nameOf(message.author)}: ${message.body ?? ''}`}
    </p>
  );
}
