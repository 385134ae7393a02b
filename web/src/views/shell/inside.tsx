import { useEffect } from 'preact/hooks';
import { unread, type Home } from '../../state/home.ts';
import { route } from '../../state/route.ts';
import { searchOpen } from '../../state/search.ts';
import { useFileDrop } from '../conversation/use-file-drop.ts';
import { shownPerson } from '../../state/shown-person.ts';
import { DirectPage } from '../direct/direct-page.tsx';
import { Lobby } from '../rooms/lobby.tsx';
import { RoomPage } from '../rooms/room-page.tsx';
import { searchKey } from '../search/search-key.ts';
import { ConnectionLine } from '../elements/connection-line.tsx';
import { Sidebar } from './sidebar.tsx';
import { Skeleton } from '../elements/skeleton.tsx';
import { lazy } from '../elements/lazy.tsx';

const ReportsPage = lazy(async () => (await import('../reports/reports-page.tsx')).ReportsPage);
const SearchMessages = lazy(
  async () => (await import('../search/search-messages.tsx')).SearchMessages,
);
const SupportPage = lazy(async () => (await import('../support/support-page.tsx')).SupportPage);
const JoinPage = lazy(async () => (await import('../rooms/join-page.tsx')).JoinPage);
const NamedRoom = lazy(async () => (await import('../rooms/named-room.tsx')).NamedRoom);
const PersonCard = lazy(async () => (await import('../people/person-card.tsx')).PersonCard);
const DeskPage = lazy(async () => (await import('../support/desk-page.tsx')).DeskPage);

/** The page of a user who is signed in. */
export function Inside({ home }: { readonly home: Home }) {
  const count = unread.value;
  useFileDrop(undefined);
  const isReady = home.isReady.value;
  // The keys after the shortcut go to its field.
  useEffect(() => void (isReady && SearchMessages.preload()), [isReady]);
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Causerie` : 'Causerie';
  }, [count]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!searchKey.isPressed(event)) return;
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) searchOpen.value = { scope: 'everywhere' };
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
      searchOpen.value = undefined;
      shownPerson.value = undefined;
    };
  }, []);
  return (
    <div class="shell" data-at={route.value.at}>
      {!('id' in route.value) && <ConnectionLine />}
      {isReady ? (
        <>
          <Sidebar home={home} />
          <Page home={home} />
          {shownPerson.value && (
            <PersonCard
              key={shownPerson.value.id}
              person={shownPerson.value}
              viewer={home.viewer}
            />
          )}
          {searchOpen.value && (
            <SearchMessages key={searchOpen.value} home={home} opening={searchOpen.value} />
          )}
        </>
      ) : (
        <main class="opening" aria-busy="true">
          <Skeleton kind="line" rows={5} />
          <Skeleton kind="message" rows={6} />
        </main>
      )}
    </div>
  );
}

function Page({ home }: { readonly home: Home }) {
  const current = route.value;
  if (current.at === 'room') return <RoomPage key={current.id} id={current.id} home={home} />;
  if (current.at === 'direct')
    return <DirectPage key={current.id} peerId={current.id} home={home} />;
  if (current.at === 'support') return <SupportPage key={current.id} id={current.id} home={home} />;
  if (current.at === 'join') return <JoinPage key={current.code} code={current.code} home={home} />;
  if (current.at === 'named') return <NamedRoom key={current.name} name={current.name} />;
  if (current.at === 'desk' && home.viewer.role === 'ADMIN') return <DeskPage home={home} />;
  if (current.at === 'reports' && home.viewer.role === 'ADMIN') return <ReportsPage home={home} />;
  return <Lobby home={home} />;
}
