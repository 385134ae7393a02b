import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

interface ReportPersonProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Lets the viewer report a person to the admins. */
export function ReportPerson({ user, onClose }: ReportPersonProps) {
  async function report(text: (name: string) => string): Promise<void> {
    await causerie.reportUser({ userId: user.id, reason: text('reason') });
    showToast(t('Report sent. An admin will review it.'));
    onClose();
  }

  return (
    <Dialog title={t('Report {name}', { name: nameOf(user) })} onClose={onClose}>
      <Form action={t('Report')} onSubmit={report}>
        <p>
          {t('The admins of this server see your report. {name} does not.', { name: nameOf(user) })}
        </p>
        <Field label={t('What is wrong with this person’s behaviour?')}>
          <textarea name="reason" required maxLength={500} rows={3} autofocus />
        </Field>
      </Form>
    </Dialog>
  );
}
