import { causerie } from '../../causerie.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

/** Lets an admin send a notification to all users. */
export function Announce({ onClose }: { readonly onClose: () => void }) {
  async function announce(text: (name: string) => string): Promise<void> {
    const count = await causerie.announce({ title: text('title'), message: text('message') });
    showToast(t('Announcement sent to {count} users.', { count }));
    onClose();
  }

  return (
    <Dialog title={t('New announcement')} onClose={onClose}>
      <Form action={t('Send announcement')} onSubmit={announce}>
        <p>
          {t(
            'Everyone with an account gets a notification, even if they are offline. Guests do not. You cannot undo this.',
          )}
        </p>
        <Field label={t('Title')}>
          <input name="title" required maxLength={200} autocomplete="off" autofocus />
        </Field>
        <Field label={t('Message')}>
          <textarea name="message" required maxLength={2000} rows={5} />
        </Field>
      </Form>
    </Dialog>
  );
}
