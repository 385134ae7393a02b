import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

/** Grows whenever the list of reports may have changed without a notification. */
export const reportNews = signal(0);

export async function reportMessage(messageId: string, reason: string): Promise<void> {
  await causerie.reportMessage({ messageId, reason });
  reportNews.value++;
}

export async function resolveReport(reportId: string): Promise<void> {
  await causerie.resolveReport({ reportId });
  reportNews.value++;
}
