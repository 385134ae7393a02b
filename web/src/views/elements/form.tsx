import type { ComponentChildren } from 'preact';
import { useContext, useState } from 'preact/hooks';
import { reasonOf } from '../../state/toasts.ts';
import { CloseDialog } from './dialog.tsx';
import { t } from '../../texts/texts.ts';

interface FormProps {
  /** The text of the button. */
  readonly action: string;
  readonly isGrave?: boolean;
  /** Whether the button has the focus at first. */
  readonly focusesButton?: boolean;
  /**
   * `text` returns the value of a field by name; an empty string for a missing or unchecked field.
   * If the promise rejects, the form shows the reason.
   */
  readonly onSubmit: (text: (name: string) => string) => Promise<unknown>;
  readonly children?: ComponentChildren;
}

/**
 * A form with one button, and with Cancel in a dialog. It ignores further submits while one is
 * running.
 */
export function Form({ action, isGrave, focusesButton, onSubmit, children }: FormProps) {
  const [refusal, setRefusal] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const cancel = useContext(CloseDialog);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const data = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setRefusal(undefined);
    try {
      await onSubmit((name) => String(data.get(name) ?? ''));
    } catch (error) {
      setRefusal(reasonOf(error));
    }
    setBusy(false);
  }

  return (
    <form onSubmit={submit}>
      {children}
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <div class="form-buttons">
        {cancel && (
          <button type="button" class="button" onClick={cancel}>
            {t('Cancel')}
          </button>
        )}
        <button
          type="submit"
          class={`primary${isGrave ? ' is-grave' : ''}`}
          aria-disabled={isBusy}
          autofocus={focusesButton}
        >
          {action}
        </button>
      </div>
    </form>
  );
}
