import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { attempt } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu } from '../elements/menu.tsx';
import { Announce } from './announce.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { Profile } from './profile.tsx';

/** The actions of the viewer on their own account, and those of admins. */
export function AccountMenu({ viewer }: { readonly viewer: User }) {
  const [dialog, setDialog] = useState<'profile' | 'announce' | 'delete'>();
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu
        label="Your account"
        items={[
          { label: 'Your profile', act: () => setDialog('profile') },
          { label: 'Download my data', act: () => void attempt(downloadData) },
          ...(viewer.role === 'ADMIN'
            ? [{ label: 'Announce…', act: () => setDialog('announce') }]
            : []),
          { label: 'Open GraphiQL', act: () => void open('/graphql', '_blank', 'noopener') },
          { label: 'Sign out', act: () => void attempt(() => causerie.signOut()) },
          { label: 'Delete my account…', isGrave: true, act: () => setDialog('delete') },
        ]}
      >
        <Icon name="more" />
      </Menu>
      {dialog === 'profile' && <Profile viewer={viewer} onClose={close} />}
      {dialog === 'announce' && <Announce onClose={close} />}
      {dialog === 'delete' && <DeleteAccount viewer={viewer} onClose={close} />}
    </>
  );
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
