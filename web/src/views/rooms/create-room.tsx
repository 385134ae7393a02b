import { causerie } from '../../causerie.ts';
import type { Home } from '../../state/home.ts';
import { go } from '../../state/route.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';

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
    <Dialog title="New room" onClose={onClose}>
      <Form action="Create room" onSubmit={create}>
        <Field label="Name">
          <input name="name" required maxLength={64} autocomplete="off" autofocus />
        </Field>
        <Field label="Topic" note="Optional">
          <input name="topic" maxLength={1024} autocomplete="off" />
        </Field>
        <label class="check">
          <input name="private" type="checkbox" />
          <span>
            Private <small>Only invited users can see it</small>
          </span>
        </label>
      </Form>
    </Dialog>
  );
}
