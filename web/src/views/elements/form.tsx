import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { reasonOf } from '../../state/toasts.ts';

interface FormProps {
  /** What the button says. */
  readonly action: string;
  readonly isGrave?: boolean;
  /** Whether the button is focused at first. */
  readonly isAtHand?: boolean;
  /** Is given the values of the fields, by name: empty where there is no such field or it is not checked. The form says why when this rejects. */
  readonly onSubmit: (text: (name: string) => string) => Promise<unknown>;
  readonly children?: ComponentChildren;
}

/** Is submitted once at a time. */
export function Form({ action, isGrave, isAtHand, onSubmit, children }: FormProps) {
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const given = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setRefusal(undefined);
    await onSubmit((name) => String(given.get(name) ?? '')).catch((error: unknown) =>
      setRefusal(reasonOf(error)),
    );
    setBusy(false);
  }

  return (
    <form onSubmit={submit}>
      {children}
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <button
        type="submit"
        class={`primary${isGrave ? ' is-grave' : ''}`}
        aria-disabled={isBusy}
        autofocus={isAtHand}
      >
        {action}
      </button>
    </form>
  );
}
