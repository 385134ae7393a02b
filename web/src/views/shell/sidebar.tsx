import { useState } from 'preact/hooks';
import type { Direct } from '../../state/directs.ts';
import type { Home } from '../../state/home.ts';
import type { JoinedRoom } from '../../state/rooms.ts';
import { isQuiet, type ConversationState } from '../../state/conversation.ts';
import { addressOf, go, isSamePage, route, type Route } from '../../state/route.ts';
import { searchOpen } from '../../state/search.ts';
import type { User } from '../../state/session.ts';
import { newestFirst } from '../../state/support.ts';
import { nameOf } from '../../state/timeline.ts';
import { AccountMenu } from '../account/account-menu.tsx';
import { Avatar } from '../elements/avatar.tsx';
import { Icon, Mark } from '../elements/icons.tsx';
import { useOpenReports } from '../moderation/use-open-reports.ts';
import { NotificationsMenu } from '../notifications/notifications-menu.tsx';
import { searchKey } from '../search/search-key.ts';
import { ThemeMenu } from './theme-menu.tsx';
import { lazy } from '../elements/lazy.tsx';
import { t } from '../../texts/texts.ts';

const FindPerson = lazy(async () => (await import('../elements/find-person.tsx')).FindPerson);
const CreateRoom = lazy(async () => (await import('../rooms/create-room.tsx')).CreateRoom);

export function Sidebar({ home }: { readonly home: Home }) {
  const [dialog, setDialog] = useState<'room' | 'person'>();
  const { viewer, rooms, directs } = home;
  const joined = [...(rooms.joined.value?.values() ?? [])].toSorted((one, other) =>
    one.room.value.name.localeCompare(other.room.value.name),
  );
  const people = [...directs.all.value.values()].toSorted((one, other) =>
    other.newestAt.value.localeCompare(one.newestAt.value),
  );
  function openDirect(user: User): void {
    setDialog(undefined);
    go({ at: 'direct', id: user.id });
  }

  return (
    <nav class="sidebar" aria-label={t('Conversations')}>
      <header>
        <Mark />
        <strong>Causerie</strong>
        {!viewer.isGuest && <NotificationsMenu home={home} />}
        <ThemeMenu />
      </header>
      <button
        type="button"
        class="search-button"
        title={t('Search in all messages ({key})', { key: searchKey.label })}
        aria-keyshortcuts={searchKey.shortcut}
        onClick={() => (searchOpen.value = { scope: 'everywhere' })}
      >
        <Icon name="search" />
        <span>{t('Search messages')}</span>
        <kbd aria-hidden="true">{searchKey.label}</kbd>
      </button>
      <div class="sidebar-lists">
        <Link
          to={{ at: 'lobby' }}
          count={home.invitations.list.value.length}
          countOf={t('invitations')}
        >
          <Icon name="home" />
          <span class="name">{t('Lobby')}</span>
        </Link>
        <h2>
          {t('Rooms')}
          {!viewer.isGuest && <Add label={t('New room')} act={() => setDialog('room')} />}
        </h2>
        <ul>
          {joined.map((entry) => (
            <li key={entry.id}>
              <RoomLink entry={entry} />
            </li>
          ))}
        </ul>
        {!viewer.isGuest && (
          <>
            <h2>
              {t('Private messages')}
              <Add label={t('New private message')} act={() => setDialog('person')} />
            </h2>
            <ul>
              {people.map((direct) => (
                <li key={direct.peer.id}>
                  <DirectLink direct={direct} />
                </li>
              ))}
            </ul>
          </>
        )}
        <SupportLinks home={home} />
      </div>
      <footer>
        <Avatar user={viewer} isOnline />
        <span class="who">
          <strong>{nameOf(viewer)}</strong>
          <small>{viewer.isGuest ? t('Guest') : `@${viewer.username}`}</small>
        </span>
        <AccountMenu viewer={viewer} />
      </footer>
      {dialog === 'room' && <CreateRoom home={home} onClose={() => setDialog(undefined)} />}
      {dialog === 'person' && (
        <FindPerson
          title={t('New private message')}
          viewerId={viewer.id}
          onClose={() => setDialog(undefined)}
          onChoose={openDirect}
        />
      )}
    </nav>
  );
}

const Add = ({ label, act }: { readonly label: string; readonly act: () => void }) => (
  <button type="button" class="plain" aria-label={label} title={label} onClick={act}>
    <Icon name="plus" />
  </button>
);

function RoomLink({ entry: { id, room, conversation } }: { readonly entry: JoinedRoom }) {
  const { name, visibility } = room.value;
  return (
    <Link to={{ at: 'room', id }} conversation={conversation} isForViewer={false}>
      <Icon name={visibility === 'PRIVATE' ? 'lock' : 'hash'} />
      <span class="name" dir="auto">
        {name}
      </span>
    </Link>
  );
}

const casesInSidebar = 10;

function SupportLinks({ home }: { readonly home: Home }) {
  const { viewer, support } = home;
  const isDesk = viewer.role === 'ADMIN';
  if (!isDesk && support.cases.value.size === 0) return null;
  const cases = newestFirst(support.cases.value.values()).filter(
    ({ about, conversation }) =>
      !isDesk || about.value.status === 'OPEN' || conversation.unread.value > 0,
  );
  return (
    <>
      <h2>{isDesk ? t('Support desk') : t('Help')}</h2>
      <ul>
        {cases.slice(0, casesInSidebar).map(({ id, about, conversation }) => (
          <li key={id}>
            <Link to={{ at: 'support', id }} conversation={conversation}>
              <Icon name="help" />
              <span class="name">{isDesk ? nameOf(about.value.customer) : t('Support')}</span>
              {about.value.assignee?.id === viewer.id && <span class="badge">{t('yours')}</span>}
            </Link>
          </li>
        ))}
        {isDesk && (
          <>
            <li>
              <Link to={{ at: 'desk' }}>
                <Icon name="more" />
                <span class="name">{t('All conversations')}</span>
              </Link>
            </li>
            <li>
              <ReportsLink home={home} />
            </li>
          </>
        )}
      </ul>
    </>
  );
}

function ReportsLink({ home }: { readonly home: Home }) {
  const count = useOpenReports(undefined, home.notifications, true, route.value.at === 'reports');
  return (
    <Link to={{ at: 'reports' }} count={count} countOf={t('open')}>
      <Icon name="flag" />
      <span class="name">{t('Reports')}</span>
    </Link>
  );
}

const DirectLink = ({ direct: { peer, conversation } }: { readonly direct: Direct }) => (
  <Link to={{ at: 'direct', id: peer.id }} conversation={conversation}>
    <Avatar user={peer} small />
    <span class="name" dir="auto">
      {nameOf(peer)}
    </span>
  </Link>
);

interface LinkProps {
  readonly to: Route;
  /** Its unread messages are counted. */
  readonly conversation?: ConversationState;
  /** Not shown if it is 0 or empty. */
  readonly count?: number | string;
  readonly countOf?: string;
  /** Whether what is counted is for the viewer personally. */
  readonly isForViewer?: boolean;
  readonly children: preact.ComponentChildren;
}

function Link({
  to,
  conversation,
  count = conversation?.unread.value ?? 0,
  countOf = t('unread'),
  isForViewer = true,
  children,
}: LinkProps) {
  const isHere = isSamePage(route.value, to);
  const isSilenced = conversation !== undefined && isQuiet(conversation);
  const marks = `${count && !isSilenced ? 'is-unread' : ''} ${isForViewer && !isSilenced ? 'is-for-me' : ''} ${isSilenced ? 'is-quiet' : ''}`;
  return (
    <a href={addressOf(to)} class={marks} aria-current={isHere ? 'page' : undefined}>
      {children}
      {isSilenced && (
        <>
          <Icon name="bellOff" />
          <span class="unseen">{t('notifications are off')}</span>
        </>
      )}
      {!!count && (
        <span class="count">
          {typeof count === 'number' && count > 99 ? '99+' : count}
          <span class="unseen"> {countOf}</span>
        </span>
      )}
    </a>
  );
}
