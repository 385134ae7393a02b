import { causerie } from '../../causerie.ts';
import { forgetAll } from '../../state/kept.ts';
import type { User } from '../../state/session.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

/** Asks for the password, because the deletion is permanent. */
export const DeleteAccount = ({
  viewer,
  onClose,
}: {
  readonly viewer: User;
  readonly onClose: () => void;
}) => (
  <Dialog title={t('Delete your account?')} onClose={onClose}>
    <Form
      action={t('Delete my account')}
      isGrave
      onSubmit={async (text) => {
        await causerie.deleteMyAccount({ password: text('password') || undefined });
        forgetAll(viewer.id);
      }}
    >
      <p>
        {t(
          'You will leave all rooms, and your name will be removed everywhere. You cannot undo this.',
        )}
      </p>
      {!viewer.isGuest && (
        <Field label={t('Password')}>
          <input
            name="password"
            type="password"
            required
            autocomplete="current-password"
            autofocus
          />
        </Field>
      )}
    </Form>
  </Dialog>
);
