import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { nameOf, type Message } from '../../state/timeline.ts';
import { reasonOf, tell } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

export function ReportMessage({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const [refusal, setRefusal] = useState<string>();

  async function report(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get('reason'));
    try {
      await causerie.reportMessage({ messageId: message.id, reason });
      tell('Reported. The moderators will look at it.');
      onClose();
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  }

  return (
    <Dialog title="Report a message" onClose={onClose}>
      <form onSubmit={report}>
        <blockquote>
          <strong>{nameOf(message.author)}</strong>
          <p>{message.body}</p>
        </blockquote>
        <label class="field">
          <span>What is wrong with it?</span>
          <input name="reason" required maxLength={500} autocomplete="off" autofocus />
        </label>
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <button type="submit" class="primary">
          Report
        </button>
      </form>
    </Dialog>
  );
}
