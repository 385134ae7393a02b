import { useRef } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Notifications } from '../../state/notifications.ts';
import { reportNews } from '../../state/reports.ts';
import { momentOf } from '../../state/times.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { PersonName } from '../elements/person-name.tsx';
import { useKeptFocus } from '../elements/use-kept-focus.ts';
import { usePages } from '../elements/use-pages.ts';
import { ResolveButton } from '../moderation/report.tsx';
import { useReportNews } from '../moderation/use-open-reports.ts';
import { t } from '../../texts/texts.ts';
import { ShowOlder } from '../elements/show-older.tsx';

const pageSize = 50;

interface UserReportsProps {
  readonly resolved: boolean;
  readonly notifications: Notifications;
}

/** The reports of people. Only admins see them. */
export function UserReports({ resolved, notifications }: UserReportsProps) {
  const list = useRef<HTMLElement>(null);
  const { rows, hasMore, loadMore } = usePages(useReportNews(notifications), (after) =>
    causerie.userReports({ resolved, first: pageSize, after }),
  );
  useKeptFocus(list);

  async function resolve(reportId: string): Promise<void> {
    if (!(await attempt(() => causerie.resolveUserReport({ reportId })))) return;
    reportNews.value++;
    showToast(t('Report resolved.'));
  }

  if (!rows || rows.length === 0) return null;
  return (
    <section ref={list} class="log" tabIndex={-1} aria-label={t('Reported people')}>
      <h2>{t('Reported people')}</h2>
      <ul>
        {rows.map(({ id, user, reporter, reason, createdAt, resolvedBy }) => (
          <li key={id}>
            <PersonName user={user} />
            <p>
              <PersonName user={reporter} />: <span dir="auto">{reason}</span>{' '}
              <small>{momentOf(createdAt)}</small>
            </p>
            {resolvedBy && (
              <p class="reason">
                {t('Resolved by {name}', { name: resolvedBy.displayName || resolvedBy.username })}
              </p>
            )}
            {!resolved && (
              <div class="deeds">
                <ResolveButton reason={reason} onResolve={() => void resolve(id)} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {hasMore && <ShowOlder onShow={loadMore} />}
    </section>
  );
}
