import { useEffect } from 'preact/hooks';
import { home } from '../state/home.ts';
import { route } from '../state/route.ts';
import { searchOpen } from '../state/search.ts';
import { ConnectionLine } from './connection-line.tsx';
import { DirectPage } from './direct-page.tsx';
import { Lobby } from './lobby.tsx';
import { RoomPage } from './room-page.tsx';
import { SearchMessages } from './search-messages.tsx';
import { searchKey } from './search-key.ts';
import { Sidebar } from './sidebar.tsx';
import { SupportPage } from './support-page.tsx';
import { Toasts } from './toasts.tsx';
import { Welcome } from './welcome.tsx';

export function App() {
  return (
    <>
      {home.value ? <Inside /> : <Welcome />}
      <Toasts />
    </>
  );
}

function Inside() {
  const { at } = route.value;
  const unread = home.value!.unread.value;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Causerie` : 'Causerie';
  }, [unread]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!searchKey.isPressed(event)) return;
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) searchOpen.value = 'everywhere';
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
      searchOpen.value = undefined;
    };
  }, []);
  return (
    <div class="shell" data-at={at}>
      <ConnectionLine />
      <Sidebar home={home.value!} />
      <Place />
      {searchOpen.value && <SearchMessages key={searchOpen.value} home={home.value!} begins={searchOpen.value} />}
    </div>
  );
}

function Place() {
  const current = route.value;
  if (current.at === 'room') return <RoomPage key={current.id} id={current.id} home={home.value!} />;
  if (current.at === 'direct') return <DirectPage key={current.id} peerId={current.id} home={home.value!} />;
  if (current.at === 'support') return <SupportPage key={current.id} id={current.id} home={home.value!} />;
  return <Lobby home={home.value!} />;
}
