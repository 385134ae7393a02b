import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { isLookedAt, onAttention } from './attention.ts';

/** Grows whenever there may be other reports than before, though nobody tells: the viewer reported something or dealt with a report here, or came back to the page. */
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
