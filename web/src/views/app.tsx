import { useEffect } from 'preact/hooks';
import { home, unread } from '../state/home.ts';
import { route } from '../state/route.ts';
import { ConnectionLine } from './connection-line.tsx';
import { DeskPage } from './desk-page.tsx';
import { DirectPage } from './direct-page.tsx';
import { Lobby } from './lobby.tsx';
import { RoomPage } from './room-page.tsx';
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
  const count = unread.value;
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Causerie` : 'Causerie';
  }, [count]);
  return (
    <div class="shell" data-at={at}>
      <ConnectionLine />
      <Sidebar home={home.value!} />
      <Place />
    </div>
  );
}

function Place() {
  const current = route.value;
  if (current.at === 'room') return <RoomPage key={current.id} id={current.id} home={home.value!} />;
  if (current.at === 'direct') return <DirectPage key={current.id} peerId={current.id} home={home.value!} />;
  if (current.at === 'support') return <SupportPage key={current.id} id={current.id} home={home.value!} />;
  if (current.at === 'desk' && home.value!.viewer.role === 'ADMIN') return <DeskPage home={home.value!} />;
  return <Lobby home={home.value!} />;
}
