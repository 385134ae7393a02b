import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Notifications } from '../../state/notifications.ts';
import { reportNews } from '../../state/reports.ts';

const most = 50;

/** Is another whenever there may be other reports than before: of a room, or of all that the viewer sees. */
export function useReportNews(notifications: Notifications, roomId?: string): string {
  const told = (notifications.list.value ?? []).filter(
    ({ type, data, readAt }) =>
      type === 'message_reported' &&
      readAt === null &&
      (roomId === undefined || data.reportedIn === roomId),
  );
  return [reportNews.value, ...told.map(({ id }) => id)].join();
}

/** How many reports wait for somebody, of a room or of all that the viewer sees: `50+` when there are more, and empty when there is none. Asked for again whenever that may have changed, and when `occasion` changes. */
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
    const asked = new AbortController();
    causerie.reports({ roomId, resolved: false, first: most }, { signal: asked.signal }).then(
      ({ edges, pageInfo }) =>
        setCount(pageInfo.hasNextPage ? `${most}+` : edges.length > 0 ? String(edges.length) : ''),
      () => {},
    );
    return () => asked.abort();
  }, [roomId, isWanted, news, occasion]);
  return isWanted ? count : '';
}
