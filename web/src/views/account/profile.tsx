import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';

/** Lets the viewer change how other users see them. */
export function Profile({
  viewer,
  onClose,
}: {
  readonly viewer: User;
  readonly onClose: () => void;
}) {
  async function save(text: (name: string) => string): Promise<void> {
    const username = text('username') || viewer.username;
    await causerie.updateProfile({
      displayName: text('displayName'),
      username: username === viewer.username ? undefined : username,
      avatarUrl: text('avatarUrl').trim() || null,
    });
    onClose();
  }

  return (
    <Dialog title="Your profile" onClose={onClose}>
      <Form action="Save" onSubmit={save}>
        <Field label="Display name">
          <input
            name="displayName"
            required
            maxLength={64}
            autocomplete="nickname"
            defaultValue={viewer.displayName}
            autofocus
          />
        </Field>
        {!viewer.isGuest && (
          <Field label="Username" note="For signing in and for mentions">
            <input
              name="username"
              required
              minLength={2}
              maxLength={32}
              autocomplete="username"
              autocapitalize="none"
              defaultValue={viewer.username}
            />
          </Field>
        )}
        <Field label="Picture" note="Optional: a link that starts with https:">
          <input
            name="avatarUrl"
            type="url"
            pattern="https://.*"
            maxLength={2048}
            autocomplete="photo"
            defaultValue={viewer.avatarUrl ?? ''}
          />
        </Field>
      </Form>
    </Dialog>
  );
}
