import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import { go } from '../../state/route.ts';
import { reasonOf } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

export function CreateRoom({ home, onClose }: { readonly home: Home; readonly onClose: () => void }) {
  const [refusal, setRefusal] = useState<string>();

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    try {
      const room = await causerie.createRoom({ name: String(given.get('name')), topic: String(given.get('topic')) || null, visibility: given.get('private') ? 'PRIVATE' : 'PUBLIC' });
      home.rooms.add(room);
      onClose();
      go({ at: 'room', id: room.id });
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  }

  return (
    <Dialog title="New room" onClose={onClose}>
      <form onSubmit={create}>
        <label class="field">
          <span>Name</span>
          <input name="name" required maxLength={64} autocomplete="off" autofocus />
        </label>
        <label class="field">
          <span>
            Topic <small>Optional</small>
          </span>
          <input name="topic" maxLength={1024} autocomplete="off" />
        </label>
        <label class="check">
          <input name="private" type="checkbox" />
          <span>
            Private <small>Only who is invited sees it</small>
          </span>
        </label>
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <button type="submit" class="primary">
          Create room
        </button>
      </form>
    </Dialog>
  );
}
