import { causerie } from '../../causerie.ts';
import { nameOf, type Message } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

/** Asks once more, since nothing brings it back. */
export function DeleteMessage({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  async function remove(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const isGone = await attempt(() => causerie.deleteMessage({ messageId: message.id }));
    if (isGone) onClose();
  }

  return (
    <Dialog title="Delete this message?" onClose={onClose}>
      <form onSubmit={remove}>
        <blockquote>
          <strong>{nameOf(message.author)}</strong>
          <p>{message.body}</p>
        </blockquote>
        <button type="submit" class="primary is-grave" autofocus>
          Delete
        </button>
      </form>
    </Dialog>
  );
}
