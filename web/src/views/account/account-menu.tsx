import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { forgetAll } from '../../state/kept.ts';
import type { User } from '../../state/session.ts';
import { attempt } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';
import { lazy } from '../elements/lazy.tsx';
import { t } from '../../texts/texts.ts';

const BlockedPeople = lazy(
  async () => (await import('../people/blocked-people.tsx')).BlockedPeople,
);
const Announce = lazy(async () => (await import('./announce.tsx')).Announce);
const DeleteAccount = lazy(async () => (await import('./delete-account.tsx')).DeleteAccount);
const Profile = lazy(async () => (await import('./profile.tsx')).Profile);

/** The actions of the viewer on their own account, and those of admins. */
export function AccountMenu({ viewer }: { readonly viewer: User }) {
  const [dialog, setDialog] = useState<'profile' | 'blocked' | 'announce' | 'delete'>();
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu
        label={t('Your account')}
        items={[
          { label: t('Your profile'), act: () => setDialog('profile') },
          { label: t('Blocked people'), act: () => setDialog('blocked') },
          { label: t('Download my data'), act: () => void attempt(downloadData) },
          ...(viewer.role === 'ADMIN'
            ? [{ label: t('Announce…'), act: () => setDialog('announce') }]
            : []),
          { label: t('Open GraphiQL'), act: () => void open('/graphql', '_blank', 'noopener') },
          { label: t('Sign out'), act: () => void attempt(() => signOut(viewer)) },
          { label: t('Delete my account…'), isGrave: true, act: () => setDialog('delete') },
        ]}
      >
        <Icon name="more" />
      </Menu>
      {dialog === 'profile' && <Profile viewer={viewer} onClose={close} />}
      {dialog === 'blocked' && <BlockedPeople onClose={close} />}
      {dialog === 'announce' && <Announce onClose={close} />}
      {dialog === 'delete' && <DeleteAccount viewer={viewer} onClose={close} />}
    </>
  );
}

async function signOut({ id }: User): Promise<void> {
  forgetAll(id);
  await causerie.signOut();
}

async function downloadData(): Promise<void> {
  const data = await causerie.exportMyData({ attempts: 3 });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }),
  );
  link.download = 'causerie.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
