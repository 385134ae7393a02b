import type { RoomFieldsFragment } from '@causerie/client';
import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { reasonOf } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

const pauses = [0, 5, 10, 30, 60, 300];

interface RoomSettingsProps {
  readonly room: RoomFieldsFragment;
  /** Owners alone decide whether a room is in use. */
  readonly mayArchive: boolean;
  readonly onClose: () => void;
}

export function RoomSettings({ room, mayArchive, onClose }: RoomSettingsProps) {
  const [refusal, setRefusal] = useState<string>();

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const archived = given.get('archived') === 'on';
    try {
      // What is as it was is not sent, and so not changed.
      await causerie.updateRoom({
        roomId: room.id,
        name: given.get('name') === room.name ? undefined : String(given.get('name')),
        topic: String(given.get('topic')) || null,
        slowModeSeconds: Number(given.get('slow')),
        archived: !mayArchive || archived === (room.archivedAt !== null) ? undefined : archived,
      });
      onClose();
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  }

  return (
    <Dialog title="Settings" onClose={onClose}>
      <form onSubmit={save}>
        <label class="field">
          <span>Name</span>
          <input name="name" required maxLength={64} autocomplete="off" defaultValue={room.name} />
        </label>
        <label class="field">
          <span>Topic</span>
          <input name="topic" maxLength={1024} autocomplete="off" defaultValue={room.topic ?? ''} />
        </label>
        <label class="field">
          <span>Slow mode</span>
          <select name="slow">
            {[...new Set([...pauses, room.slowModeSeconds])].map((seconds) => (
              <option key={seconds} value={String(seconds)} selected={seconds === room.slowModeSeconds}>
                {seconds === 0 ? 'Off' : `One message each ${seconds} s`}
              </option>
            ))}
          </select>
        </label>
        {mayArchive && (
          <label class="check">
            <input name="archived" type="checkbox" defaultChecked={room.archivedAt !== null} />
            <span>
              Archived <small>It can be read, and no longer written to</small>
            </span>
          </label>
        )}
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
