import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { chooseLanguage, language, languages, nameOfLanguage, t } from '../../texts/texts.ts';

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
    if (text('language') !== language) chooseLanguage(text('language'));
  }

  return (
    <Dialog title={t('Your profile')} onClose={onClose}>
      <Form action={t('Save')} onSubmit={save}>
        <Field label={t('Display name')}>
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
          <Field label={t('Username')} note={t('For signing in and for mentions')}>
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
        <Field label={t('Language')}>
          <select name="language">
            {languages.map((code) => (
              <option key={code} value={code} selected={code === language} lang={code}>
                {nameOfLanguage(code)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('Picture')} note={t('Optional: a link that starts with https:')}>
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
