import { reportMessage } from '../../state/reports.ts';
import type { Message } from '../../state/timeline.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { Quote } from '../elements/quote.tsx';
import { t } from '../../texts/texts.ts';

export function ReportMessage({
  message,
  onClose,
}: {
  readonly message: Message;
  readonly onClose: () => void;
}) {
  async function report(text: (name: string) => string): Promise<void> {
    await reportMessage(message.id, text('reason'));
    showToast(t('Report sent. A moderator will review it.'));
    onClose();
  }

  return (
    <Dialog title={t('Report message')} onClose={onClose}>
      <Form action={t('Report')} onSubmit={report}>
        <Quote message={message} />
        <Field label={t('What is wrong with this message?')}>
          <input name="reason" required maxLength={500} autocomplete="off" autofocus />
        </Field>
      </Form>
    </Dialog>
  );
}
