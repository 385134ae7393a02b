import { useState } from 'preact/hooks';
import { blocked } from '../../state/blocked.ts';
import type { Attachment } from '../../state/files.ts';
import type { User } from '../../state/session.ts';
import type { Message } from '../../state/timeline.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf } from '../../state/times.ts';
import { hueOf } from '../elements/hue.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu, type MenuItem } from '../elements/menu.tsx';
import { Attachments } from './attachments.tsx';
import { Author } from './message-row.tsx';
import { RichText } from './rich-text.tsx';
import { t } from '../../texts/texts.ts';

interface StoredMessageProps {
  readonly message: Message;
  readonly isFirst: boolean;
  readonly isActive: boolean;
  readonly viewer: User;
  /** The text below the message: whether it was read. */
  readonly receipt: string | undefined;
  readonly onReply: (() => void) | undefined;
  readonly onShow: (message: { readonly seq: number }) => void;
  /** The viewer wants to see a picture in full. */
  readonly onPicture: (picture: Attachment) => void;
  readonly more: readonly MenuItem[];
  readonly ownReactions: ReadonlySet<string>;
  /** Undefined if the viewer cannot react. */
  readonly onReact: ((emoji: string, isGiven: boolean) => void) | undefined;
}

export function StoredMessage({
  message,
  isFirst,
  isActive,
  viewer,
  receipt,
  onReply,
  onShow,
  onPicture,
  more,
  ownReactions,
  onReact,
}: StoredMessageProps) {
  const { author, body, createdAt, editedAt, deletedAt, pinnedAt, replyTo, mentions, reactions } =
    message;
  const { attachments } = message;
  const tabIndex = isActive ? 0 : -1;
  const [isRevealed, setRevealed] = useState(false);
  if (blocked.value.has(author.id) && !isRevealed)
    return (
      <div class="said">
        <Author author={author} isFirst={isFirst} isActive={isActive} at={createdAt} />
        <p class="body is-deleted">
          {t('You have blocked this person.')}{' '}
          <button type="button" class="link" tabIndex={tabIndex} onClick={() => setRevealed(true)}>
            {t('Show message')}
          </button>
        </p>
      </div>
    );
  return (
    <>
      <div class="said">
        <Author author={author} isFirst={isFirst} isActive={isActive} at={createdAt} />
        {replyTo && (
          <button
            type="button"
            class={`quote hue-${hueOf(replyTo.author.id)}`}
            tabIndex={tabIndex}
            onClick={() => onShow(replyTo)}
          >
            <strong>{nameOf(replyTo.author)}</strong>{' '}
            <span dir="auto">
              {blocked.value.has(replyTo.author.id)
                ? t('a person whom you have blocked')
                : (replyTo.body ?? t('deleted'))}
            </span>
          </button>
        )}
        {deletedAt ? (
          <p class="body is-deleted">{t('This message was deleted.')}</p>
        ) : body === '' && !editedAt && !pinnedAt ? null : (
          <p class="body" dir="auto">
            <RichText
              body={body ?? ''}
              mentions={mentions}
              viewerId={viewer.id}
              tabIndex={tabIndex}
            />
            {editedAt && (
              <small class="edited" title={momentOf(editedAt)}>
                {t('(edited)')}
              </small>
            )}
            {pinnedAt && (
              <small class="edited" title={momentOf(pinnedAt)}>
                {t('(pinned)')}
              </small>
            )}
          </p>
        )}
        {attachments.length > 0 && (
          <Attachments attachments={attachments} tabIndex={tabIndex} onPicture={onPicture} />
        )}
        {reactions.length > 0 && (
          <Reactions
            reactions={reactions}
            own={ownReactions}
            tabIndex={tabIndex}
            onReact={onReact}
          />
        )}
        {receipt && <small class="fate">{receipt}</small>}
      </div>
      <div class="actions">
        {onReact && !deletedAt && (
          <Menu
            label={t('React')}
            isRow
            tabIndex={tabIndex}
            items={emojis.map((emoji) => ({
              label: emoji,
              act: () => onReact(emoji, !ownReactions.has(emoji)),
            }))}
          >
            <Icon name="smile" />
          </Menu>
        )}
        {onReply && (
          <button
            type="button"
            class="plain"
            tabIndex={tabIndex}
            aria-label={t('Reply to {name}', { name: nameOf(author) })}
            title={t('Reply')}
            onClick={onReply}
          >
            <Icon name="reply" />
          </button>
        )}
        {more.length > 0 && (
          <Menu label={t('More')} tabIndex={tabIndex} items={more}>
            <Icon name="more" />
          </Menu>
        )}
      </div>
    </>
  );
}

const emojis = ['👍', '❤️', '😂', '🎉', '😮', '😢', '👀', '✅'];

interface ReactionsProps {
  readonly reactions: Message['reactions'];
  readonly own: ReadonlySet<string>;
  readonly tabIndex: number;
  readonly onReact: ((emoji: string, isGiven: boolean) => void) | undefined;
}

const Reactions = ({ reactions, own, tabIndex, onReact }: ReactionsProps) => (
  <div class="reactions">
    {reactions.map(({ emoji, count }) => (
      <button
        key={emoji}
        type="button"
        tabIndex={tabIndex}
        aria-pressed={own.has(emoji)}
        aria-label={`${emoji}, ${count}`}
        disabled={!onReact}
        onClick={() => onReact?.(emoji, !own.has(emoji))}
      >
        <span>{emoji}</span> {count}
      </button>
    ))}
  </div>
);
