import { causerie } from '../../causerie.ts';
import type { Message } from '../../state/timeline.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Form } from '../elements/form.tsx';
import { Quote } from '../elements/quote.tsx';
import { t } from '../../texts/texts.ts';

/** Asks for confirmation, because the deletion is permanent. */
export function DeleteMessage({
  message,
  onClose,
}: {
  readonly message: Message;
  readonly onClose: () => void;
}) {
  async function remove(): Promise<void> {
    await causerie.deleteMessage({ messageId: message.id });
    onClose();
  }

  return (
    <Dialog title={t('Delete this message?')} onClose={onClose}>
      <Form action={t('Delete')} isGrave focusesButton onSubmit={remove}>
        <Quote message={message} />
      </Form>
    </Dialog>
  );
}
