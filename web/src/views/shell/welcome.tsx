import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { reasonOf } from '../../state/toasts.ts';
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
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const { action, hint } = ways.find((one) => one.way === way)!;

  async function enter(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? '');
    setBusy(true);
    setRefusal(undefined);
    try {
      if (way === 'signIn') await causerie.signIn({ username: text('username'), password: text('password') });
      else if (way === 'signUp') await causerie.signUp({ username: text('username'), password: text('password'), displayName: text('displayName') || null });
      else await causerie.signInAsGuest({ displayName: text('displayName') });
    } catch (error) {
      setRefusal(reasonOf(error));
      setBusy(false);
    }
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
              <input type="radio" name="way" class="unseen" checked={way === one.way} onChange={() => (setWay(one.way), setRefusal(undefined))} />
              <span>{one.tab}</span>
            </label>
          ))}
        </fieldset>
        <form onSubmit={enter} key={way}>
          {way !== 'guest' && <Field name="username" label="Username" autocomplete="username" minLength={2} maxLength={32} isFirst />}
          {way === 'signUp' && <Field name="displayName" label="Name others see" note="Optional" autocomplete="nickname" maxLength={64} isOptional />}
          {way === 'guest' && <Field name="displayName" label="Your name" autocomplete="nickname" maxLength={64} isFirst />}
          {way === 'signIn' && <Field name="password" label="Password" isSecret autocomplete="current-password" />}
          {way === 'signUp' && <Field name="password" label="Password" note="8 characters or more" isSecret autocomplete="new-password" minLength={8} maxLength={200} />}
          <p class="refusal" role="alert">
            {refusal}
          </p>
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? 'One moment…' : action}
          </button>
        </form>
      </section>
    </main>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly note?: string;
  readonly isSecret?: boolean;
  readonly autocomplete: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly isOptional?: boolean;
  readonly isFirst?: boolean;
}

const Field = ({ name, label, note, isSecret, autocomplete, minLength, maxLength, isOptional, isFirst }: FieldProps) => {
  const rules = { name, autocomplete, autocapitalize: 'none', minLength, maxLength, required: !isOptional, autofocus: isFirst } as const;
  return (
  <label class="field">
    <span>
      {label}
      {note && <small>{note}</small>}
    </span>
    {isSecret ? <input {...rules} type="password" /> : <input {...rules} type="text" />}
  </label>
  );
};
