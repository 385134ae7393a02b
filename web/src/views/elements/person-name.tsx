import { shownPerson } from '../../state/shown-person.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { Avatar } from './avatar.tsx';

interface PersonNameProps {
  readonly user: User;
  readonly tabIndex?: number;
}

/** The name of a person. It opens their card. */
export const PersonName = ({ user, tabIndex }: PersonNameProps) => (
  <button
    type="button"
    class="person-name"
    dir="auto"
    tabIndex={tabIndex}
    aria-haspopup="dialog"
    onClick={() => (shownPerson.value = user)}
  >
    {nameOf(user)}
  </button>
);

interface PersonAvatarProps {
  readonly user: User;
  readonly isOnline?: boolean;
  readonly small?: boolean;
}

/** The avatar beside a `PersonName`, which the keyboard reaches instead. */
export const PersonAvatar = (props: PersonAvatarProps) => (
  <span class="person-avatar" onClick={() => (shownPerson.value = props.user)}>
    <Avatar {...props} />
  </span>
);
