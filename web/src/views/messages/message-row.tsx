import type { ComponentChildren } from 'preact';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { momentOf, timeOf } from '../../state/times.ts';
import { Avatar } from '../elements/avatar.tsx';

interface MessageRowProps {
  readonly rowKey: string;
  readonly isActive: boolean;
  readonly isFirst: boolean;
  /** Classes that say what becomes of it. */
  readonly marks: string;
  readonly author: User;
  readonly at: string;
  readonly children: ComponentChildren;
}

/** A message from when it is written on: it stays the same element when it is stored, so that who has come to it with the keyboard stays there. */
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
      {isFirst ? <Avatar user={author} /> : <time dateTime={at}>{timeOf(at)}</time>}
    </div>
    {children}
  </li>
);

/** Those who listen are told it with each message. */
export const Author = ({
  author,
  isFirst,
  at,
  children,
}: {
  readonly author: User;
  readonly isFirst: boolean;
  readonly at: string;
  readonly children?: ComponentChildren;
}) => (
  <p class={isFirst ? 'author' : 'author unseen'}>
    <strong>{nameOf(author)}</strong>
    {author.isGuest && <span class="badge">guest</span>}
    <time dateTime={at} title={momentOf(at)}>
      {timeOf(at)}
    </time>
    {children}
  </p>
);
