import { home } from '../../state/home.ts';
import { Inside } from './inside.tsx';
import { Toasts } from './toasts.tsx';
import { lazy } from '../elements/lazy.tsx';

const Welcome = lazy(async () => (await import('./welcome.tsx')).Welcome);

export function App() {
  return (
    <>
      {home.value ? <Inside home={home.value} /> : <Welcome />}
      <Toasts />
    </>
  );
}
