import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { untilOf } from '../../state/times.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';
import { Field } from '../elements/field.tsx';
import { Form } from '../elements/form.tsx';

export type SanctionKind = 'mute' | 'ban';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const times = {
  '10 minutes': 10 * minuteMs,
  'an hour': hourMs,
  'a day': dayMs,
  'a week': 7 * dayMs,
  '30 days': 30 * dayMs,
  ever: undefined,
} as const;
type Time = keyof typeof times;

const kinds = {
  mute: {
    title: 'Mute',
    hint: 'They can read, and not write.',
    offered: ['10 minutes', 'an hour', 'a day', 'a week'],
    usual: 'an hour',
    act: causerie.muteMember,
    done: 'is muted',
  },
  ban: {
    title: 'Ban',
    hint: 'They have to go, and cannot come back before it ends. They are told until when, and why.',
    offered: ['a day', 'a week', '30 days', 'ever'],
    usual: 'ever',
    act: causerie.banMember,
    done: 'is banned',
  },
} as const satisfies Record<
  SanctionKind,
  { offered: readonly Time[]; usual: Time } & Record<string, unknown>
>;

interface SanctionProps {
  readonly kind: SanctionKind;
  readonly roomId: string;
  readonly user: User;
  readonly onClose: () => void;
}

/** Keeps somebody from writing, or out, for some time. */
export function Sanction({ kind, roomId, user, onClose }: SanctionProps) {
  const { title, hint, offered, usual, act, done } = kinds[kind];
  const name = nameOf(user);

  async function impose(text: (name: string) => string): Promise<void> {
    const lengthMs = times[text('time') as Time];
    const until = lengthMs === undefined ? null : new Date(Date.now() + lengthMs).toISOString();
    await act({ roomId, userId: user.id, until, reason: text('reason') || null });
    showToast(`${name} ${done}${until ? ` until ${untilOf(until)}` : ''}.`);
    onClose();
  }

  return (
    <Dialog title={`${title} ${name}`} onClose={onClose}>
      <Form action={title} isGrave onSubmit={impose}>
        <p>{hint}</p>
        <Field label="For how long">
          <select name="time" autofocus>
            {offered.map((time) => (
              <option key={time} value={time} selected={time === usual}>
                For {time}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Why" note="Optional">
          <input name="reason" maxLength={500} autocomplete="off" />
        </Field>
      </Form>
    </Dialog>
  );
}
