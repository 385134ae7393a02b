import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { reasonOf } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

/** What others see of the viewer. */
export function Profile({ viewer, onClose }: { readonly viewer: User; readonly onClose: () => void }) {
  const [refusal, setRefusal] = useState<string>();

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const username = String(given.get('username') ?? viewer.username);
    try {
      await causerie.updateProfile({
        displayName: String(given.get('displayName')),
        username: username === viewer.username ? undefined : username,
        avatarUrl: String(given.get('avatarUrl')).trim() || null,
      });
      onClose();
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  }

  return (
    <Dialog title="Your profile" onClose={onClose}>
      <form onSubmit={save}>
        <label class="field">
          <span>Name others see</span>
          <input name="displayName" required maxLength={64} autocomplete="nickname" defaultValue={viewer.displayName} autofocus />
        </label>
        {!viewer.isGuest && (
          <label class="field">
            <span>
              Username <small>By it you sign in and are mentioned</small>
            </span>
            <input name="username" required minLength={2} maxLength={32} autocomplete="username" autocapitalize="none" defaultValue={viewer.username} />
          </label>
        )}
        <label class="field">
          <span>
            Picture <small>Optional: its address, beginning with https:</small>
          </span>
          <input name="avatarUrl" type="url" pattern="https://.*" maxLength={2048} autocomplete="photo" defaultValue={viewer.avatarUrl ?? ''} />
        </label>
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <button type="submit" class="primary">
          Save
        </button>
      </form>
    </Dialog>
  );
}
