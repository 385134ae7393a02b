import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { untilOf } from '../../state/times.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';
import { t, type Text } from '../../texts/texts.ts';

export type SanctionKind = 'mute' | 'ban';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const durations = {
  'For 10 minutes': 10 * minuteMs,
  'For an hour': hourMs,
  'For a day': dayMs,
  'For a week': 7 * dayMs,
  'For 30 days': 30 * dayMs,
  Permanently: undefined,
} as const satisfies Partial<Record<Text, number | undefined>>;
type Duration = keyof typeof durations;

interface SanctionForm {
  readonly action: string;
  readonly title: 'Mute {name}' | 'Ban {name}';
  readonly hint: string;
  readonly offered: readonly Duration[];
  readonly preselected: Duration;
  readonly act: typeof causerie.muteMember | typeof causerie.banMember;
  readonly done: '{name} is muted until {time}.' | '{name} is banned until {time}.';
}

const kinds: Readonly<Record<SanctionKind, SanctionForm>> = {
  mute: {
    action: t('Mute'),
    title: 'Mute {name}',
    hint: t('They can read messages, but they cannot write.'),
    offered: ['For 10 minutes', 'For an hour', 'For a day', 'For a week'],
    preselected: 'For an hour',
    act: causerie.muteMember,
    done: '{name} is muted until {time}.',
  },
  ban: {
    action: t('Ban'),
    title: 'Ban {name}',
    hint: t(
      'They are removed from the room and cannot join again until the ban ends. They see when it ends, and the reason.',
    ),
    offered: ['For a day', 'For a week', 'For 30 days', 'Permanently'],
    preselected: 'Permanently',
    act: causerie.banMember,
    done: '{name} is banned until {time}.',
  },
};

interface SanctionProps {
  readonly kind: SanctionKind;
  readonly roomId: string;
  readonly user: User;
  readonly onClose: () => void;
}

/** Lets a moderator mute or ban a member for some time. */
export function Sanction({ kind, roomId, user, onClose }: SanctionProps) {
  const { action, title, hint, offered, preselected, act, done } = kinds[kind];
  const name = nameOf(user);

  async function impose(text: (name: string) => string): Promise<void> {
    const durationMs = durations[text('duration') as Duration];
    const until = durationMs === undefined ? null : new Date(Date.now() + durationMs).toISOString();
    await act({ roomId, userId: user.id, until, reason: text('reason') || null });
    showToast(until ? t(done, { name, time: untilOf(until) }) : t('{name} is banned.', { name }));
    onClose();
  }

  return (
    <Dialog title={t(title, { name })} onClose={onClose}>
      <Form action={action} isGrave onSubmit={impose}>
        <p>{hint}</p>
        <Field label={t('Duration')}>
          <select name="duration" autofocus>
            {offered.map((duration) => (
              <option key={duration} value={duration} selected={duration === preselected}>
                {t(duration)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('Reason')} note={t('Optional')}>
          <input name="reason" maxLength={500} autocomplete="off" />
        </Field>
      </Form>
    </Dialog>
  );
}
