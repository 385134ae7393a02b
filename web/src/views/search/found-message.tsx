import { excerptOf } from '../../state/found-words.ts';
import { addressOf, type ConversationRoute } from '../../state/route.ts';
import type { FoundMessage as Found } from '../../state/search.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf } from '../../state/times.ts';
import { Avatar } from '../elements/avatar.tsx';
import { Icon, type IconName } from '../elements/icons.tsx';
import { t } from '../../texts/texts.ts';

interface FoundMessageProps {
  readonly message: Found;
  readonly query: string;
  readonly viewer: User;
  readonly showsConversation: boolean;
  readonly onChoose: (to: ConversationRoute) => void;
}

/** A search result: a link to the message. */
export function FoundMessage({
  message: { author, body, createdAt, conversation, seq },
  query,
  viewer,
  showsConversation,
  onChoose,
}: FoundMessageProps) {
  const { icon, name, ...conversationRoute } = describe(conversation, viewer);
  const to: ConversationRoute = { ...conversationRoute, seq };

  function choose(event: MouseEvent): void {
    // The browser opens the link in another tab or window.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onChoose(to);
  }

  return (
    <a class="found" href={addressOf(to)} onClick={choose}>
      <Avatar user={author} />
      <span class="found-head">
        <strong>{nameOf(author)}</strong>
        {showsConversation && (
          <span class="found-place">
            <span class="unseen"> {t('in')} </span>
            <Icon name={icon} />
            {name}
          </span>
        )}
        <time dateTime={createdAt}>{momentOf(createdAt)}</time>
      </span>
      <span class="found-text" dir="auto">
        {excerptOf(body ?? '', query).map(({ text, isFound }) =>
          isFound ? <mark>{text}</mark> : text,
        )}
      </span>
    </a>
  );
}

function describe(
  conversation: Found['conversation'],
  viewer: User,
): ConversationRoute & { readonly icon: IconName; readonly name: string } {
  const { id } = conversation;
  switch (conversation.__typename) {
    case 'Room':
      return {
        at: 'room',
        id,
        icon: conversation.visibility === 'PRIVATE' ? 'lock' : 'hash',
        name: conversation.name,
      };
    case 'DirectConversation':
      return {
        at: 'direct',
        id: conversation.peer.id,
        icon: 'people',
        name: nameOf(conversation.peer),
      };
    case 'SupportConversation':
      return {
        at: 'support',
        id,
        icon: 'help',
        name: viewer.role === 'ADMIN' ? nameOf(conversation.customer) : t('Support'),
      };
  }
}
