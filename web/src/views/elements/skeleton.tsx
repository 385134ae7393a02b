import { t } from '../../texts/texts.ts';

/** The widths of the lines, in percent of the space, so that it looks like text. */
const widths = [62, 38, 74, 51, 83, 45];

interface SkeletonProps {
  readonly rows: number;
  /** `message`: with avatars; `line`: lines of text. */
  readonly kind: 'message' | 'line';
}

/** Stands for rows that are being loaded. A delay keeps it from flickering. */
export const Skeleton = ({ rows, kind }: SkeletonProps) => (
  <div class={`skeleton is-${kind}`} role="status">
    <span class="unseen">{t('Loading…')}</span>
    {Array.from({ length: rows }, (_, index) => (
      <div key={index} class="skeleton-row" aria-hidden="true">
        {kind === 'message' && <span class="skeleton-avatar" />}
        <span class="skeleton-lines">
          <span style={{ width: `${widths[index % widths.length]! / 3}%` }} />
          <span style={{ width: `${widths[(index + 2) % widths.length]}%` }} />
        </span>
      </div>
    ))}
  </div>
);
