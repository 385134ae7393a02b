import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { isLookedAt, onAttention } from './attention.ts';

/**
 * Grows whenever the list of reports may have changed without a notification: the viewer reported a
 * message, resolved a report, or came back to the page.
 */
export const reportNews = signal(0);

onAttention(() => isLookedAt() && reportNews.value++);

export async function reportMessage(messageId: string, reason: string): Promise<void> {
  await causerie.reportMessage({ messageId, reason });
  reportNews.value++;
}

export async function resolveReport(reportId: string): Promise<void> {
  await causerie.resolveReport({ reportId });
  reportNews.value++;
}
