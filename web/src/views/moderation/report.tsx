import type { ReportFieldsFragment } from '@causerie/client';
import type { ComponentChildren } from 'preact';
import { nameOf } from '../../state/timeline.ts';
import { momentOf } from '../../state/times.ts';
import { PersonName } from '../elements/person-name.tsx';
import { Quote } from '../elements/quote.tsx';
import { t } from '../../texts/texts.ts';

interface ReportProps {
  readonly report: ReportFieldsFragment;
  /** The conversation of the message, unless it is clear. */
  readonly origin?: ComponentChildren;
  /** The buttons. */
  readonly children?: ComponentChildren;
}

/** A reported message, with the reason and the reporter. */
export const Report = ({
  report: { reason, reporter, message, createdAt, resolvedAt, resolvedBy },
  origin,
  children,
}: ReportProps) => (
  <li>
    {origin}
    <Quote message={message} />
    <p>
      <PersonName user={reporter} />: <span dir="auto">{reason}</span>{' '}
      <small>{momentOf(createdAt)}</small>
    </p>
    {resolvedAt && (
      <p class="reason">
        {resolvedBy ? t('Resolved by {name}', { name: nameOf(resolvedBy) }) : t('Resolved')}{' '}
        <small>{momentOf(resolvedAt)}</small>
      </p>
    )}
    {children && <div class="deeds">{children}</div>}
  </li>
);

export const ResolveButton = ({
  reason,
  onResolve,
}: {
  readonly reason: string;
  readonly onResolve: () => void;
}) => (
  <button
    type="button"
    class="button"
    aria-label={t('Resolve: {reason}', { reason })}
    onClick={onResolve}
  >
    {t('Resolve')}
  </button>
);
