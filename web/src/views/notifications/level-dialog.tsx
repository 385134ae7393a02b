import type { NotificationLevel } from '@causerie/client';
import type { ConversationState } from '../../state/conversation.ts';
import type { LevelSetting } from '../../state/notification-level.ts';
import { untilOf } from '../../state/times.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t } from '../../texts/texts.ts';

const choices: readonly {
  readonly level: NotificationLevel;
  readonly label: string;
  readonly hint: string;
}[] = [
  {
    level: 'ALL',
    label: t('All messages'),
    hint: t('Every message notifies you.'),
  },
  {
    level: 'MENTIONS',
    label: t('Mentions'),
    hint: t('Messages that mention you or reply to you notify you.'),
  },
  {
    level: 'NOTHING',
    label: t('Nothing'),
    hint: t('No message notifies you. The conversation stays in your list.'),
  },
];

const hourMs = 3_600_000;
/** The hour of the morning at which a pause until tomorrow ends. */
const morningHour = 8;

function tomorrowMorning(): Date {
  const end = new Date();
  end.setDate(end.getDate() + 1);
  end.setHours(morningHour, 0, 0, 0);
  return end;
}

/** The ends that can be chosen; `current` keeps the one that is set. */
const endOf = (choice: string, current: LevelSetting): string | null => {
  if (choice === 'hour') return new Date(Date.now() + hourMs).toISOString();
  if (choice === 'tomorrow') return tomorrowMorning().toISOString();
  return choice === 'current' ? current.until : null;
};

interface LevelDialogProps {
  readonly name: string;
  readonly conversationId: string;
  readonly conversation: ConversationState;
  readonly onClose: () => void;
}

/** Lets the viewer choose which messages of a conversation notify them. */
export function LevelDialog({ name, conversationId, conversation, onClose }: LevelDialogProps) {
  const { notificationLevel } = conversation;
  const current = notificationLevel.setting.value;

  async function save(text: (name: string) => string): Promise<void> {
    const level = text('level') as NotificationLevel;
    await notificationLevel.set(conversationId, { level, until: endOf(text('until'), current) });
    onClose();
  }

  return (
    <Dialog title={t('Notifications from {name}', { name })} onClose={onClose}>
      <Form action={t('Save')} onSubmit={save}>
        <fieldset class="choices">
          <legend class="unseen">{t('Notify me about')}</legend>
          {choices.map(({ level, label, hint }) => (
            <label key={level} class="check">
              <input
                type="radio"
                name="level"
                value={level}
                defaultChecked={level === current.level}
                autofocus={level === current.level}
              />
              <span>
                {label}
                {level === notificationLevel.defaultLevel && (
                  <span class="badge">{t('default')}</span>
                )}
                <small>{hint}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <Field label={t('How long')}>
          <select name="until">
            <option value="">{t('Until I change it')}</option>
            <option value="hour">{t('For an hour')}</option>
            <option value="tomorrow">{t('Until tomorrow')}</option>
            {current.until && (
              <option value="current" selected>
                {t('Until {time}', { time: untilOf(current.until) })}
              </option>
            )}
          </select>
        </Field>
      </Form>
    </Dialog>
  );
}
