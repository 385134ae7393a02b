import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import { go } from '../../state/route.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

export function CreateRoom({
  home,
  onClose,
}: {
  readonly home: Home;
  readonly onClose: () => void;
}) {
  async function create(text: (name: string) => string): Promise<void> {
    const room = await causerie.createRoom({
      name: text('name'),
      topic: text('topic') || null,
      visibility: text('private') ? 'PRIVATE' : 'PUBLIC',
    });
    home.rooms.add(room);
    onClose();
    go({ at: 'room', id: room.id });
  }

  return (
    <Dialog title={t('New room')} onClose={onClose}>
      <Form action={t('Create room')} onSubmit={create}>
        <Field label={t('Name')}>
          <input name="name" required maxLength={64} autocomplete="off" autofocus />
        </Field>
        <Field label={t('Topic')} note={t('Optional')}>
          <input name="topic" maxLength={1024} autocomplete="off" />
        </Field>
        <label class="check">
          <input name="private" type="checkbox" />
          <span>
            {t('Private')} <small>{t('Only invited users can see it')}</small>
          </span>
        </label>
      </Form>
    </Dialog>
  );
}
