import type { ComponentChildren } from 'preact';
import type { Message } from '../state/timeline.ts';
import { nameOf } from '../state/timeline.ts';
import { momentOf, timeOf } from '../state/times.ts';
import type { User } from '../state/session.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { Menu, type MenuItem } from './menu.tsx';
import { RichText } from './rich-text.tsx';

export interface RowProps {
  readonly rowKey: string;
  readonly isActive: boolean;
  readonly isShown: boolean;
}

interface MessageRowProps extends RowProps {
  readonly message: Message;
  readonly isFirst: boolean;
  readonly viewer: User;
  /** What stands below it: whether it was read. */
  readonly fate: string | undefined;
  readonly onReply: (() => void) | undefined;
  readonly onShow: (message: { readonly seq: number }) => void;
  readonly more: readonly MenuItem[];
  readonly ownReactions: ReadonlySet<string>;
  /** Undefined where the viewer may not react. */
  readonly onReact: ((emoji: string, isGiven: boolean) => void) | undefined;
}

export function MessageRow({ rowKey, isActive, isShown, message, isFirst, viewer, fate, onReply, onShow, more, ownReactions, onReact }: MessageRowProps) {
  const { author, body, createdAt, editedAt, deletedAt, replyTo, mentions, reactions } = message;
  const isToMe = mentions.some(({ id }) => id === viewer.id);
  const tabIndex = isActive ? 0 : -1;
  return (
    <li data-key={rowKey} tabIndex={tabIndex} class={`row message ${isFirst ? 'is-first' : ''} ${isToMe ? 'is-to-me' : ''} ${isShown ? 'is-shown' : ''}`}>
      <Gutter author={author} isFirst={isFirst} at={createdAt} />
      <div class="said">
        {replyTo && (
          <button type="button" class="quote" tabIndex={tabIndex} onClick={() => onShow(replyTo)}>
            <Icon name="reply" />
            <strong>{nameOf(replyTo.author)}</strong> <span>{replyTo.body ?? 'deleted'}</span>
          </button>
        )}
        <Author author={author} isFirst={isFirst} at={createdAt} />
        {deletedAt ? (
          <p class="body is-deleted">This message was deleted.</p>
        ) : (
          <p class="body">
            <RichText body={body ?? ''} mentions={mentions} viewerId={viewer.id} />
            {editedAt && (
              <small class="edited" title={momentOf(editedAt)}>
                (edited)
              </small>
            )}
          </p>
        )}
        {reactions.length > 0 && <Reactions reactions={reactions} own={ownReactions} tabIndex={tabIndex} onReact={onReact} />}
        {fate && <small class="fate">{fate}</small>}
      </div>
      <div class="actions">
        {onReact && !deletedAt && (
          <Menu label="React" isRow tabIndex={tabIndex} items={emojis.map((emoji) => ({ label: emoji, act: () => onReact(emoji, !ownReactions.has(emoji)) }))}>
            <Icon name="smile" />
          </Menu>
        )}
        {onReply && (
          <button type="button" class="plain" tabIndex={tabIndex} aria-label={`Reply to ${nameOf(author)}`} title="Reply" onClick={onReply}>
            <Icon name="reply" />
          </button>
        )}
        {more.length > 0 && (
          <Menu label="More" tabIndex={tabIndex} items={more}>
            <Icon name="more" />
          </Menu>
        )}
      </div>
    </li>
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

export const Gutter = ({ author, isFirst, at }: { readonly author: User; readonly isFirst: boolean; readonly at: string }) => (
  <div class="gutter">{isFirst ? <Avatar user={author} /> : <time dateTime={at}>{timeOf(at)}</time>}</div>
);

/** Those who listen are told it with each message. */
export const Author = ({ author, isFirst, at, children }: { readonly author: User; readonly isFirst: boolean; readonly at: string; readonly children?: ComponentChildren }) => (
  <p class={isFirst ? 'author' : 'author unseen'}>
    <strong>{nameOf(author)}</strong>
    {author.isGuest && <span class="badge">guest</span>}
    <time dateTime={at} title={momentOf(at)}>
      {timeOf(at)}
    </time>
    {children}
  </p>
);
