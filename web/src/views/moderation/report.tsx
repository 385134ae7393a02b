import type { ReportFieldsFragment } from '@causerie/client';
import type { ComponentChildren } from 'preact';
import { nameOf } from '../../state/timeline.ts';
import { momentOf } from '../../state/times.ts';
import { Quote } from '../elements/quote.tsx';

interface ReportProps {
  readonly report: ReportFieldsFragment;
  /** Where it was said, unless that is clear. */
  readonly place?: ComponentChildren;
  /** What can be done about it. */
  readonly children?: ComponentChildren;
}

/** Who said what, and who reported it, when and why. */
export const Report = ({
  report: { reason, reporter, message, createdAt, resolvedAt, resolvedBy },
  place,
  children,
}: ReportProps) => (
  <li>
    {place}
    <Quote message={message} />
    <p>
      <strong>{nameOf(reporter)}:</strong> {reason} <small>{momentOf(createdAt)}</small>
    </p>
    {resolvedAt && (
      <p class="reason">
        Dealt with{resolvedBy && ` by ${nameOf(resolvedBy)}`} <small>{momentOf(resolvedAt)}</small>
      </p>
    )}
    {children && <div class="deeds">{children}</div>}
  </li>
);

export const DealtWith = ({
  reason,
  onDone,
}: {
  readonly reason: string;
  readonly onDone: () => void;
}) => (
  <button type="button" class="button" aria-label={`Dealt with: ${reason}`} onClick={onDone}>
    Dealt with
  </button>
);
