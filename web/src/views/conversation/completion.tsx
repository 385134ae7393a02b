import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { Avatar } from '../elements/avatar.tsx';
import { t } from '../../texts/texts.ts';

/** The text between an @ and the caret; undefined if the caret is not in a mention. */
export const mentionBefore = (text: string, caret: number): string | undefined =>
  /(?:^|[^a-z0-9@/])@([a-z0-9_.-]{0,32})$/i.exec(text.slice(0, caret))?.[1];

export const matches = (user: User, prefix: string): boolean =>
  user.username.startsWith(prefix.toLowerCase()) ||
  nameOf(user).toLowerCase().startsWith(prefix.toLowerCase());

interface CompletionProps {
  readonly users: readonly User[];
  readonly chosen: number;
  readonly onChoose: (user: User) => void;
}

/** The users whose names match. The focus stays in the text field. */
export const Completion = ({ users, chosen, onChoose }: CompletionProps) => (
  <ul id="completion" class="completion" role="listbox" aria-label={t('Mention')}>
    {users.map((user, index) => (
      <li
        key={user.id}
        id={`completion-${index}`}
        role="option"
        aria-selected={index === chosen}
        onMouseDown={(event) => {
          event.preventDefault();
          onChoose(user);
        }}
      >
        <Avatar user={user} small />
        <strong>{nameOf(user)}</strong>
        <small>@{user.username}</small>
      </li>
    ))}
  </ul>
);
