import { isCauserieError } from '@causerie/client';
import { signal } from '@preact/signals';
import { t } from '../texts/texts.ts';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isFault: boolean;
}

const shownMs = 6000;
let count = 0;

export const toasts = signal<readonly Toast[]>([]);

export const dismiss = (id: number): void =>
  void (toasts.value = toasts.value.filter((toast) => toast.id !== id));

export function showToast(text: string, isFault = false): void {
  const id = ++count;
  toasts.value = [...toasts.value, { id, text, isFault }];
  setTimeout(() => dismiss(id), shownMs);
}

/**
 * The text that a person sees for an error. An error that is not of the server is a fault of this
 * page.
 */
export const reasonOf = (error: unknown): string =>
  isCauserieError(error)
    ? error.message
    : t('Something went wrong. Reload the page and try again.');

/** Does the work, and shows a toast if it fails. Returns whether it succeeded. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    // The viewer has gone on to something else.
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    if (!isCauserieError(error)) console.error(error);
    showToast(reasonOf(error), true);
    return false;
  }
}
