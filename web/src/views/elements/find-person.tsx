import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { Avatar } from './avatar.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { t } from '../../texts/texts.ts';

interface FindPersonProps {
  readonly title: string;
  readonly viewerId: string;
  readonly onClose: () => void;
  readonly onChoose: (user: User) => void;
}

const pauseMs = 150;

/** Lets the viewer find a user by name. */
export function FindPerson({ title, viewerId, onClose, onChoose }: FindPersonProps) {
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<readonly (User & { isOnline: boolean })[]>();

  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      load(controller.signal).catch(() => {});
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [search, viewerId]);

  async function load(signal: AbortSignal): Promise<void> {
    const { edges } = await causerie.users(
      { search: search.trim() || null, first: 20 },
      { signal },
    );
    const users = edges.map(({ node }) => node);
    setFound(users.filter(({ id }) => id !== viewerId));
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <Field label={t('Name')}>
        <input
          type="search"
          value={search}
          maxLength={64}
          autocomplete="off"
          autofocus
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </Field>
      <ul class="people">
        {found?.map((user) => (
          <li key={user.id}>
            <button type="button" onClick={() => onChoose(user)}>
              <Avatar user={user} isOnline={user.isOnline} />
              <span class="who">
                <strong>{nameOf(user)}</strong>
                <small>@{user.username}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p class="hint" role="status">
        {found?.length === 0 ? t('No users found.') : ''}
      </p>
    </Dialog>
  );
}
