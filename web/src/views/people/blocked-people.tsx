import { blocked, unblock } from '../../state/blocked.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import { Avatar } from '../elements/avatar.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { t } from '../../texts/texts.ts';

/** The people whom the viewer has blocked, each with a button to unblock them. */
export function BlockedPeople({ onClose }: { readonly onClose: () => void }) {
  const people = [...blocked.value.values()];
  return (
    <Dialog title={t('Blocked people')} onClose={onClose}>
      {people.length === 0 && (
        <p class="hint is-empty">
          {t('You have blocked nobody. Open the card of a person by their name to block them.')}
        </p>
      )}
      <ul class="people is-list">
        {people.map((user) => (
          <li key={user.id}>
            <Avatar user={user} />
            <span class="who">
              <strong dir="auto">{nameOf(user)}</strong>
              <small dir="auto">@{user.username}</small>
            </span>
            <button
              type="button"
              class="button"
              aria-label={t('Unblock {name}', { name: nameOf(user) })}
              onClick={() => void attempt(() => unblock(user))}
            >
              {t('Unblock')}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
