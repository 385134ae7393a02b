import { useState, useSyncExternalStore, type FormEvent } from 'react';
import { causerie } from './causerie.ts';
import { Lobby } from './lobby.tsx';

export function App() {
  const session = useSyncExternalStore(causerie.onSession, () => causerie.session);
  return session ? <Lobby /> : <SignIn />;
}

function SignIn() {
  const [refusal, setRefusal] = useState('');
  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const displayName = String(new FormData(event.currentTarget).get('name'));
    try {
      await causerie.signInAsGuest({ displayName });
    } catch (error) {
      setRefusal((error as Error).message);
    }
  }
  return (
    <form onSubmit={enter}>
      <input name="name" aria-label="Your name" placeholder="Your name" required />
      <button>Continue as guest</button>
      <p role="alert">{refusal}</p>
    </form>
  );
}
