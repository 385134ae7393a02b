import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { blocked, unblock } from '../../state/blocked.ts';
import { go } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import { shownPerson, type KnownPerson } from '../../state/shown-person.ts';
import { nameOf } from '../../state/timeline.ts';
import { dateOf, momentOf } from '../../state/times.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { Avatar } from '../elements/avatar.tsx';
import { Dialog } from '../elements/dialog.tsx';
import { BlockPerson } from './block-person.tsx';
import { ReportPerson } from './report-person.tsx';
import { t } from '../../texts/texts.ts';

type Loaded = NonNullable<Awaited<ReturnType<typeof causerie.user>>>;

interface PersonCardProps {
  readonly person: KnownPerson;
  readonly viewer: User;
}

/** A person, and what the viewer can do: write to them, block or report them. */
export function PersonCard({ person, viewer }: PersonCardProps) {
  const [loaded, setLoaded] = useState<Loaded | null>();
  const [dialog, setDialog] = useState<'block' | 'report'>();
  const close = () => void (shownPerson.value = undefined);
  const closeDialog = () => setDialog(undefined);

  useEffect(() => {
    const controller = new AbortController();
    void attempt(async () =>
      setLoaded(await causerie.user({ id: person.id }, { signal: controller.signal })),
    );
    return () => controller.abort();
  }, [person.id]);

  const user = loaded ?? (person.displayName === undefined ? undefined : (person as User));
  const name = user ? nameOf(user) : person.username;
  const isSelf = person.id === viewer.id;
  const isBlocked = blocked.value.has(person.id);
  const mayWrite = user && !isSelf && !viewer.isGuest && !user.isGuest;

  async function lift(): Promise<void> {
    if (user && (await attempt(() => unblock(user))))
      showToast(t('{name} is no longer blocked.', { name }));
  }

  function write(): void {
    close();
    go({ at: 'direct', id: person.id });
  }

  return (
    <Dialog title={name} className="person-card" onClose={close}>
      <div class="person-about">
        {user && <Avatar user={user} isOnline={loaded?.isOnline ?? false} />}
        <div>
          <p class="person-username" dir="auto">
            @{person.username}
            {user?.isGuest && <span class="badge">{t('guest')}</span>}
            {user?.isBot && <span class="badge">{t('bot')}</span>}
            {user?.role === 'ADMIN' && <span class="badge">{t('admin')}</span>}
          </p>
          <p aria-busy={loaded === undefined}>
            {loaded === null ? t('This account no longer exists.') : stateOf(loaded)}
          </p>
          {loaded && <small>{t('Member since {date}', { date: dateOf(loaded.createdAt) })}</small>}
        </div>
      </div>
      {isBlocked && <p class="person-blocked">{t('You have blocked this person.')}</p>}
      {user && loaded !== null && !isSelf && (
        <div class="person-actions">
          {mayWrite && !isBlocked && (
            <button type="button" class="primary" onClick={write}>
              {t('Message')}
            </button>
          )}
          {isBlocked ? (
            <button type="button" class="button" onClick={() => void lift()}>
              {t('Unblock')}
            </button>
          ) : (
            <button type="button" class="button is-grave" onClick={() => setDialog('block')}>
              {t('Block…')}
            </button>
          )}
          {!viewer.isGuest && (
            <button type="button" class="button is-grave" onClick={() => setDialog('report')}>
              {t('Report…')}
            </button>
          )}
        </div>
      )}
      {user && dialog === 'block' && <BlockPerson user={user} onClose={closeDialog} />}
      {user && dialog === 'report' && <ReportPerson user={user} onClose={closeDialog} />}
    </Dialog>
  );
}

function stateOf(loaded: Loaded | undefined): string {
  if (!loaded) return '';
  if (loaded.isOnline) return t('Online');
  return loaded.lastSeenAt
    ? t('Last seen {time}', { time: momentOf(loaded.lastSeenAt) })
    : t('Offline');
}
