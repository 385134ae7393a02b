import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Notifications } from '../../state/notifications.ts';
import { reportNews } from '../../state/reports.ts';

const maxCount = 50;

/**
 * A value that changes whenever the list of reports may have changed: that of a room, or all that
 * the viewer can see.
 */
export function useReportNews(notifications: Notifications, roomId?: string): string {
  const unread = (notifications.list.value ?? []).filter(
    ({ type, data, readAt }) =>
      type === 'message_reported' &&
      readAt === null &&
      (roomId === undefined || data.reportedIn === roomId),
  );
  return [reportNews.value, ...unread.map(({ id }) => id)].join();
}

/**
 * The number of open reports of a room, or of all that the viewer can see: `50+` if there are more,
 * an empty string if there are none. It is loaded again whenever it may have changed, and when
 * `occasion` changes.
 */
export function useOpenReports(
  roomId: string | undefined,
  notifications: Notifications,
  isWanted: boolean,
  occasion: unknown,
): string {
  const [count, setCount] = useState('');
  const news = useReportNews(notifications, roomId);
  useEffect(() => {
    if (!isWanted) return undefined;
    const controller = new AbortController();
    countOpen(roomId, controller.signal).then(setCount, () => {});
    return () => controller.abort();
  }, [roomId, isWanted, news, occasion]);
  return isWanted ? count : '';
}

/** All reports include those of people, which belong to no room. */
async function countOpen(roomId: string | undefined, signal: AbortSignal): Promise<string> {
  if (roomId === undefined) {
    const count = await causerie.openReportCount({ signal });
    return countText(count, count > maxCount);
  }
  const { edges, pageInfo } = await causerie.reports(
    { roomId, resolved: false, first: maxCount },
    { signal },
  );
  return countText(edges.length, pageInfo.hasNextPage);
}

function countText(count: number, hasMore: boolean): string {
  if (hasMore) return `${maxCount}+`;
  return count > 0 ? String(count) : '';
}
