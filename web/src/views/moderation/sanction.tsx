import { useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { untilOf } from '../../state/times.ts';
import { reasonOf, tell } from '../../state/toasts.ts';
import { Dialog } from '../elements/dialog.tsx';

export type SanctionKind = 'mute' | 'ban';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const times = { '10 minutes': 10 * minuteMs, 'an hour': hourMs, 'a day': dayMs, 'a week': 7 * dayMs, '30 days': 30 * dayMs, ever: undefined } as const;
type Time = keyof typeof times;

const kinds = {
  mute: { title: 'Mute', hint: 'They can read, and not write.', offered: ['10 minutes', 'an hour', 'a day', 'a week'], usual: 'an hour', act: causerie.muteMember, done: 'is muted' },
  ban: { title: 'Ban', hint: 'They have to go, and cannot come back before it ends. They are told until when, and why.', offered: ['a day', 'a week', '30 days', 'ever'], usual: 'ever', act: causerie.banMember, done: 'is banned' },
} as const satisfies Record<SanctionKind, { offered: readonly Time[]; usual: Time } & Record<string, unknown>>;

interface SanctionProps {
  readonly kind: SanctionKind;
  readonly roomId: string;
  readonly user: User;
  readonly onClose: () => void;
}

/** Keeps somebody from writing, or out, for some time. */
export function Sanction({ kind, roomId, user, onClose }: SanctionProps) {
  const [refusal, setRefusal] = useState<string>();
  const { title, hint, offered, usual, act, done } = kinds[kind];
  const name = nameOf(user);

  async function impose(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const lengthMs = times[given.get('time') as Time];
    const until = lengthMs === undefined ? null : new Date(Date.now() + lengthMs).toISOString();
    try {
      await act({ roomId, userId: user.id, until, reason: String(given.get('reason')) || null });
      tell(`${name} ${done}${until ? ` until ${untilOf(until)}` : ''}.`);
      onClose();
    } catch (error) {
      setRefusal(reasonOf(error));
    }
  }

  return (
    <Dialog title={`${title} ${name}`} onClose={onClose}>
      <form onSubmit={impose}>
        <p>{hint}</p>
        <label class="field">
          <span>For how long</span>
          <select name="time" autofocus>
            {offered.map((time) => (
              <option key={time} value={time} selected={time === usual}>
                For {time}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>
            Why <small>Optional</small>
          </span>
          <input name="reason" maxLength={500} autocomplete="off" />
        </label>
        <p class="refusal" role="alert">
          {refusal}
        </p>
        <button type="submit" class="primary is-grave">
          {title}
        </button>
      </form>
    </Dialog>
  );
}
