import { isCauserieError } from '@causerie/client';
import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import type { LobbyRoom } from '../../state/lobby.ts';
import { addressOf, go } from '../../state/route.ts';
import { reasonOf, showToast } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { t } from '../../texts/texts.ts';
import { Skeleton } from '../elements/skeleton.tsx';
import { InvitationList } from './invitation-list.tsx';
import { useFoundRooms } from './found-rooms.ts';

/**
 * The rooms in use, with the members who are online. On a server with many rooms, the search also
 * finds the others.
 */
export function Lobby({ home }: { readonly home: Home }) {
  const [search, setSearch] = useState('');
  const all = home.lobby.rooms.value;
  const others = home.lobby.otherRoomCount.value;
  const wanted = search.trim().toLowerCase();
  const found = useFoundRooms(others > 0 ? wanted : '');
  const entries = new Map(found.map((entry) => [entry.room.id, entry]));
  for (const [id, entry] of all ?? []) entries.set(id, entry);
  const shown = [...entries.values()]
    .filter(({ room }) => `${room.name} ${room.topic ?? ''}`.toLowerCase().includes(wanted))
    .toSorted(
      (one, other) =>
        other.onlineCount - one.onlineCount || one.room.name.localeCompare(other.room.name),
    );
  return (
    <main class="lobby">
      <header class="lobby-head">
        <div>
          <h1>{t('Lobby')}</h1>
          <p>{all ? countOf(all.size, others) : '\u00a0'}</p>
        </div>
        <label class="search">
          <Icon name="search" />
          <span class="unseen">{t('Find a room')}</span>
          <input
            type="search"
            placeholder={t('Find a room')}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
      </header>
      {home.invitations.list.value.length > 0 && <InvitationList home={home} />}
      <ul class="room-cards" aria-label={t('Rooms')} aria-busy={!all}>
        {shown.map((entry) => (
          <RoomCard key={entry.room.id} entry={entry} home={home} />
        ))}
      </ul>
      {!all && <Skeleton kind="line" rows={6} />}
      {all && shown.length === 0 && wanted === '' && (
        <p class="hint is-empty">{t('There are no rooms yet. Create the first one.')}</p>
      )}
      {all && shown.length === 0 && wanted !== '' && (
        <p class="hint is-empty">
          {t('No rooms found.')}{' '}
          <button type="button" class="link" onClick={() => setSearch('')}>
            {t('Show all rooms')}
          </button>
        </p>
      )}
    </main>
  );
}

const otherRoomsCounted = 1000;

function countOf(shown: number, others: number): string {
  if (others === 0) return t('{count} rooms', { count: shown });
  return others < otherRoomsCounted
    ? t('{count} rooms in use, and {others} more that you can find', { count: shown, others })
    : t('{count} rooms in use, and many more that you can find', { count: shown });
}

const maxNames = 4;

function RoomCard({
  entry: { room, onlineCount, usernames },
  home,
}: {
  readonly entry: LobbyRoom;
  readonly home: Home;
}) {
  const isJoined = home.rooms.joined.value?.has(room.id) ?? false;
  const to = { at: 'room', id: room.id } as const;
  async function join(): Promise<void> {
    try {
      home.rooms.add(await causerie.joinRoom({ roomId: room.id }));
    } catch (error) {
      // The page of the room tells a banned user about the ban.
      const isBan =
        isCauserieError(error) && error.code === 'FORBIDDEN' && error.until !== undefined;
      if (!isBan) return showToast(reasonOf(error), true);
    }
    go(to);
  }
  const names = usernames.slice(0, maxNames).join(', ');
  return (
    <li class="room-card">
      <a href={addressOf(to)}>
        <h2>
          <Icon name={room.visibility === 'PRIVATE' ? 'lock' : 'hash'} />
          <span dir="auto">{room.name}</span>
        </h2>
      </a>
      <p class="topic" dir="auto">
        {room.topic}
      </p>
      <p class="online">
        <span class={onlineCount > 0 ? 'dot' : 'dot is-off'} />
        {onlineCount > 0 ? t('{count} online', { count: onlineCount }) : t('No one online')}
        {names && <span class="names">{`${names}${onlineCount > maxNames ? ' …' : ''}`}</span>}
      </p>
      <footer>
        <small>{t('{count} members', { count: room.memberCount })}</small>
        {isJoined ? (
          <a class="button" href={addressOf(to)} aria-label={t('Open {name}', { name: room.name })}>
            {t('Open')}
          </a>
        ) : (
          <button
            type="button"
            class="primary small"
            aria-label={t('Join {name}', { name: room.name })}
            onClick={join}
          >
            {t('Join')}
          </button>
        )}
      </footer>
    </li>
  );
}
