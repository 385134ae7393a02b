import { useState } from 'preact/hooks';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { hueOf } from './hue.ts';

function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0]!)
    .join('')
    .toUpperCase();
}

/** The name stands beside it, so it is hidden from screen readers. */
export function Avatar({
  user,
  isOnline,
  small,
}: {
  readonly user: User;
  readonly isOnline?: boolean;
  readonly small?: boolean;
}) {
  const [isBroken, setBroken] = useState(false);
  const picture = user.avatarUrl?.startsWith('https:') && !isBroken ? user.avatarUrl : undefined;
  return (
    <span
      class={`avatar hue-${hueOf(user.id)} ${small ? 'small' : ''} ${isOnline ? 'is-online' : ''}`}
      aria-hidden="true"
    >
      {picture ? (
        <img src={picture} alt="" loading="lazy" onError={() => setBroken(true)} />
      ) : (
        initialsOf(nameOf(user))
      )}
    </span>
  );
}
