import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';

/** Asks for the password, since nothing brings it back. */
export const DeleteAccount = ({
  viewer,
  onClose,
}: {
  readonly viewer: User;
  readonly onClose: () => void;
}) => (
  <Dialog title="Delete your account?" onClose={onClose}>
    <Form
      action="Delete my account"
      isGrave
      onSubmit={(text) => causerie.deleteMyAccount({ password: text('password') || undefined })}
    >
      <p>You leave all rooms, and your name is gone everywhere. This cannot be undone.</p>
      {!viewer.isGuest && (
        <Field label="Password">
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
