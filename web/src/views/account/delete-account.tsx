import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { reasonOf } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

/** Asks for the password, since nothing brings it back. */
export function DeleteAccount({ viewer, onClose }: { readonly viewer: User; readonly onClose: () => void }) {
  const [refusal, setRefusal] = useState<string>();

  async function remove(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const password = new FormData(event.currentTarget as HTMLFormElement).get('password');
    try {
      await causerie.deleteMyAccount({ password: password === null ? undefined : String(password) });
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  }

  return (
    <Dialog title="Delete your account?" onClose={onClose}>
      <form onSubmit={remove}>
        <p>You leave all rooms, and your name is gone everywhere. This cannot be undone.</p>
        {!viewer.isGuest && (
          <label class="field">
            <span>Password</span>
            <input name="password" type="password" required autocomplete="current-password" autofocus />
          </label>
        )}
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <button type="submit" class="primary is-grave">
          Delete my account
        </button>
      </form>
    </Dialog>
  );
}
