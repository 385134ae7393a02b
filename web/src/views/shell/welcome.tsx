import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { route } from '../../state/route.ts';
import { loadServerInfo, serverInfo } from '../../state/server-info.ts';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { Mark } from '../elements/icons.tsx';
import { Segments } from '../elements/segments.tsx';
import { InvitedVisitor, joinsAfterSignIn } from '../rooms/invited.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { t } from '../../texts/texts.ts';

type Way = 'signIn' | 'signUp' | 'guest';

const ways: readonly {
  readonly value: Way;
  readonly label: string;
  readonly action: string;
  readonly hint: string;
}[] = [
  { value: 'signIn', label: t('Sign in'), action: t('Sign in'), hint: t('Welcome back.') },
  {
    value: 'signUp',
    label: t('Sign up'),
    action: t('Create account'),
    hint: t('You only need a username and a password.'),
  },
  {
    value: 'guest',
    label: t('Guest'),
    action: t('Continue as guest'),
    hint: t('Public rooms for one day. No password needed.'),
  },
];

/** The ways that the server's settings allow. */
function openWays() {
  const { signUpEnabled = true, guestsEnabled = true } = serverInfo.value ?? {};
  return ways.filter(
    ({ value }) => (value !== 'signUp' || signUpEnabled) && (value !== 'guest' || guestsEnabled),
  );
}

export function Welcome() {
  const code = route.value.at === 'join' ? route.value.code : undefined;
  const [chosenWay, setWay] = useState<Way>();
  useEffect(() => void loadServerInfo(), []);
  const open = openWays();
  // Most people with an invite link are new.
  const firstWay =
    code !== undefined && open.some(({ value }) => value === 'signUp') ? 'signUp' : 'signIn';
  const way = chosenWay ?? firstWay;
  const { action, hint } = ways.find(({ value }) => value === way)!;

  async function enter(text: (name: string) => string): Promise<void> {
    joinsAfterSignIn.value = code;
    const username = text('username');
    const password = text('password');
    const displayName = text('displayName');
    if (way === 'signIn') await causerie.signIn({ username, password });
    else if (way === 'signUp')
      await causerie.signUp({ username, password, displayName: displayName || null });
    else await causerie.signInAsGuest({ displayName });
  }

  return (
    <main class="welcome">
      <div class="welcome-theme">
        <LanguageMenu />
        <ThemeMenu />
      </div>
      <header class="pitch">
        <Mark />
        <h1>Causerie</h1>
        <p class="claim">{t('Conversations that arrive.')}</p>
        <p>
          {t(
            'Rooms, private messages and a support desk. Nothing is lost, nothing comes twice, and everything is in order.',
          )}
        </p>
        <p>
          <a href="/graphql">{t('Explore the API in GraphiQL')}</a>
        </p>
      </header>
      <section class="card">
        {code === undefined ? <p class="hint-line">{hint}</p> : <InvitedVisitor code={code} />}
        {open.length > 1 && (
          <Segments legend={t('How to sign in')} options={open} chosen={way} onChoose={setWay} />
        )}
        <Form key={way} action={action} onSubmit={enter}>
          {way !== 'guest' && (
            <Field label={t('Username')}>
              <input
                name="username"
                required
                minLength={2}
                maxLength={32}
                autocomplete="username"
                autocapitalize="none"
                autofocus
              />
            </Field>
          )}
          {way === 'signUp' && (
            <Field label={t('Display name')} note={t('Optional')}>
              <input name="displayName" maxLength={64} autocomplete="nickname" />
            </Field>
          )}
          {way === 'guest' && (
            <Field label={t('Your name')}>
              <input name="displayName" required maxLength={64} autocomplete="nickname" autofocus />
            </Field>
          )}
          {way === 'signIn' && (
            <Field label={t('Password')}>
              <input name="password" type="password" required autocomplete="current-password" />
            </Field>
          )}
          {way === 'signUp' && (
            <Field label={t('Password')} note={t('8 characters or more')}>
              <input
                name="password"
                type="password"
                required
                minLength={8}
                maxLength={200}
                autocomplete="new-password"
              />
            </Field>
          )}
        </Form>
      </section>
    </main>
  );
}
