import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import type { JoinedRoom } from '../../state/rooms.ts';
import { serverInfo } from '../../state/server-info.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { Menu, type MenuItem } from '../elements/menu.tsx';
import { canSetRoles, canModerate, rankOf } from '../moderation/moderation-rights.ts';
import { useOpenReports } from '../moderation/use-open-reports.ts';
import { lazy } from '../elements/lazy.tsx';
import { t } from '../../texts/texts.ts';

const FindPerson = lazy(async () => (await import('../elements/find-person.tsx')).FindPerson);
const InviteLinks = lazy(async () => (await import('./invite-links.tsx')).InviteLinks);
const LeaveRoom = lazy(async () => (await import('./leave-room.tsx')).LeaveRoom);
const LevelDialog = lazy(
  async () => (await import('../notifications/level-dialog.tsx')).LevelDialog,
);
const Moderation = lazy(async () => (await import('../moderation/moderation.tsx')).Moderation);
const RoomSettings = lazy(async () => (await import('./room-settings.tsx')).RoomSettings);

/** The actions on a room as a whole. */
export function RoomMenu({ entry, home }: { readonly entry: JoinedRoom; readonly home: Home }) {
  const [dialog, setDialog] = useState<
    'leave' | 'invite' | 'links' | 'notifications' | 'settings' | 'moderation'
  >();
  const { viewer, rooms } = home;
  const { name, visibility, archivedAt } = entry.room.value;
  const rank = rankOf(viewer, entry.role.value);
  const isModerator = canModerate(rank);
  const reports = useOpenReports(entry.id, home.notifications, isModerator, dialog);
  const hint = reports && `, ${t('{count} open reports', { count: reports })}`;
  const close = () => setDialog(undefined);

  async function invite(user: User): Promise<void> {
    close();
    const isInvited = await attempt(() =>
      causerie.inviteToRoom({ roomId: entry.id, userIds: [user.id] }),
    );
    if (!isInvited) return;
    const values = { user: nameOf(user), room: name };
    showToast(
      serverInfo.value?.invitationsAreAsked
        ? t('{user} was invited to {room}.', values)
        : t('{user} was added to {room}.', values),
    );
  }

  const mayInvite = !viewer.isGuest && !archivedAt && (visibility === 'PUBLIC' || isModerator);
  const items: MenuItem[] = [
    ...(mayInvite
      ? [
          { label: t('Invite…'), act: () => setDialog('invite') },
          { label: t('Invite links…'), act: () => setDialog('links') },
        ]
      : []),
    ...(viewer.isGuest
      ? []
      : [{ label: t('Notifications…'), act: () => setDialog('notifications') }]),
    ...(isModerator
      ? [
          { label: t('Settings'), act: () => setDialog('settings') },
          { label: `${t('Moderation')}${hint}`, act: () => setDialog('moderation') },
        ]
      : []),
    { label: t('Leave room…'), isGrave: true, act: () => setDialog('leave') },
  ];
  return (
    <>
      <Menu
        label={`${t('More about {name}', { name })}${hint}`}
        className="plain with-count"
        items={items}
      >
        <Icon name="more" />
        {reports && <span class="count">{reports}</span>}
      </Menu>
      {dialog === 'invite' && (
        <FindPerson
          title={t('Invite to {name}', { name })}
          viewerId={viewer.id}
          onClose={close}
          onChoose={(user) => void invite(user)}
        />
      )}
      {dialog === 'links' && <InviteLinks roomId={entry.id} name={name} onClose={close} />}
      {dialog === 'notifications' && (
        <LevelDialog
          name={name}
          conversationId={entry.id}
          conversation={entry.conversation}
          onClose={close}
        />
      )}
      {dialog === 'settings' && (
        <RoomSettings room={entry.room.value} mayArchive={canSetRoles(rank)} onClose={close} />
      )}
      {dialog === 'leave' && <LeaveRoom entry={entry} rooms={rooms} onClose={close} />}
      {dialog === 'moderation' && <Moderation roomId={entry.id} onClose={close} />}
    </>
  );
}
