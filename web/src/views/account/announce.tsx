import { causerie } from '../../causerie.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';

/** Lets an admin send a notification to all users. */
export function Announce({ onClose }: { readonly onClose: () => void }) {
  async function announce(text: (name: string) => string): Promise<void> {
    const count = await causerie.announce({ title: text('title'), message: text('message') });
    const recipients = count === 1 ? 'one user' : `${count.toLocaleString()} users`;
    showToast(`Announcement sent to ${recipients}.`);
    onClose();
  }

  return (
    <Dialog title="New announcement" onClose={onClose}>
      <Form action="Send announcement" onSubmit={announce}>
        <p>
          Everyone with an account gets a notification, even if they are offline. Guests do not. You
          cannot undo this.
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
