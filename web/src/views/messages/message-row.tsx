import type { ComponentChildren } from 'preact';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf, timeOf } from '../../state/times.ts';
import { PersonAvatar, PersonName } from '../elements/person-name.tsx';
import { t } from '../../texts/texts.ts';

interface MessageRowProps {
  readonly rowKey: string;
  readonly isActive: boolean;
  readonly isFirst: boolean;
  /** CSS classes for the state of the message. */
  readonly marks: string;
  readonly author: User;
  readonly at: string;
  readonly children: ComponentChildren;
}

/**
 * The row of a message. It stays the same element after the message is stored, so that it keeps the
 * keyboard focus.
 */
export const MessageRow = ({
  rowKey,
  isActive,
  isFirst,
  marks,
  author,
  at,
  children,
}: MessageRowProps) => (
  <li
    data-key={rowKey}
    tabIndex={isActive ? 0 : -1}
    class={`row message ${isFirst ? 'is-first' : ''} ${marks}`}
  >
    <div class="gutter">
      {isFirst ? <PersonAvatar user={author} /> : <time dateTime={at}>{timeOf(at)}</time>}
    </div>
    {children}
  </li>
);

/**
 * The author and the time. In a group only the first message shows them, but screen readers read
 * them for each.
 */
export const Author = ({
  author,
  isFirst,
  isActive,
  at,
  children,
}: {
  readonly author: User;
  readonly isFirst: boolean;
  /** Whether the keyboard is in this row. */
  readonly isActive: boolean;
  readonly at: string;
  readonly children?: ComponentChildren;
}) => (
  <p class={isFirst ? 'author' : 'author unseen'}>
    {isFirst ? (
      <PersonName user={author} tabIndex={isActive ? 0 : -1} />
    ) : (
      <strong>{nameOf(author)}</strong>
    )}
    {author.isGuest && <span class="badge">{t('guest')}</span>}
    {author.isBot && <span class="badge">{t('bot')}</span>}
    <time dateTime={at} title={momentOf(at)}>
      {timeOf(at)}
    </time>
    {children}
  </p>
);
