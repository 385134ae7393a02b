import { block } from '../../state/blocked.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

interface BlockPersonProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Asks for confirmation, and says what blocking does. */
export function BlockPerson({ user, onClose }: BlockPersonProps) {
  const name = nameOf(user);

  async function confirm(): Promise<void> {
    await block(user);
    showToast(t('{name} is blocked.', { name }));
    onClose();
  }

  return (
    <Dialog title={t('Block {name}?', { name })} onClose={onClose}>
      <Form action={t('Block')} isGrave focusesButton onSubmit={confirm}>
        <p>
          {t(
            'Their private messages no longer reach you, and their messages in rooms are folded. They are not told. You can unblock them at any time.',
          )}
        </p>
      </Form>
    </Dialog>
  );
}
