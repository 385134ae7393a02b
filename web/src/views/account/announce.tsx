import { causerie } from '../../causerie.ts';
import { tell } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';

/** What an admin tells everybody. */
export function Announce({ onClose }: { readonly onClose: () => void }) {
  async function announce(text: (name: string) => string): Promise<void> {
    const count = await causerie.announce({ title: text('title'), message: text('message') });
    tell(`Announced to ${count === 1 ? 'one person' : `${count.toLocaleString()} people`}.`);
    onClose();
  }

  return (
    <Dialog title="Announce" onClose={onClose}>
      <Form action="Announce to everybody" onSubmit={announce}>
        <p>
          Everybody who has an account finds it among their notifications, connected or not; guests
          do not. It cannot be taken back.
        </p>
        <Field label="Title">
          <input name="title" required maxLength={200} autocomplete="off" autofocus />
        </Field>
        <Field label="Message">
          <textarea name="message" required maxLength={2000} rows={5} />
        </Field>
      </Form>
    </Dialog>
  );
}
