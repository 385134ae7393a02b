import type { RoomFieldsFragment } from '@causerie/client';
import { causerie } from '../../causerie.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

const pauses = [0, 5, 10, 30, 60, 300];

interface RoomSettingsProps {
  readonly room: RoomFieldsFragment;
  /** Only owners can archive a room. */
  readonly mayArchive: boolean;
  readonly onClose: () => void;
}

export function RoomSettings({ room, mayArchive, onClose }: RoomSettingsProps) {
  async function save(text: (name: string) => string): Promise<void> {
    const archived = text('archived') === 'on';
    // Unchanged fields are not sent.
    await causerie.updateRoom({
      roomId: room.id,
      name: text('name') === room.name ? undefined : text('name'),
      topic: text('topic') || null,
      slowModeSeconds: Number(text('slow')),
      archived: !mayArchive || archived === (room.archivedAt !== null) ? undefined : archived,
    });
    onClose();
  }

  return (
    <Dialog title={t('Settings')} onClose={onClose}>
      <Form action={t('Save')} onSubmit={save}>
        <Field label={t('Name')}>
          <input name="name" required maxLength={64} autocomplete="off" defaultValue={room.name} />
        </Field>
        <Field label={t('Topic')}>
          <input name="topic" maxLength={1024} autocomplete="off" defaultValue={room.topic ?? ''} />
        </Field>
        <Field label={t('Slow mode')}>
          <select name="slow">
            {[...new Set([...pauses, room.slowModeSeconds])].map((seconds) => (
              <option
                key={seconds}
                value={String(seconds)}
                selected={seconds === room.slowModeSeconds}
              >
                {seconds === 0 ? t('Off') : t('One message every {seconds} s', { seconds })}
              </option>
            ))}
          </select>
        </Field>
        {mayArchive && (
          <label class="check">
            <input name="archived" type="checkbox" defaultChecked={room.archivedAt !== null} />
            <span>
              {t('Archived')} <small>{t('Members can read it, but not write')}</small>
            </span>
          </label>
        )}
      </Form>
    </Dialog>
  );
}
