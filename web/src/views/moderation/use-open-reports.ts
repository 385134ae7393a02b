import { useEffect, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Notifications } from '../../state/notifications.ts';

const most = 50;

/** How many reports of a room wait for somebody, up to 50. Asked for again whenever a notification of one comes or is settled, and when `occasion` changes. */
export function useOpenReports(roomId: string, notifications: Notifications, isWanted: boolean, occasion: unknown): number {
  const [count, setCount] = useState(0);
  const told = notifications.list.value?.filter(({ type, data, readAt }) => type === 'message_reported' && data.reportedIn === roomId && readAt === null).length ?? 0;
  useEffect(() => {
    if (!isWanted) return undefined;
    const asked = new AbortController();
    causerie.reports({ roomId, resolved: false, first: most }, { signal: asked.signal }).then(({ edges }) => setCount(edges.length), () => {});
    return () => asked.abort();
  }, [roomId, isWanted, told, occasion]);
  return isWanted ? count : 0;
}
