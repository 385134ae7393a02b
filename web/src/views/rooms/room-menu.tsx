import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import type { JoinedRoom } from '../../state/rooms.ts';
import { go } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { FindPerson } from '../elements/find-person.tsx';
import { Icon } from '../elements/icons.tsx';
import { Menu, type MenuItem } from '../elements/menu.tsx';
import { givesRoles, keepsOrder, moderates } from '../moderation/moderation-rights.ts';
import { Moderation } from '../moderation/moderation.tsx';
import { useOpenReports } from '../moderation/use-open-reports.ts';
import { RoomSettings } from './room-settings.tsx';

/** What one can do with a room as a whole. */
export function RoomMenu({ entry, home }: { readonly entry: JoinedRoom; readonly home: Home }) {
  const [dialog, setDialog] = useState<'invite' | 'settings' | 'moderation'>();
  const { viewer, rooms } = home;
  const { name, visibility, archivedAt } = entry.room.value;
  const standing = moderates(viewer, entry.role.value);
  const isKeeper = keepsOrder(standing);
  const reports = useOpenReports(entry.id, home.notifications, isKeeper, dialog);
  const hint = reports && `, ${reports} open ${reports === '1' ? 'report' : 'reports'}`;
  const close = () => setDialog(undefined);

  async function leave(): Promise<void> {
    const isOut = await attempt(() => causerie.leaveRoom({ roomId: entry.id }));
    if (!isOut) return;
    rooms.remove(entry.id);
    go({ at: 'lobby' });
  }

  async function invite(user: User): Promise<void> {
    close();
    const isIn = await attempt(() =>
      causerie.inviteToRoom({ roomId: entry.id, userIds: [user.id] }),
    );
    if (isIn) showToast(`${nameOf(user)} is in ${name} now.`);
  }

  const items: MenuItem[] = [
    ...(!viewer.isGuest && !archivedAt && (visibility === 'PUBLIC' || isKeeper)
      ? [{ label: 'Invite somebody', act: () => setDialog('invite') }]
      : []),
    ...(isKeeper
      ? [
          { label: 'Settings', act: () => setDialog('settings') },
          { label: `Moderation${hint}`, act: () => setDialog('moderation') },
        ]
      : []),
    { label: 'Leave the room', isGrave: true, act: () => void leave() },
  ];
  return (
    <>
      <Menu label={`More about ${name}${hint}`} className="plain with-count" items={items}>
        <Icon name="more" />
        {reports && <span class="count">{reports}</span>}
      </Menu>
      {dialog === 'invite' && (
        <FindPerson
          title={`Invite to ${name}`}
          viewerId={viewer.id}
          onClose={close}
          onChoose={(user) => void invite(user)}
        />
      )}
      {dialog === 'settings' && (
        <RoomSettings room={entry.room.value} mayArchive={givesRoles(standing)} onClose={close} />
      )}
      {dialog === 'moderation' && <Moderation roomId={entry.id} onClose={close} />}
    </>
  );
}
