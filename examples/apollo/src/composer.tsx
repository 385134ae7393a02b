import { useState, useSyncExternalStore, type FormEvent } from 'react';
import { causerie } from './causerie.ts';

/**
 * Sends messages. The SDK repeats a send until the server answers. The message appears when its
 * event arrives, like those of others.
 */
export function Composer({ roomId }: { readonly roomId: string }) {
  const [refusal, setRefusal] = useState('');
  const { status } = useSyncExternalStore(causerie.onConnection, () => causerie.connection);
  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const body = String(new FormData(event.currentTarget).get('body'));
    event.currentTarget.reset();
    setRefusal('');
    causerie
      .sendMessage({ conversationId: roomId, body })
      .catch((error: Error) => setRefusal(error.message));
  }
  return (
    <form onSubmit={send}>
      <input name="body" aria-label="Message" autoComplete="off" required />
      <button>Send</button>
      <output>{status === 'connected' ? '' : 'reconnecting…'}</output>
      <p role="alert">{refusal}</p>
    </form>
  );
}
