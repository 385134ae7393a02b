import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { Mark } from '../elements/icons.tsx';
import { ThemeMenu } from './theme-menu.tsx';

type Way = 'signIn' | 'signUp' | 'guest';

const ways: readonly { readonly way: Way; readonly tab: string; readonly action: string; readonly hint: string }[] = [
  { way: 'signIn', tab: 'Sign in', action: 'Sign in', hint: 'Welcome back.' },
  { way: 'signUp', tab: 'Sign up', action: 'Create account', hint: 'A name and a password, nothing else.' },
  { way: 'guest', tab: 'Guest', action: 'Come in', hint: 'Public rooms, for a day. No password.' },
];

export function Welcome() {
  const [way, setWay] = useState<Way>('signIn');
  const { action, hint } = ways.find((one) => one.way === way)!;

  async function enter(text: (name: string) => string): Promise<void> {
    const [username, password, displayName] = [text('username'), text('password'), text('displayName')];
    if (way === 'signIn') await causerie.signIn({ username, password });
    else if (way === 'signUp') await causerie.signUp({ username, password, displayName: displayName || null });
    else await causerie.signInAsGuest({ displayName });
  }

  return (
    <main class="welcome">
      <div class="welcome-theme">
        <ThemeMenu />
      </div>
      <section class="card">
        <header>
          <Mark />
          <h1>Causerie</h1>
          <p>{hint}</p>
        </header>
        <fieldset class="segments">
          <legend class="unseen">How you come in</legend>
          {ways.map((one) => (
            <label key={one.way}>
              <input type="radio" name="way" class="unseen" checked={way === one.way} onChange={() => setWay(one.way)} />
              <span>{one.tab}</span>
            </label>
          ))}
        </fieldset>
        <Form key={way} action={action} onSubmit={enter}>
          {way !== 'guest' && (
            <Field label="Username">
              <input name="username" required minLength={2} maxLength={32} autocomplete="username" autocapitalize="none" autofocus />
            </Field>
          )}
          {way === 'signUp' && (
            <Field label="Name others see" note="Optional">
              <input name="displayName" maxLength={64} autocomplete="nickname" />
            </Field>
          )}
          {way === 'guest' && (
            <Field label="Your name">
              <input name="displayName" required maxLength={64} autocomplete="nickname" autofocus />
            </Field>
          )}
          {way === 'signIn' && (
            <Field label="Password">
              <input name="password" type="password" required autocomplete="current-password" />
            </Field>
          )}
          {way === 'signUp' && (
            <Field label="Password" note="8 characters or more">
              <input name="password" type="password" required minLength={8} maxLength={200} autocomplete="new-password" />
            </Field>
          )}
        </Form>
      </section>
    </main>
  );
}
