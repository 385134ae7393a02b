import { isCauserieError } from '@causerie/client';
import { signal } from '@preact/signals';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isFault: boolean;
}

const lastsMs = 6000;
let count = 0;

export const toasts = signal<readonly Toast[]>([]);

export const dismiss = (id: number): void =>
  void (toasts.value = toasts.value.filter((toast) => toast.id !== id));

export function tell(text: string, isFault = false): void {
  const id = ++count;
  toasts.value = [...toasts.value, { id, text, isFault }];
  setTimeout(() => dismiss(id), lastsMs);
}

/** What a person can do something with; what is not a refusal is a fault of ours. */
export const reasonOf = (error: unknown): string =>
  isCauserieError(error) ? error.message : 'Something went wrong on this page. Load it again.';

/** Does it, and says why when it fails. Whether it succeeded. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    // Given up, by who went on to something else.
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    if (!isCauserieError(error)) console.error(error);
    tell(reasonOf(error), true);
    return false;
  }
}
