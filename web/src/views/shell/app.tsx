import { home } from '../../state/home.ts';
import { Inside } from './inside.tsx';
import { Toasts } from './toasts.tsx';
import { Welcome } from './welcome.tsx';

export function App() {
  return (
    <>
      {home.value ? <Inside home={home.value} /> : <Welcome />}
      <Toasts />
    </>
  );
}
